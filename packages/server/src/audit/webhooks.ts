import type { Sql } from '../db/connect.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'

/**
 * Webhooks that wait, and that nobody will send: each is due from its beginning until an attempt is recorded. That one is missing
 * altogether cannot be told: whether there had to be one depends on what the store's settings were then.
 */
const findNeverSent = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<{ storeId: string; paymentId: string | null; webhookId: string }[]>`
    select store_id as "storeId", payment_id as "paymentId", webhook_id as "webhookId" from webhooks
    where status is null and due_at is null order by 1, 3`
  return rows.map(({ storeId, paymentId, webhookId }) => ({
    storeId,
    paymentId,
    rule: 'undecided-is-due',
    what: `The webhook ${webhookId} was never sent, and nobody will send it.`,
  }))
}

export const webhookFinder: Finder = { of: 'Webhooks that wait', find: findNeverSent }
