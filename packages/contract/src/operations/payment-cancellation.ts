import { access, operation, storeQuery } from '../operation.ts'
import {
  CancelPaymentBody,
  CancelPaymentResponse,
  StopPaymentCancellationBody,
  StopPaymentCancellationResponse,
} from '../schemas/payment/cancellation.ts'
import { CloseVirtualAccountResponse } from '../schemas/payment/virtual-account.ts'
import { cancellationPath, paymentPath } from './payment-parameters.ts'

export const paymentCancellationOperations = {
  cancelPayment: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/cancel',
    summary: 'Cancel a payment in full or in part',
    description:
      'Refunds the buyer: the amount given, or all that is left. Look at the status of the cancellation, not at the HTTP status: some gateways accept a cancellation and carry it out later. One that such a gateway refuses in the end sends no webhook: read the payment again. Two equal requests cancel twice; guard them with an Idempotency-Key or `currentCancellableAmount`. Refuses a payment that is not paid or already cancelled, and amounts beyond what is left in total, tax-free or taxable.',
    authenticated: true,
    pathParameters: paymentPath,
    body: CancelPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: CancelPaymentResponse,
    errors: [
      ...access,
      'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT',
      'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED',
      'PAYMENT_NOT_FOUND',
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      'MAX_CANCEL_COUNT_REACHED',
      'PAYMENT_ALREADY_CANCELLED',
      'PAYMENT_NOT_PAID',
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
      'PG_PROVIDER',
    ],
  }),
  stopPaymentCancellation: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/cancellations/{cancellationId}/stop',
    summary: 'Stop a pending cancellation',
    description:
      'Withdraws a cancellation that the gateway has accepted but not carried out; its amount can be cancelled again. Refuses a cancellation that has succeeded or failed.',
    authenticated: true,
    pathParameters: cancellationPath,
    body: StopPaymentCancellationBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: StopPaymentCancellationResponse,
    errors: [
      ...access,
      'PAYMENT_NOT_FOUND',
      'PAYMENT_CANCELLATION_NOT_FOUND',
      'PAYMENT_CANCELLATION_NOT_PENDING',
      'PG_PROVIDER',
    ],
  }),
  closeVirtualAccount: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/virtual-account/close',
    summary: 'Close a virtual account',
    description:
      'Closes the account number issued for a payment, so that nothing can be deposited any more; the payment fails. Refuses a payment that does not await a deposit.',
    authenticated: true,
    pathParameters: paymentPath,
    queryParameters: storeQuery,
    success: CloseVirtualAccountResponse,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PAYMENT_NOT_WAITING_FOR_DEPOSIT', 'PG_PROVIDER'],
  }),
}
