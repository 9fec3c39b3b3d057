import type { Sql } from '../db/connect.ts'
import { type Instant, minute, realTime } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { DueItem, DueSource } from './due.ts'

export type DueTable =
  | 'billing_keys'
  | 'identity_verifications'
  | 'payments'
  | 'cash_receipts'
  | 'promotion_usages'
  | 'payment_schedules'
  | 'sandbox_notifications'
  | 'platform_entities'
  | 'platform_days'
  | 'platform_account_transfers'

/**
 * Leases rows whose time has come by their own store's clock. One index probe for each store, however many rows wait:
 * `due_at` is store time, so no single range of it means "now" for all stores.
 */
export const claimDueRows = (
  sql: Sql,
  table: DueTable,
  idColumn: string,
  { limit, lease }: { limit: number; lease: number },
): Promise<readonly DueItem[]> => {
  const now = realTime()
  return sql<DueItem[]>`
    with found as (
      select d.store_id, d.id, d.due_at
      from stores s cross join lateral (
        select r.store_id, r.${sql(idColumn)} as id, r.due_at from ${sql(table)} r
        where r.store_id = s.store_id and (r.leased_until is null or r.leased_until < ${now}::timestamptz)
          and r.due_at <= coalesce(s.clock_stopped_at, ${now}::timestamptz + s.clock_offset * interval '1 millisecond')
        order by r.due_at limit ${limit} for update skip locked
      ) d
      where s.clock_target is null
      order by d.due_at limit ${limit}
    )
    update ${sql(table)} r set leased_until = ${now + lease}::timestamptz
    from found where r.store_id = found.store_id and r.${sql(idColumn)} = found.id and r.due_at = found.due_at
    returning r.store_id as "storeId", r.${sql(idColumn)} as id, r.due_at as "dueAt"`
}

/** More would make one long wait of what the clock reports in steps. */
const mostAtOnce = 500

/** The rows of one store that are due next, at or before `until`: all of one instant. */
export const nextDueRows = (
  sql: Sql,
  table: DueTable,
  idColumn: string,
  storeId: string,
  until: Instant,
): Promise<readonly DueItem[]> => sql<DueItem[]>`
  with earliest as (
    select min(due_at) as due_at from ${sql(table)} where store_id = ${storeId} and due_at <= ${until}::timestamptz
  )
  select r.store_id as "storeId", r.${sql(idColumn)} as id, r.due_at as "dueAt"
  from earliest join ${sql(table)} r on r.store_id = ${storeId} and r.due_at = earliest.due_at
  order by r.${sql(idColumn)} limit ${mostAtOnce}`

/** Running a row moved its `due_at`; where it changed nothing, the row must not stay leased. */
export const releaseDueRow = async (
  sql: Sql,
  table: DueTable,
  idColumn: string,
  { storeId, id }: Pick<DueItem, 'storeId' | 'id'>,
): Promise<void> => {
  await sql`
    update ${sql(table)} set leased_until = null
    where store_id = ${storeId} and ${sql(idColumn)} = ${id} and leased_until is not null`
}

/** The store as it stands now; `undefined` where it is gone. */
export type FindStore = (storeId: string) => Promise<Store | undefined>

type DueRows = {
  readonly name: string
  readonly table: DueTable
  readonly idColumn: string
  readonly concurrency: number
  readonly findStore: FindStore
}

/** Longer than a PG call with all its time-outs, so that no second worker starts while the first still waits. */
const lease = 2 * minute

/** Rows that wait for a PG's word: each is run for its store, and released. */
export const dueRows = (
  sql: Sql,
  { name, table, idColumn, concurrency, findStore }: DueRows,
  run: (store: Store, id: string) => Promise<void>,
): DueSource => ({
  name,
  concurrency,
  claim: (limit) => claimDueRows(sql, table, idColumn, { limit, lease }),
  next: (storeId, until) => nextDueRows(sql, table, idColumn, storeId, until),
  run: async (item) => {
    const store = await findStore(item.storeId)
    if (store) await run(store, item.id)
    await releaseDueRow(sql, table, idColumn, item)
  },
})
