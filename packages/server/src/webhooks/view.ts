import type { PaymentWebhook } from '@naru/contract'
import { toIso } from '../kernel/clock.ts'
import { sentHeader } from './request-header.ts'
import { maxExecutionCount } from './retry.ts'
import type { WebhookRecord } from './store.ts'

/** A delivery as the API shows it: its message and its latest attempt. Without an attempt it has no `status`. */
export const paymentWebhook = (record: WebhookRecord): PaymentWebhook => {
  const trigger = record.isManual ? 'MANUAL' : record.trigger
  return {
    ...(record.paymentStatus === null ? {} : { paymentStatus: record.paymentStatus }),
    id: record.webhookId,
    ...(record.status === null ? {} : { status: record.status }),
    url: record.url,
    isAsync: true,
    currentExecutionCount: record.executionCount,
    maxExecutionCount,
    ...(trigger === null ? {} : { trigger }),
    ...(record.requestHeader === null ? {} : { request: request(record, record.requestHeader) }),
    ...response(record),
    ...(record.triggeredAt === null ? {} : { triggeredAt: toIso(record.triggeredAt) }),
  }
}

const request = (record: WebhookRecord, kept: string) => ({
  header: sentHeader(kept, record),
  body: record.body,
  ...(record.requestedAt === null ? {} : { requestedAt: toIso(record.requestedAt) }),
})

/** Absent if there was no answer, or not yet. */
const response = ({ responseCode, responseHeader, responseBody, respondedAt }: WebhookRecord) =>
  responseCode === null || responseHeader === null || responseBody === null || respondedAt === null
    ? {}
    : {
        response: {
          code: responseCode,
          header: responseHeader,
          body: responseBody,
          respondedAt: toIso(respondedAt),
        },
      }
