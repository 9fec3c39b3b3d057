import type { PaymentWebhook } from '@naru/contract'
import { wroteRows } from '../db/kept.ts'
import { earlierResult, once } from '../db/lease.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { attemptDelivery } from './attempt.ts'
import type { WebhookParts } from './parts.ts'
import { countResend, maxResendCount, recordResend, type WebhookRecord } from './store.ts'
import { paymentWebhook } from './view.ts'

export type ResendCommand = {
  readonly storeId: string
  readonly paymentId: string
  /** The payment's latest webhook unless given. */
  readonly webhookId?: string | undefined
}

/**
 * Sends a payment's webhook again and returns the result: the stored body to the stored URL under the same id, with a new
 * timestamp and signature. A failed delivery is a result, not an error. The caller checks that the payment exists. A retry
 * does not count as another resend, and sends again only if it is unknown whether the first try did. An attempt that the server's
 * stop cuts off is recorded as such, and the next server delivers it.
 */
export const resendWebhook = async (
  parts: WebhookParts,
  command: ResendCommand,
): Promise<PaymentWebhook | Refusal<'WEBHOOK_NOT_FOUND' | 'MAX_WEBHOOK_RETRY_COUNT_REACHED'>> => {
  const known = earlierResult<WebhookRecord>('webhook resent')
  if (known) return paymentWebhook(known)
  const delivery = await once(
    parts.sql,
    'resend counted',
    (sql) => countResend(sql, command),
    (counted) => typeof counted === 'object',
  )
  if (delivery === 'not found') return notFound(command)
  if (delivery === 'used up') {
    return refuse(
      'MAX_WEBHOOK_RETRY_COUNT_REACHED',
      `This webhook has already been resent ${maxResendCount} times, which is the maximum. Read the payment instead.`,
    )
  }
  const attempt = await attemptDelivery(parts, delivery, parts.letGo)
  const isCutOff = parts.letGo?.aborted === true && attempt.result.status === 'FAILED_UNEXPECTED_ERROR'
  const record = await once(parts.sql, 'webhook resent', (sql) => recordResend(sql, delivery, attempt, isCutOff))
  wroteRows(parts.sql, 'webhooks', delivery.storeId, 1)
  return paymentWebhook(record)
}

const notFound = ({ paymentId, webhookId }: ResendCommand): Refusal<'WEBHOOK_NOT_FOUND'> =>
  refuse(
    'WEBHOOK_NOT_FOUND',
    webhookId === undefined
      ? `Payment ${paymentId} has no webhook. Set the store's webhook URL, or give noticeUrls with the payment.`
      : `Payment ${paymentId} has no webhook ${webhookId}. Its webhooks are listed in GET /payments/${paymentId}.`,
  )
