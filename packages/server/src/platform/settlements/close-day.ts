import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { holdLease } from '../../kernel/work.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { largestOf, largestSum } from '../sums.ts'
import { ofRow } from '../transfers/rows.ts'
import { allFormulas, amountColumns, sumOfFormulas } from './amounts.ts'

/** Told after every slice how many transfers have been settled so far. May throw to stop the run: nothing is lost. */
export type Progress = (settled: number) => void

/** How many transfers one statement sums up: a second's work, so that a run can be stopped between two. */
const usualSlice = 250_000

export type RunOptions = { readonly progress?: Progress | undefined; readonly sliceSize?: number }

/**
 * Closes a day of the platform's store, and founds the settlements that its transfers were assigned to. Of transfers nothing
 * is written: they are settled once a settlement has the name that they have. Returns how many were settled.
 *
 * A closed day takes no transfer any more, so that its sums can be made at any time and by anybody: each slice is one
 * statement, which only the first of those that make it can write. Where another settlement of a group is open, as that of a
 * store whose clock is ahead, its transfers lose their name and wait to join it one by one. So do those of a group that adds up
 * to more than one settlement can hold: they are settled in several.
 */
export const closeDay = async (
  sql: Sql,
  request: PlatformRequest,
  day: Day,
  { progress, sliceSize = usualSlice }: RunOptions = {},
): Promise<number> => {
  const { platform } = request
  await close(sql, platform, day)
  let total = 0
  for (;;) {
    holdLease()
    const slice = await nextSlice(sql, platform, day, sliceSize)
    if (!slice) return total
    const settled = await sumUp(sql, request, day, slice)
    total += settled
    if (settled > 0) progress?.(total)
  }
}

/** Waits for whoever is assigning a transfer to the day, so that it is there for the statement that follows. */
const close = async (sql: Sql, { merchantId, isForTest, store }: Platform, day: Day): Promise<void> => {
  await sql`
    insert into platform_settlement_days as known (merchant_id, is_for_test, store_id, day, status)
    values (${merchantId}, ${isForTest}, ${store.storeId}, ${day}, 'CLOSED')
    on conflict (merchant_id, is_for_test, store_id, day)
      do update set status = 'CLOSED', version = known.version + 1 where known.status = 'OPEN'`
}

/** Partners behind the ones that are settled, up to one of them, or all that are left; and the day as it was read. */
type Slice = { readonly version: number; readonly after: string; readonly until: string | null }

const nextSlice = async (sql: Sql, platform: Platform, day: Day, sliceSize: number): Promise<Slice | undefined> => {
  const [slice] = await sql<Slice[]>`
    select version, settled_until as after, (
      select t.partner_id from platform_transfers t
      where ${ofDay(sql, platform, day)} and t.partner_id > d.settled_until
      order by t.partner_id, t.created_at, t.transfer_id offset ${sliceSize - 1} limit 1
    ) as until
    from platform_settlement_days d
    where ${ofRow(sql, platform, 'd')} and d.store_id = ${platform.store.storeId} and d.day = ${day}
      and d.status = 'CLOSED'`
  return slice
}

const ofDay = (sql: Sql, platform: Platform, day: Day): Fragment =>
  sql`${ofRow(sql, platform, 't')} and t.settlement_date = ${day} and t.deleted_at is null`

/**
 * The row of the day decides who sums up. Nothing is counted that was deleted after this statement began: a deletion moves the
 * day's version, or finds the slice settled. Returns how many transfers were settled; none where somebody else was faster.
 */
const sumUp = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  day: Day,
  { version, after, until }: Slice,
): Promise<number> => {
  const { merchantId, isForTest, store } = platform
  const assigned = sql`
    ${ofDay(sql, platform, day)} and t.store_id = ${store.storeId} and t.status = 'ASSIGNED' and t.partner_id > ${after}
    ${until === null ? sql`` : sql`and t.partner_id <= ${until}`}`
  const [row] = await sql<[{ settled: number }]>`
    with taken as (
      update platform_settlement_days set version = version + 1,
        ${until === null ? sql`status = 'SETTLED'` : sql`settled_until = ${until}`}
      where ${ofPlatform(sql, platform)} and store_id = ${store.storeId} and day = ${day} and status = 'CLOSED'
        and version = ${version}
      returning 1
    ), sums as materialized (
      select t.partner_settlement_id as id, t.partner_id, t.type, t.currency, t.contract_id, t.is_settled_alone,
        count(*)::integer as transfer_count, max(t.partner_version) as partner_version,
        max(t.contract_version) as contract_version, min(t.settlement_start_date) as start_date_from,
        max(t.settlement_start_date) as start_date_until,
        ${allFormulas(sql)} as formulas,
        ${sql.unsafe(amountColumns.map((column) => `sum(t.${column}) as ${column}`).join(', '))}
      from platform_transfers t where ${assigned} and exists (select from taken)
      group by t.partner_settlement_id, t.partner_id, t.type, t.currency, t.contract_id, t.is_settled_alone
    ), fitting as materialized (
      select sums.*, ${sumOfFormulas(sql)} as sum_of_formulas from sums
      where ${largestOf(sql, amountColumns)} <= ${largestSum}::bigint
    ), founded as (
      insert into platform_partner_settlements (merchant_id, is_for_test, partner_settlement_id, store_id, status,
        status_updated_at, created_at, is_open, is_paid_alone, settlement_date, user_defined_formulas, ${summed(sql)})
      select ${merchantId}, ${isForTest}::boolean, id, ${store.storeId}, 'PAYOUT_PREPARED', ${now}::timestamptz,
        ${now}::timestamptz, not is_settled_alone, is_settled_alone, ${day}, sum_of_formulas, ${summed(sql)}
      from fitting where not exists (
        select from jsonb_each_text(sum_of_formulas) where abs(value::numeric) > ${largestSum}::bigint
      )
      order by partner_id, type, currency, contract_id, id
      on conflict (merchant_id, is_for_test, partner_id, type, settlement_date, currency, (coalesce(contract_id, '')))
        where is_open do nothing
      returning partner_settlement_id, transfer_count
    ), elsewhere as materialized (
      select id, partner_id from sums where id not in (select partner_settlement_id from founded)
    ), waiting as (
      update platform_transfers t set status = 'IN_PROCESS', partner_settlement_id = null, version = t.version + 1
      where ${assigned} and t.partner_id = any(array(select partner_id from elsewhere))
        and t.partner_settlement_id = any(array(select id from elsewhere))
    )
    select coalesce(sum(transfer_count), 0)::integer as settled from founded`
  return row.settled
}

const summed = (sql: Sql): Fragment =>
  sql.unsafe(
    [
      ...['partner_id', 'type', 'currency', 'contract_id', 'transfer_count', 'partner_version', 'contract_version'],
      ...['start_date_from', 'start_date_until', ...amountColumns],
    ].join(', '),
  )
