import { boolean, dateTime, enumeration, integer, object, optional, type Static, string } from '../schema.ts'

export const PaymentWebhookPaymentStatus = enumeration('PaymentWebhookPaymentStatus', '', [
  'READY',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'FAILED',
  'PARTIAL_CANCELLED',
  'CANCELLED',
  'PAY_PENDING',
])
export type PaymentWebhookPaymentStatus = Static<typeof PaymentWebhookPaymentStatus>

export const PaymentWebhookRequest = object('PaymentWebhookRequest', '', {
  header: optional(string()),
  body: string(),
  requestedAt: optional(dateTime()),
})
export type PaymentWebhookRequest = Static<typeof PaymentWebhookRequest>

export const PaymentWebhookResponse = object('PaymentWebhookResponse', '', {
  code: string(),
  header: string(),
  body: string(),
  respondedAt: dateTime(),
})
export type PaymentWebhookResponse = Static<typeof PaymentWebhookResponse>

export const PaymentWebhookStatus = enumeration('PaymentWebhookStatus', '', [
  'SUCCEEDED',
  'FAILED_NOT_OK_RESPONSE',
  'FAILED_UNEXPECTED_ERROR',
])
export type PaymentWebhookStatus = Static<typeof PaymentWebhookStatus>

export const PaymentWebhookTrigger = enumeration('PaymentWebhookTrigger', '', [
  'MANUAL',
  'VIRTUAL_ACCOUNT_DEPOSIT',
  'ASYNC_CANCEL_APPROVED',
  'ASYNC_CANCEL_FAILED',
  'ASYNC_PAY_APPROVED',
  'ASYNC_PAY_FAILED',
  'ASYNC_PAY_PENDING',
  'DISPUTE_CREATED',
  'DISPUTE_RESOLVED',
])
export type PaymentWebhookTrigger = Static<typeof PaymentWebhookTrigger>

export const PaymentWebhook = object('PaymentWebhook', '', {
  paymentStatus: optional(PaymentWebhookPaymentStatus),
  id: string(),
  status: optional(PaymentWebhookStatus),
  url: string(),
  isAsync: optional(boolean()),
  currentExecutionCount: optional(integer()),
  maxExecutionCount: optional(integer()),
  trigger: optional(PaymentWebhookTrigger),
  request: optional(PaymentWebhookRequest),
  response: optional(PaymentWebhookResponse),
  triggeredAt: optional(dateTime()),
})
export type PaymentWebhook = Static<typeof PaymentWebhook>

export const ResendWebhookBody = object('ResendWebhookBody', '', {
  storeId: optional(string()),
  webhookId: optional(string()),
})
export type ResendWebhookBody = Static<typeof ResendWebhookBody>

export const ResendWebhookResponse = object('ResendWebhookResponse', '', {
  webhook: PaymentWebhook,
})
export type ResendWebhookResponse = Static<typeof ResendWebhookResponse>
