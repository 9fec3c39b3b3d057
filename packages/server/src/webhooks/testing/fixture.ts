import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import type { Queryable, Sql } from '../../db/connect.ts'
import { type Instant, realTime } from '../../kernel/clock.ts'
import { timeOrderedId } from '../../kernel/ids.ts'
import type { WebhookSettings } from '../../merchants/store.ts'
import type { DueSource } from '../../workers/due.ts'
import { clockMoved, noteDue } from '../../workers/due-work.ts'
import { createDialer, type DialerOptions } from '../dial.ts'
import type { Announcement } from '../message.ts'
import { insertWebhooks, noteWebhooks, planWebhooks } from '../outbox.ts'
import type { WebhookParts } from '../parts.ts'
import { type WebhookRecord, webhooksOfPayment } from '../store.ts'

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** The module with a database and a dialer of its own. Retries wait half of the longest wait unless `chance` says else. */
export type Fixture = AsyncDisposable & {
  readonly parts: WebhookParts
  readonly sql: Sql
  readonly databaseUrl: string
}

export const openFixture = async (
  options: { secrets?: readonly string[]; dialer?: Partial<DialerOptions> } = {},
): Promise<Fixture> => {
  const database = await createTestDatabase()
  const dialer = createDialer({ allowedTargets: [], ...options.dialer })
  const settings: WebhookSettings = {
    version: '2024-04-25',
    contentType: 'application/json',
    secrets: options.secrets ?? [secret],
  }
  const parts: WebhookParts = {
    sql: database.sql,
    settings: async () => settings,
    dialer,
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    chance: () => 0.5,
  }
  return {
    parts,
    sql: database.sql,
    databaseUrl: database.url,
    [Symbol.asyncDispose]: async () => {
      dialer.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

export const addStore = async (
  sql: Queryable,
  storeId: string,
  mode: 'SANDBOX' | 'LIVE' = 'SANDBOX',
): Promise<void> => {
  await sql`
    insert into merchants (merchant_id, name, created_at) values ('merchant-1', 'Merchant', now()) on conflict do nothing
  `
  await sql`
    insert into stores (store_id, merchant_id, name, mode, created_at)
    values (${storeId}, 'merchant-1', 'Store', ${mode}, now())
  `
}

/** Lets a store's clock stand still at an instant. */
export const stopClock = async (sql: Queryable, storeId: string, at: Instant): Promise<void> => {
  await sql`with ${clockMoved(sql, storeId)} update stores set clock_stopped_at = ${at} where store_id = ${storeId}`
}

/** Announces that a payment was paid, to these URLs, and gives the ids of the deliveries. */
export const announcePaid = async (
  sql: Queryable,
  storeId: string,
  urls: readonly string[],
  about: Partial<Pick<Announcement, 'at' | 'trigger'>> & { paymentId?: string } = {},
): Promise<readonly string[]> => {
  const announcement: Announcement = {
    type: 'Transaction.Paid',
    storeId,
    paymentId: about.paymentId ?? 'payment-1',
    transactionId: 'transaction-1',
    environment: 'TEST',
    paymentStatus: 'PAID',
    at: about.at ?? realTime(),
    trigger: about.trigger,
    noticeUrls: urls,
  }
  const rows = planWebhooks(undefined, announcement, timeOrderedId)
  await sql`
    with noted as (${noteDue(sql, storeId, noteWebhooks(rows))}),
      announced as (${insertWebhooks(sql, storeId, rows, sql`true`)})
    select`
  return rows.map(({ webhookId }) => webhookId)
}

/** Runs everything of a store that is due now, once, and says how much that was. */
export const runDue = async (source: DueSource, limit = source.concurrency, storeId = 'store-1'): Promise<number> => {
  const items = await source.claim(storeId, limit)
  await Promise.all(items.map((item) => source.run(item)))
  return items.length
}

/** The deliveries of a payment of `store-1`, as its answers show them. */
export const deliveriesOf = async (sql: Queryable, paymentId: string): Promise<readonly WebhookRecord[]> => {
  const [row] = await sql<[{ webhooks: readonly WebhookRecord[] | null }]>`
    select ${webhooksOfPayment(sql)} as webhooks
    from (values ('store-1', ${paymentId}::text)) as p (store_id, payment_id)`
  return row.webhooks ?? []
}
