import { amount, boolean, dateTime, object, optional, type Static, string } from '../schema.ts'
import { Currency } from './currency.ts'

export const PreRegisterPaymentBody = object('PreRegisterPaymentBody', '', {
  storeId: optional(string()),
  totalAmount: optional(amount()),
  taxFreeAmount: optional(amount()),
  currency: optional(Currency),
})
export type PreRegisterPaymentBody = Static<typeof PreRegisterPaymentBody>

export const PreRegisterPaymentResponse = object('PreRegisterPaymentResponse', '', {})
export type PreRegisterPaymentResponse = Static<typeof PreRegisterPaymentResponse>

export const ConfirmPaymentBody = object('ConfirmPaymentBody', '', {
  storeId: optional(string()),
  paymentToken: string(),
  txId: optional(string()),
  currency: optional(Currency),
  totalAmount: optional(amount()),
  taxFreeAmount: optional(amount()),
  isTest: optional(boolean()),
  skipWebhook: optional(boolean()),
})
export type ConfirmPaymentBody = Static<typeof ConfirmPaymentBody>

export const ConfirmedPaymentSummary = object('ConfirmedPaymentSummary', '', {
  pgTxId: string(),
  paidAt: dateTime(),
})
export type ConfirmedPaymentSummary = Static<typeof ConfirmedPaymentSummary>

export const CapturePaymentBody = object('CapturePaymentBody', '', {
  storeId: optional(string()),
})
export type CapturePaymentBody = Static<typeof CapturePaymentBody>

export const CapturePaymentResponse = object('CapturePaymentResponse', '', {})
export type CapturePaymentResponse = Static<typeof CapturePaymentResponse>
