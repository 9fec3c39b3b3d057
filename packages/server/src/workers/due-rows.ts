import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { untilNotOvertaken } from '../db/overtaken.ts'
import { type Instant, minute, realTime } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { DueItem, DueSource } from './due.ts'
import { type DueRowsOf, noteDue, settle } from './due-work.ts'
import { leasesOf } from './leases.ts'

export type DueTable =
  | 'billing_keys'
  | 'identity_verifications'
  | 'payments'
  | 'payments_under_way'
  | 'cash_receipts'
  | 'promotion_usages'
  | 'payment_schedules'
  | 'sandbox_notifications'
  | 'platform_entities'
  | 'platform_days'
  | 'platform_account_transfers'

/** Where rows that fall due are found. */
export type DueRows = {
  readonly table: DueTable
  readonly idColumn: string
  /** What rows `r` must meet besides being due and of the store. */
  readonly condition?: Fragment
  /** What they must meet besides to be claimed now. */
  readonly claimable?: Fragment
}

/** Up to when rows of a store are due, by its own clock; null while the clock is being advanced. */
export const dueUntil = (sql: Sql, storeId: string, now: Instant): Fragment => sql`(
  select coalesce(clock_stopped_at, ${now}::timestamptz + clock_offset * interval '1 millisecond')
  from stores where store_id = ${storeId} and clock_target is null)`

/**
 * Leases rows whose time has come by their store's clock: a find, and a compare-and-set on what was found, in one statement.
 * Where another server was faster with some, the statement waits for it and leaves them to it; those behind come next.
 */
export const claimDueRows = async (
  sql: Sql,
  { table, idColumn, condition = sql``, claimable = sql`` }: DueRows,
  { storeId, limit, lease }: { readonly storeId: string; readonly limit: number; readonly lease: number },
): Promise<readonly DueItem[]> => {
  const now = realTime()
  const id = sql(idColumn)
  const isDue = sql`
    r.store_id = ${storeId} and r.due_at <= ${dueUntil(sql, storeId, now)}
    and (r.leased_until is null or r.leased_until < ${now}::timestamptz) ${condition} ${claimable}`
  const find = sql`select r.${id} from ${sql(table)} r where ${isDue} order by r.due_at, r.${id} limit ${limit}`
  return await untilAllClaimed(
    () => sql`
      with found as materialized (${find}), claimed as (
        update ${sql(table)} r set leased_until = ${now + lease}::timestamptz
        where ${isDue} and r.${id} = any(array(select ${id} from found))
        returning r.store_id as "storeId", r.${id} as id, r.due_at as "dueAt"
      )
      select (select count(*) from found) as found, claimed.* from (select) as always left join claimed on true`,
  )
}

/** How often servers that are after the same rows try again at once; what is left comes with the next look. */
const mostTries = 5

/**
 * Makes a claim, and again where all that it found went to another server: what comes behind is found then. Each row says how
 * many were found; where none was claimed there is one, without an id. A claim takes its rows in the order of an index, and
 * others write the same rows in another: one that PostgreSQL undid for a deadlock is made again.
 */
export const untilAllClaimed = async <Item extends DueItem>(
  claim: () => Promise<readonly (Partial<Item> & { readonly found: number })[]>,
): Promise<readonly Item[]> => {
  for (let attempt = 1; ; attempt++) {
    const rows = await untilNotOvertaken('a claim of due rows', claim)
    const items = rows.flatMap(({ found, ...item }) => (isItem<Item>(item) ? [item] : []))
    if (items.length > 0 || (rows[0]?.found ?? 0) === 0 || attempt === mostTries) return items
  }
}

const isItem = <Item extends DueItem>(row: object): row is Item => 'id' in row && row.id !== null

/**
 * Running a row moved its `due_at`; where it changed nothing, the row must not stay leased, and is looked at again when it is
 * due, not when the lease would have run out.
 */
export const releaseDueRow = async (
  sql: Sql,
  { table, idColumn, condition = sql`` }: DueRows,
  { storeId, id }: Pick<DueItem, 'storeId' | 'id'>,
): Promise<void> => {
  const released = await sql<{ dueAt: Instant }[]>`
    update ${sql(table)} r set leased_until = null
    where r.store_id = ${storeId} and r.due_at is not null and r.${sql(idColumn)} = ${id} and r.leased_until is not null ${condition}
    returning r.due_at as "dueAt"`
  for (const { dueAt } of released) await sql`${noteDue(sql, storeId, [{ kind: table, at: dueAt }])}`
}

/** What the loop and the clock ask of rows of a plain table, besides running them. */
export type DueRowsSource = Pick<DueSource, 'kind' | 'claim' | 'settle' | 'rows' | 'take' | 'giveBack' | 'endLeases'>

export const dueRowsSource = (
  sql: Sql,
  rowsOf: (storeId: string) => DueRows | Promise<DueRows>,
  { kind, lease }: { readonly kind: DueTable; readonly lease: number },
): DueRowsSource => {
  const rows = async (storeId: string): Promise<DueRowsOf> => {
    const { table, condition } = await rowsOf(storeId)
    return condition === undefined ? { table } : { table, narrowed: condition }
  }
  return {
    kind,
    claim: async (storeId, limit) => claimDueRows(sql, await rowsOf(storeId), { storeId, limit, lease }),
    settle: async (storeId) => settle(sql, storeId, kind, await rows(storeId)),
    rows,
    ...leasesOf(sql, rowsOf),
  }
}

/** The store as it stands now; `undefined` where it is gone. */
export type FindStore = (storeId: string) => Promise<Store | undefined>

type Inquired = {
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
  { name, table, idColumn, concurrency, findStore }: Inquired,
  run: (store: Store, id: string) => Promise<void>,
): DueSource => ({
  name,
  concurrency,
  ...dueRowsSource(sql, () => ({ table, idColumn }), { kind: table, lease }),
  run: async (item) => {
    const store = await findStore(item.storeId)
    if (store) await run(store, item.id)
    await releaseDueRow(sql, { table, idColumn }, item)
    return store !== undefined
  },
})
