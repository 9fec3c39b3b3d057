import { pino } from 'pino'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { loadEncryption } from '../installation.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import { chance } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { storeDirectory } from '../merchants/directory.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Environment } from '../merchants/store.ts'
import { version } from '../version.ts'
import { createDialer } from '../webhooks/dial.ts'
import { resendWebhook } from '../webhooks/resend.ts'

type WebhookLine = {
  readonly webhook_id: string
  readonly store_id: string
  readonly payment_id: string | null
  readonly type: string
  readonly status: string | null
  readonly execution_count: number
  readonly due_at: Instant | null
  readonly url: string
}

/** The latest deliveries, newest first: all, or only undelivered ones. */
export const listWebhooks = async (
  sql: Sql,
  { failed, limit, storeId }: { failed: boolean; limit: number; storeId?: string | undefined },
): Promise<readonly Record<string, unknown>[]> => {
  const lines = await sql<WebhookLine[]>`
    select webhook_id, store_id, payment_id, type, status, execution_count, due_at, url from webhooks
    where ${failed ? sql`status is distinct from 'SUCCEEDED'` : sql`true`}
      ${storeId === undefined ? sql`` : sql`and store_id = ${storeId}`}
    order by webhook_id desc limit ${limit}`
  return lines.map((line) => ({
    webhook: line.webhook_id,
    store: line.store_id,
    payment: line.payment_id ?? '',
    type: line.type,
    status: line.status ?? 'WAITING',
    attempts: line.execution_count,
    next: line.due_at === null ? '' : toIso(line.due_at),
    url: line.url,
  }))
}

/** The store and the payment of a webhook. */
export const findWebhookPlace = async (
  sql: Sql,
  webhookId: string,
): Promise<{ storeId: string; paymentId: string } | undefined> => {
  const [row] = await sql<[{ storeId: string; paymentId: string }?]>`
    select store_id as "storeId", payment_id as "paymentId" from webhooks
    where webhook_id = ${webhookId} and payment_id is not null`
  return row
}

/** Sends a delivery again and returns the result. */
export const resend = async (sql: Sql, configuration: Configuration, webhookId: string): Promise<string> => {
  const place = await findWebhookPlace(sql, webhookId)
  if (!place) throw new SetupError(`There is no webhook ${webhookId}. See: naru webhook list`)
  const directory = storeDirectory(sql, await loadEncryption(sql, configuration))
  const dialer = createDialer(configuration)
  const settings = async (storeId: string, environment: Environment) =>
    (await directory.store(storeId))?.webhookSettings[environment]
  const parts = { sql, settings, dialer, logger: pino({ level: 'silent' }), version, chance }
  const sent = await resendWebhook(parts, { ...place, webhookId })
  dialer.close()
  if (sent instanceof Refusal) throw new SetupError(sent.body.message ?? sent.body.type)
  return `${sent.status ?? 'WAITING'}: ${sent.url} answered ${sent.response?.code ?? 'nothing'}`
}
