import type { PaymentWebhookPaymentStatus, PaymentWebhookTrigger } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import type { Environment, WebhookSettings } from '../merchants/store.ts'
import type { DueNote } from '../workers/due-work.ts'
import { type Announcement, defaultFormat, writeMessage } from './message.ts'

/** A delivery to be made: one announcement to one URL. */
export type WebhookRow = {
  readonly storeId: string
  /** Sent as `webhook-id` on every attempt: receivers recognise repeats by it. */
  readonly webhookId: string
  readonly paymentId?: string | undefined
  readonly transactionId?: string | undefined
  readonly billingKey?: string | undefined
  readonly environment: Environment
  readonly type: Announcement['type']
  readonly url: string
  /** The URL's origin. A store's deliveries to one origin share one limit, so that a slow one holds up only itself. */
  readonly target: string
  readonly contentType: WebhookSettings['contentType']
  readonly body: string
  readonly paymentStatus?: PaymentWebhookPaymentStatus | undefined
  readonly trigger?: PaymentWebhookTrigger | undefined
  readonly createdAt: Instant
  readonly dueAt: Instant
}

/**
 * The deliveries of an announcement: one to each of the request's own URLs, or one to the store's URL, or none. `settings`
 * are those of the announcement's environment; `newId` makes webhook ids.
 */
export const planWebhooks = (
  settings: WebhookSettings | undefined,
  announcement: Announcement,
  newId: () => string,
): readonly WebhookRow[] => {
  // This question goes to the confirm URL, and the caller waits for the answer.
  if (announcement.type === 'Transaction.Confirm') return []
  const urls = destinations(settings, announcement)
  if (urls.length === 0) return []
  const message = writeMessage(announcement, settings ?? defaultFormat)
  if (message === undefined) return []
  return urls.map((url) => ({
    storeId: announcement.storeId,
    webhookId: newId(),
    ...('billingKey' in announcement
      ? { billingKey: announcement.billingKey }
      : { paymentId: announcement.paymentId, transactionId: announcement.transactionId }),
    environment: announcement.environment,
    type: announcement.type,
    url,
    target: targetOf(url),
    ...message,
    paymentStatus: announcement.paymentStatus,
    trigger: announcement.trigger,
    createdAt: announcement.at,
    dueAt: announcement.at,
  }))
}

/** An empty list counts as no list. A URL listed twice gets one delivery: a second could only be a duplicate. */
const destinations = (settings: WebhookSettings | undefined, announcement: Announcement): readonly string[] => {
  const own = new Set(announcement.noticeUrls)
  if (own.size > 0) return [...own]
  return settings?.url === undefined || settings.url === '' ? [] : [settings.url]
}

/**
 * The origin, cut to what a host name can be, because it is an index key: PostgreSQL refuses keys beyond 2.7 kB, and
 * the refusal would take the payment down with it. For the same reason text that is not a URL is not refused here; its
 * delivery fails, where the merchant sees it.
 */
const targetOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin.slice(0, 255) : 'invalid')

/**
 * `insert into webhooks …` of one store for use inside a larger statement, which notes them (`noteWebhooks`): `with snapshot
 * as (…), news as (${insertWebhooks(…)})`.
 * `condition` decides whether anything is inserted, such as sql`exists (select from snapshot)`. The text is the same
 * for any number of rows, none included, so that the statement stays prepared.
 */
export const insertWebhooks = (
  sql: Queryable,
  storeId: string,
  rows: readonly WebhookRow[],
  condition: Fragment,
): Fragment => sql`
  insert into webhooks (
    store_id, webhook_id, payment_id, transaction_id, billing_key, environment, type, url, target,
    content_type, body, payment_status, trigger, created_at, due_at
  )
  select
    ${storeId}, webhook_id, payment_id, transaction_id, billing_key, environment, type, url, target,
    content_type, body, payment_status, trigger, created_at, due_at
  from jsonb_to_recordset(${sql.json(rows.map(record))}) as planned (
    webhook_id text, payment_id text, transaction_id text, billing_key text, environment text, type text,
    url text, target text, content_type text, body text, payment_status text, trigger text,
    created_at timestamptz, due_at timestamptz
  )
  where ${condition}
`

/** The work to note when these are inserted; see `noteDue`. */
export const noteWebhooks = (rows: readonly WebhookRow[]): readonly DueNote[] =>
  rows.map(({ target, dueAt }) => ({ kind: 'webhooks', queue: target, at: dueAt }))

const record = (row: WebhookRow) => ({
  webhook_id: row.webhookId,
  payment_id: row.paymentId,
  transaction_id: row.transactionId,
  billing_key: row.billingKey,
  environment: row.environment,
  type: row.type,
  url: row.url,
  target: row.target,
  content_type: row.contentType,
  body: row.body,
  payment_status: row.paymentStatus,
  trigger: row.trigger,
  created_at: toIso(row.createdAt),
  due_at: toIso(row.dueAt),
})
