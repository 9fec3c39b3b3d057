import type { PaymentWebhookPaymentStatus, PaymentWebhookStatus, PaymentWebhookTrigger } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
import type { Instant } from '../kernel/clock.ts'
import { noteDue } from '../workers/due-work.ts'
import { type Delivery, type DeliveryRow, deliveryColumns, withClock } from './delivery.ts'
import { attemptColumns, attemptsMade, type DeliveryAttempt } from './record.ts'

/** What is known of a delivery: its message and its latest attempt. */
export type WebhookRecord = {
  readonly webhookId: string
  readonly paymentId: string | null
  readonly transactionId: string | null
  readonly url: string
  readonly contentType: string
  readonly body: string
  readonly paymentStatus: PaymentWebhookPaymentStatus | null
  readonly trigger: PaymentWebhookTrigger | null
  readonly status: PaymentWebhookStatus | null
  readonly executionCount: number
  readonly isManual: boolean
  readonly triggeredAt: Instant | null
  /** As `keptHeader` gives it. */
  readonly requestHeader: string | null
  readonly requestedAt: Instant | null
  readonly responseCode: string | null
  readonly responseHeader: string | null
  readonly responseBody: string | null
  readonly respondedAt: Instant | null
}

/** `instant` writes a time: the driver knows a column's type, but JSON has none. */
const recordColumns = (sql: Queryable, instant = (column: Fragment): Fragment => column) => sql`
  w.webhook_id as "webhookId", w.payment_id as "paymentId", w.transaction_id as "transactionId", w.url,
  w.content_type as "contentType", w.body,
  w.payment_status as "paymentStatus", w.trigger, w.status, w.execution_count as "executionCount",
  w.is_manual as "isManual", ${instant(sql`w.triggered_at`)} as "triggeredAt", w.request_header as "requestHeader",
  ${instant(sql`w.requested_at`)} as "requestedAt", w.response_code as "responseCode",
  w.response_header as "responseHeader", w.response_body as "responseBody",
  ${instant(sql`w.responded_at`)} as "respondedAt"
`

/** How many webhooks a payment shows. Our choice: PortOne names no limit. */
const mostShown = 200

/**
 * The deliveries of the payment `p` of a larger statement, oldest first, as JSON; null where there are none. With the
 * payment in one statement, so that an answer never shows a status whose webhook it lacks. Of more than
 * `mostShown` the latest: a hundred attempts with as many cancellations each would make an answer of megabytes.
 */
export const webhooksOfPayment = (sql: Queryable): Fragment => sql`(
  select jsonb_agg(to_jsonb(record) order by record.created_at, record."webhookId")
  from (
    select ${recordColumns(sql, (column) => sql`(extract(epoch from ${column}) * 1000)::bigint`)}, w.created_at
    from webhooks w where w.store_id = p.store_id and w.payment_id = p.payment_id
    order by w.created_at desc, w.webhook_id desc limit ${mostShown}
  ) as record
)`

export const findWebhook = async (
  sql: Queryable,
  storeId: string,
  webhookId: string,
): Promise<WebhookRecord | undefined> => {
  const [record] = await sql<WebhookRecord[]>`
    select ${recordColumns(sql)} from webhooks w where w.store_id = ${storeId} and w.webhook_id = ${webhookId}
  `
  return record
}

/**
 * Records a manual attempt. If it succeeded, it ends the schedule; otherwise the schedule stays. One that was cut off is made
 * again as a scheduled one: at once, where no schedule is left.
 */
export const recordResend = async (
  sql: Queryable,
  delivery: Delivery,
  attempt: DeliveryAttempt,
  isCutOff: boolean,
): Promise<WebhookRecord> => {
  const nextDueAt = isCutOff ? attempt.finishedAt : undefined
  const notes = nextDueAt === undefined ? [] : [{ kind: 'webhooks', queue: delivery.target, at: nextDueAt }]
  const [record] = await sql<[WebhookRecord]>`
    with noted as (${noteDue(sql, delivery.storeId, notes)})
    update webhooks w
    set ${attemptColumns(sql)}, is_manual = true,
        due_at = case when made.status = 'SUCCEEDED' then null else coalesce(w.due_at, made.due_at) end
    from ${attemptsMade(sql, [{ delivery, attempt, nextDueAt }])}
    where w.store_id = ${delivery.storeId} and w.webhook_id = ${delivery.webhookId}
    returning ${recordColumns(sql)}
  `
  return record
}

/** How often a delivery may be resent manually. PortOne documents that there is a limit, but not which: our choice. */
export const maxResendCount = 10

/**
 * Counts one more manual resend of a payment's webhook (its latest when no id is given) and loads it. The limit is part
 * of the update's condition, so that it holds against any number of requests at once.
 */
export const countResend = async (
  sql: Queryable,
  { storeId, paymentId, webhookId }: { storeId: string; paymentId: string; webhookId?: string | undefined },
): Promise<Delivery | 'not found' | 'used up'> => {
  const [row] = await sql<(DeliveryRow & { isCounted: boolean })[]>`
    with chosen as (
      select store_id, webhook_id from webhooks
      where store_id = ${storeId} and payment_id = ${paymentId}
        ${webhookId === undefined ? sql`` : sql`and webhook_id = ${webhookId}`}
      order by created_at desc, webhook_id desc
      limit 1
    ), counted as (
      update webhooks w set resend_count = resend_count + 1
      from chosen
      where w.store_id = chosen.store_id and w.webhook_id = chosen.webhook_id and w.resend_count < ${maxResendCount}
      returning w.*
    )
    select ${deliveryColumns(sql)}, w.webhook_id is not null as "isCounted"
    from chosen join stores s using (store_id) left join counted w on true
  `
  if (row === undefined) return 'not found'
  const { isCounted, ...delivery } = row
  return isCounted ? withClock(delivery) : 'used up'
}
