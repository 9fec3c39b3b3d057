import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import type { Instant, StoreClock } from '../kernel/clock.ts'
import type { Environment, Store } from '../merchants/store.ts'

/** What an attempt needs to know. */
export type Delivery = {
  readonly storeId: string
  readonly webhookId: string
  readonly environment: Environment
  readonly mode: Store['mode']
  readonly url: string
  readonly target: string
  readonly contentType: string
  readonly body: string
  readonly executionCount: number
  readonly dueAt: Instant | null
  readonly clock: StoreClock
}

export type DeliveryRow = Omit<Delivery, 'clock'> & {
  readonly clockOffset: number
  readonly clockStoppedAt: Instant | null
}

/** The columns of a `DeliveryRow`, of a webhook `w` and its store `s`. */
export const deliveryColumns = (sql: Queryable) => sql`
  w.store_id as "storeId", w.webhook_id as "webhookId", w.environment, s.mode, w.url, w.target,
  w.content_type as "contentType", w.body, w.execution_count as "executionCount", w.due_at as "dueAt",
  s.clock_offset as "clockOffset", s.clock_stopped_at as "clockStoppedAt"
`

export const withClock = ({ clockOffset, clockStoppedAt, ...row }: DeliveryRow): Delivery => ({
  ...row,
  clock: { offset: clockOffset, stoppedAt: clockStoppedAt },
})

/** The current delivery and the store's clock, in one statement with what else is loaded of the store at the moment. */
export const loadDelivery = (sql: Sql, storeId: string, webhookId: string): Promise<Delivery | undefined> =>
  loaderOf(sql)(storeId, webhookId)

const loaderOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, webhookIds: readonly string[]) => loadAll(sql, storeId, webhookIds),
    { size: 64, parallel: 3 },
  ),
)

const loadAll = async (
  sql: Sql,
  storeId: string,
  webhookIds: readonly string[],
): Promise<readonly (Delivery | undefined)[]> => {
  const rows = await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)}
    from webhooks w join stores s using (store_id)
    where w.store_id = ${storeId} and w.webhook_id = any(${[...webhookIds]}::text[])`
  const byId = new Map(rows.map((row) => [row.webhookId, withClock(row)]))
  return webhookIds.map((id) => byId.get(id))
}
