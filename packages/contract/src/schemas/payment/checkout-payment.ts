import { amount, boolean, dateTime, described, object, optional, type Static, string } from '../../schema.ts'
import { Currency } from '../common/currency.ts'

export const PreRegisterPaymentBody = object(
  'PreRegisterPaymentBody',
  'What to insist on. Only what is given is compared.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    totalAmount: optional(amount('The total to insist on, in the minor unit of the currency.')),
    taxFreeAmount: optional(amount('The tax-free part to insist on, in the minor unit of the currency.')),
    currency: optional(described(Currency, 'The currency to insist on.')),
  },
)
export type PreRegisterPaymentBody = Static<typeof PreRegisterPaymentBody>

export const PreRegisterPaymentResponse = object('PreRegisterPaymentResponse', 'The expectation was stored.', {})
export type PreRegisterPaymentResponse = Static<typeof PreRegisterPaymentResponse>

export const ConfirmPaymentBody = object(
  'ConfirmPaymentBody',
  'The token of the payment to confirm, and what it is expected to be.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    paymentToken: string('The token the browser SDK handed out when the buyer had authenticated.'),
    txId: optional(string('The attempt that is expected. Compared if given.')),
    currency: optional(described(Currency, 'The currency that is expected. Compared if given.')),
    totalAmount: optional(amount('The total that is expected, in the minor unit of the currency. Compared if given.')),
    taxFreeAmount: optional(
      amount('The tax-free part that is expected, in the minor unit of the currency. Compared if given.'),
    ),
    isTest: optional(boolean('Whether a test payment is expected. Compared if given.')),
    skipWebhook: optional(
      boolean(
        'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
      ),
    ),
  },
)
export type ConfirmPaymentBody = Static<typeof ConfirmPaymentBody>

export const ConfirmedPaymentSummary = object('ConfirmedPaymentSummary', 'The payment was approved.', {
  pgTxId: string("The payment gateway's own id of the transaction."),
  paidAt: dateTime('When the payment was approved or the account issued.'),
})
export type ConfirmedPaymentSummary = Static<typeof ConfirmedPaymentSummary>

export const CapturePaymentBody = object('CapturePaymentBody', 'Which store the payment belongs to.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
})
export type CapturePaymentBody = Static<typeof CapturePaymentBody>

export const CapturePaymentResponse = object('CapturePaymentResponse', 'The payment was captured.', {})
export type CapturePaymentResponse = Static<typeof CapturePaymentResponse>
