import { access, operation } from '../operation.ts'
import { BillingKeyPaymentInput, PayWithBillingKeyResponse } from '../schemas/billing-key/payment.ts'
import {
  CapturePaymentBody,
  CapturePaymentResponse,
  ConfirmedPaymentSummary,
  ConfirmPaymentBody,
  PreRegisterPaymentBody,
  PreRegisterPaymentResponse,
} from '../schemas/payment/checkout-payment.ts'
import { InstantPaymentInput, PayInstantlyResponse } from '../schemas/payment/instant-payment.ts'
import { paymentPath } from './payment-parameters.ts'

const payErrors = [
  ...access,
  'PROMOTION_PAY_METHOD_DOES_NOT_MATCH',
  'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT',
  'MAX_TRANSACTION_COUNT_REACHED',
  'CHANNEL_NOT_FOUND',
  'ALREADY_PAID',
  'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
  'PAYMENT_SCHEDULE_ALREADY_EXISTS',
  'PG_PROVIDER',
] as const

export const paymentApprovalOperations = {
  preRegisterPayment: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/pre-register',
    summary: 'Register what a payment must amount to',
    description:
      'Stores the amounts and currency expected of a payment, so that one begun in the browser with others is refused. Registering again replaces what was stored. Creates no payment. Refuses a payment id that has been paid.',
    authenticated: true,
    pathParameters: paymentPath,
    body: PreRegisterPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: PreRegisterPaymentResponse,
    errors: [...access, 'ALREADY_PAID'],
  }),
  payInstantly: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/instant',
    summary: 'Charge a card or issue a virtual account',
    description:
      "Charges a card whose details the merchant collected, or issues an account number for the buyer to pay into, and answers when that is done. Needs `channelKey` or `channelGroupId`. Refuses a payment id that has been paid or is scheduled, and amounts whose parts exceed the total. A gateway may also take the payment in and decide later: then the answer is the same, the payment is PAY_PENDING, and it may still fail. Ship nothing before the payment, or its webhook, says PAID. A gateway's refusal is recorded as a failed attempt; the payment id may then be tried again.",
    authenticated: true,
    pathParameters: paymentPath,
    body: InstantPaymentInput,
    bodyIn: 'body',
    bodyRequired: true,
    success: PayInstantlyResponse,
    errors: payErrors,
  }),
  payWithBillingKey: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/billing-key',
    summary: 'Charge a billing key',
    description:
      "Charges the payment method stored behind a billing key, without the buyer. Refuses an unknown or deleted key, a channel the key does not hold, a payment id that has been paid or is scheduled, and amounts whose parts exceed the total. A gateway may also take the payment in and decide later: then the answer is the same, the payment is PAY_PENDING, and it may still fail. Ship nothing before the payment, or its webhook, says PAID. A gateway's refusal is recorded as a failed attempt; the payment id may then be tried again.",
    authenticated: true,
    pathParameters: paymentPath,
    body: BillingKeyPaymentInput,
    bodyIn: 'body',
    bodyRequired: true,
    success: PayWithBillingKeyResponse,
    errors: [...payErrors, 'BILLING_KEY_NOT_FOUND', 'BILLING_KEY_ALREADY_DELETED'],
  }),
  confirmPayment: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/confirm',
    summary: 'Confirm a payment made in the browser',
    description:
      'For channels with manual confirmation: approves the payment that the buyer authenticated in the browser, and only now charges. Values given besides the token are compared with the checkout; if one differs, nothing is charged. A gateway may also decide later: then the answer is the same, the payment is PAY_PENDING, and it may still fail. Confirm promptly: gateways forget an authentication within minutes.',
    authenticated: true,
    pathParameters: paymentPath,
    body: ConfirmPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmedPaymentSummary,
    errors: [
      ...access,
      'INVALID_PAYMENT_TOKEN',
      'PAYMENT_NOT_FOUND',
      'ALREADY_PAID',
      'INFORMATION_MISMATCH',
      'PG_PROVIDER',
    ],
  }),
  capturePayment: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/capture',
    summary: 'Capture an authorised payment',
    description:
      'Asks the gateway to collect an authorised card payment, where merchant and gateway have agreed on capturing by hand. The status of the payment does not change. Refuses a payment that is not paid.',
    authenticated: true,
    pathParameters: paymentPath,
    body: CapturePaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: CapturePaymentResponse,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PAYMENT_NOT_PAID', 'PG_PROVIDER'],
  }),
}
