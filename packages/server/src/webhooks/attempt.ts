import type { Logger } from 'pino'
import { type Instant, realTime, storeTime } from '../kernel/clock.ts'
import type { Delivery } from './delivery.ts'
import type { DialResult } from './exchange.ts'
import type { WebhookParts } from './parts.ts'
import type { DeliveryAttempt } from './record.ts'
import { keptHeader } from './request-header.ts'
import { signatureHeaders } from './signature.ts'

/** Signs the stored body with the store's current secrets and sends it, until nobody waits any longer. Records nothing. */
export const attemptDelivery = async (
  parts: WebhookParts,
  delivery: Delivery,
  stop?: AbortSignal,
): Promise<DeliveryAttempt> => {
  const { storeId, webhookId, url, body, clock } = delivery
  const triggeredAt = storeTime(clock)
  const settings = await parts.settings(storeId, delivery.environment)
  const headers = signedHeaders(parts, settings?.secrets ?? [], webhookId, realTime(), delivery)
  const requestedAt = storeTime(clock)
  const result = await parts.dialer.post({ url, headers, body, guarded: delivery.mode === 'LIVE', stop })
  logFailure(parts.logger, delivery, result)
  return { triggeredAt, requestedAt, finishedAt: storeTime(clock), requestHeader: keptHeader(headers), result }
}

/** The headers of a delivery: content type, user agent and signature. */
export const signedHeaders = (
  { version }: Pick<WebhookParts, 'version'>,
  secrets: readonly string[],
  webhookId: string,
  at: Instant,
  { contentType, body }: Pick<Delivery, 'contentType' | 'body'>,
): Record<string, string> => ({
  'content-type': contentType,
  'user-agent': `Naru/${version}`,
  ...signatureHeaders(secrets, webhookId, at, body),
})

/** Names the origin alone: the path or query of a webhook URL may hold a token. */
const logFailure = (logger: Logger, { storeId, webhookId, target }: Delivery, result: DialResult): void => {
  if (result.status === 'SUCCEEDED') return
  const reason = 'error' in result ? result.error : `The receiver answered ${result.response.code}.`
  logger.warn({ storeId, webhookId, target, reason }, 'a webhook was not delivered')
}
