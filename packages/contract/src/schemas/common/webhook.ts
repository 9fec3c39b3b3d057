import { boolean, dateTime, enumeration, integer, object, optional, type Static, string } from '../../schema.ts'

export const PaymentWebhookPaymentStatus = enumeration(
  'PaymentWebhookPaymentStatus',
  'The status of the payment that a webhook announced.',
  ['READY', 'VIRTUAL_ACCOUNT_ISSUED', 'PAID', 'FAILED', 'PARTIAL_CANCELLED', 'CANCELLED', 'PAY_PENDING'],
)
export type PaymentWebhookPaymentStatus = Static<typeof PaymentWebhookPaymentStatus>

export const PaymentWebhookRequest = object('PaymentWebhookRequest', 'What was sent.', {
  header: optional(string('The headers, as text.')),
  body: string('The body, as it was sent.'),
  requestedAt: optional(dateTime('When the latest attempt was made.')),
})
export type PaymentWebhookRequest = Static<typeof PaymentWebhookRequest>

export const PaymentWebhookResponse = object('PaymentWebhookResponse', 'What the receiver answered.', {
  code: string("The receiver's HTTP status, as text."),
  header: string('The headers, as text.'),
  body: string('The body of the answer.'),
  respondedAt: dateTime('When the receiver answered.'),
})
export type PaymentWebhookResponse = Static<typeof PaymentWebhookResponse>

export const PaymentWebhookStatus = enumeration(
  'PaymentWebhookStatus',
  'What came of the latest attempt at delivery.',
  ['SUCCEEDED', 'FAILED_NOT_OK_RESPONSE', 'FAILED_UNEXPECTED_ERROR'],
)
export type PaymentWebhookStatus = Static<typeof PaymentWebhookStatus>

export const PaymentWebhookTrigger = enumeration(
  'PaymentWebhookTrigger',
  'Why a webhook was sent, where nobody was waiting for its cause.',
  [
    'MANUAL',
    'VIRTUAL_ACCOUNT_DEPOSIT',
    'ASYNC_CANCEL_APPROVED',
    'ASYNC_CANCEL_FAILED',
    'ASYNC_PAY_APPROVED',
    'ASYNC_PAY_FAILED',
    'ASYNC_PAY_PENDING',
    'DISPUTE_CREATED',
    'DISPUTE_RESOLVED',
  ],
)
export type PaymentWebhookTrigger = Static<typeof PaymentWebhookTrigger>

export const PaymentWebhook = object('PaymentWebhook', 'A webhook and its latest attempt at delivery.', {
  paymentStatus: optional(PaymentWebhookPaymentStatus),
  id: string("The webhook's id, sent as its `webhook-id` header."),
  status: optional(PaymentWebhookStatus),
  url: string('Where the webhook goes.'),
  isAsync: optional(boolean('Whether the webhook was sent apart from what the buyer was waiting for.')),
  currentExecutionCount: optional(integer('How often sending was attempted so far.')),
  maxExecutionCount: optional(integer('How often sending is attempted at most.')),
  trigger: optional(PaymentWebhookTrigger),
  request: optional(PaymentWebhookRequest),
  response: optional(PaymentWebhookResponse),
  triggeredAt: optional(dateTime('When sending began.')),
})
export type PaymentWebhook = Static<typeof PaymentWebhook>

export const ResendWebhookBody = object('ResendWebhookBody', 'Which webhook to send again.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  webhookId: optional(string("The webhook to send again. Defaults to the payment's latest.")),
})
export type ResendWebhookBody = Static<typeof ResendWebhookBody>

export const ResendWebhookResponse = object('ResendWebhookResponse', 'The webhook and what came of sending it again.', {
  webhook: PaymentWebhook,
})
export type ResendWebhookResponse = Static<typeof ResendWebhookResponse>
