import { access, operation } from '../operation.ts'
import { amount, described, object, string } from '../schema.ts'
import {
  ClosePaymentSessionResponse,
  CreatePaymentSessionBody,
  CreatePaymentSessionResponse,
  EvaluateCheckoutProfileResponse,
  PaymentSession,
} from '../schemas/checkout/session.ts'
import { Country } from '../schemas/common/country.ts'
import { Currency } from '../schemas/common/currency.ts'

const sessionPath = object('PaymentSessionPath', 'Which session is meant.', {
  sessionId: string('The id of the session.'),
})

export const paymentSessionOperations = {
  createPaymentSession: operation({
    category: 'paymentSession',
    method: 'POST',
    path: '/payment-sessions',
    summary: 'Create a payment session',
    description:
      'Makes a page on which a buyer can choose how to pay and pay, and returns its address. Several sessions may be for one payment; it is paid once. One with another amount or currency closes the others. Refuses a payment that is already paid.',
    authenticated: true,
    body: CreatePaymentSessionBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: CreatePaymentSessionResponse,
    errors: [...access, 'MAX_TTL_EXCEEDED'],
  }),
  getPaymentSession: operation({
    category: 'paymentSession',
    method: 'GET',
    path: '/payment-sessions/{sessionId}',
    summary: 'Read a payment session',
    description: 'Returns a session to whoever has its id, until it has expired or was closed.',
    authenticated: false,
    pathParameters: sessionPath,
    success: PaymentSession,
    errors: ['INVALID_REQUEST', 'SESSION_NOT_FOUND', 'SESSION_EXPIRED'],
  }),
  closePaymentSession: operation({
    category: 'paymentSession',
    method: 'POST',
    path: '/payment-sessions/{sessionId}/close',
    summary: 'Close a payment session',
    description: 'Ends a session at once: its page can be paid no more. A payment that was begun in it is not touched.',
    authenticated: true,
    pathParameters: sessionPath,
    success: ClosePaymentSessionResponse,
    errors: [...access, 'SESSION_NOT_FOUND'],
  }),
  evaluateCheckoutProfile: operation({
    category: 'checkoutProfile',
    method: 'GET',
    path: '/checkout-profiles/evaluate',
    summary: 'List the ways to pay that a checkout profile offers',
    description: 'Returns what the profile offers for an amount in a country and a currency, in its order.',
    authenticated: false,
    queryParameters: object('CheckoutProfileQuery', 'What is to be paid, and where.', {
      profileKey: string('The key of the profile.'),
      country: described(Country, 'The country of the buyer.'),
      currency: described(Currency, 'The currency of the payment.'),
      amount: amount('What is to be paid, in the minor unit of the currency.'),
    }),
    success: EvaluateCheckoutProfileResponse,
    errors: ['INVALID_REQUEST', 'PROFILE_SETTINGS_NOT_FOUND'],
  }),
}
