import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { untilNotOvertaken } from '../../db/overtaken.ts'
import type { Day } from '../../kernel/days.ts'
import { sortableId } from '../../kernel/ids.ts'
import { isAmong } from '../among.ts'
import { inEpoch, type Platform, type PlatformRequest } from '../platform.ts'
import { largestFormula, largestOf, largestSum, mostOfLargest } from '../sums.ts'
import { ofRow } from '../transfers/rows.ts'
import { allFormulas, amountColumns, groupColumns, sumOfFormulas } from './amounts.ts'
import { closeDay, type Progress } from './close-day.ts'

/**
 * How many waiting transfers one statement settles: half a second's work at most, so that a run can be stopped between two;
 * and no more than one settlement can hold, whatever their amounts.
 */
const sliceSize = mostOfLargest

/**
 * Settles the transfers of the platform's store whose settlement date is this day. Returns how many were settled. Can be cut
 * off at any point, started again, and run twice at once.
 */
export const settleDay = async (
  sql: Sql,
  request: PlatformRequest,
  day: Day,
  progress: Progress = () => undefined,
): Promise<number> => {
  const assigned = await closeDay(sql, request, day, { progress })
  return assigned + (await settleWaiting(sql, request, day, (settled) => progress(assigned + settled)))
}

/**
 * Settles what waits without the name of a settlement, as what came too late for its day: each transfer joins the open
 * settlement of its partner, contract, type, date and currency, or founds one: one of its own where the open one would hold
 * more than it can. In slices of the index of those that wait, each one statement, which moves its transfers and adds what it
 * moved to their settlements.
 */
const settleWaiting = async (sql: Sql, request: PlatformRequest, day: Day, progress: Progress): Promise<number> => {
  let total = 0
  for (;;) {
    const until = await endOfSlice(sql, request.platform, day)
    if (until === undefined) return total
    const settled = await settle(sql, request, day, isUpTo(sql, until))
    total += settled
    if (settled > 0) progress(total)
  }
}

/** Settles one transfer whose settlement date has come, if it is not settled. */
export const settleTransfer = async (
  sql: Sql,
  request: PlatformRequest,
  { transferId, settlementDate }: { readonly transferId: string; readonly settlementDate: Day },
): Promise<void> => {
  await settle(sql, request, settlementDate, sql`and t.transfer_id = ${transferId}`)
}

/** Where in the index of a day a transfer is. The instant is PostgreSQL's text, which loses nothing. */
type Place = { readonly partnerId: string; readonly createdAt: string; readonly transferId: string }

/** The last of the next ones that wait; nothing where none does. */
const endOfSlice = async (sql: Sql, platform: Platform, day: Day): Promise<Place | undefined> => {
  const [place] = await sql<Place[]>`
    select "partnerId", "createdAt"::text, "transferId" from (
      select t.partner_id as "partnerId", t.created_at as "createdAt", t.transfer_id as "transferId"
      from platform_transfers t where ${waiting(sql, platform, day)}
      order by t.partner_id, t.created_at, t.transfer_id limit ${sliceSize}
    ) slice
    order by "partnerId" desc, "createdAt" desc, "transferId" desc limit 1`
  return place
}

const waiting = (sql: Sql, platform: Platform, day: Day): Fragment => sql`
  ${ofRow(sql, platform, 't')} and t.store_id = ${platform.store.storeId} and t.settlement_date = ${day}
  and t.status = 'IN_PROCESS' and t.deleted_at is null`

const isUpTo = (sql: Sql, { partnerId, createdAt, transferId }: Place): Fragment =>
  sql`and (t.partner_id, t.created_at, t.transfer_id) <= (${partnerId}, ${createdAt}::text::timestamptz, ${transferId})`

/** Settles the transfers of a day that meet the condition `and …`. Where somebody else was faster, it looks again. */
const settle = (sql: Sql, request: PlatformRequest, day: Day, condition: Fragment): Promise<number> =>
  untilNotOvertaken('a settlement', () => write(sql, request, day, condition), [isFounded])

/** The SQLSTATE of a unique violation: another run has founded the settlement that this one was founding. */
const isFounded = '23505'

/**
 * `open` takes the open settlements that a transfer may join, so that no payout closes them meanwhile; `taken` then locks the
 * transfers, each once whoever else runs. `names` has the settlement of each group of them: the open one, or a new one where
 * there is none or it is full. `moved` gives each transfer the name of its group, and `written` adds what was moved to the
 * settlements, or founds them. Whoever else founds one at the same time makes this statement fail as a whole. Settlements, then
 * transfers, then what is founded are each taken in one order by everybody.
 *
 * A group that another run was faster with has no name, and `moved` leaves it out by that: PostgreSQL holds a row that an update
 * would write against the table's constraints before it sees that somebody else has changed it.
 *
 * Nothing is joined. Where its statistics do not know of a merchant yet, PostgreSQL takes each part for a single row and compares
 * each with each: for over 30 s with 8,000 transfers. Groups are brought together by sorting instead, and found by their name.
 */
const write = async (sql: Sql, request: PlatformRequest, day: Day, condition: Fragment): Promise<number> => {
  const { platform } = request
  const [row] = await sql<[{ moved: number }]>`
    with partners as materialized (
      select distinct t.partner_id from platform_transfers t
      where ${inEpoch(sql, platform)} and ${waiting(sql, platform, day)} ${condition}
    ), open as materialized (
      select s.partner_settlement_id as id, ${groupOf(sql, 's')} as "group",
        ${largestOf(sql, [...amountColumns, largestFormula('user_defined_formulas')])} as held
      from platform_partner_settlements s
      where ${ofRow(sql, platform, 's')} and s.settlement_date = ${day} and s.is_open
        and s.partner_id >= (select min(partner_id) from partners)
        and s.partner_id <= (select max(partner_id) from partners)
        and ${isAmong(sql, sql`s.partner_id`, sql`select partner_id from partners`)}
      order by s.partner_settlement_id for update
    ), taken as materialized (
      select ${groupOfTransfer(sql)} as "group", t.user_defined_formulas, ${namesOf(sql, amountColumns, 't')}
      from platform_transfers t
      where (select count(*) from open) >= 0 and ${waiting(sql, platform, day)} ${condition}
      order by t.transfer_id for update
    ), ${names(sql)}, moved as (
      update platform_transfers t set status = 'SETTLED', version = t.version + 1,
        partner_settlement_id = ${nameOfGroup(sql)}
      where ${nameOfGroup(sql)} is not null and ${waiting(sql, platform, day)} ${condition}
      returning t.partner_settlement_id as id, t.is_settled_alone, t.partner_version, t.contract_version,
        t.settlement_start_date, t.user_defined_formulas, ${namesOf(sql, [...groupColumns, ...amountColumns], 't')}
    ), ${sums(sql)}, ${written(sql, request)}
    select count(*) as moved from moved`
  return row.moved
}

/** What makes transfers and settlements of a day belong together. No id has a line break. */
const groupOf = (sql: Sql, row: 's' | 't' | 'sums'): Fragment =>
  sql.unsafe(`concat_ws(chr(10), ${row}.partner_id, ${row}.type, ${row}.currency, coalesce(${row}.contract_id, ''))`)

/** A transfer that is settled by itself is a group of its own. */
const groupOfTransfer = (sql: Sql): Fragment => sql`
  concat_ws(chr(10), ${groupOf(sql, 't')}, case when t.is_settled_alone then t.transfer_id end)`

/** The settlement of a transfer's group, which is known once all transfers are locked. */
const nameOfGroup = (sql: Sql): Fragment => sql`(select of_group from names) ->> ${groupOfTransfer(sql)}`

/** The open settlement of a group, if it can hold the group's transfers as well; else the id of a new one. */
const names = (sql: Sql): Fragment => sql`
  grouped as (
    select "group", max(id) as open_id, max(held) + max(added) as total from (
      select "group", id, held, null::numeric as added from open
      union all
      select "group", null, null, ${largestOf(sql, added)} from taken group by "group"
    ) open_and_taken group by "group" having max(added) is not null
  ), names as (
    select jsonb_object_agg("group", case when total <= ${largestSum}::bigint then open_id
      else 'pst-' || upper(substr(md5(concat_ws(chr(10), ${sortableId()}::text, "group")), 1, 26)) end) as of_group
    from grouped
  )`

/** The columns and formulas of a group's transfers: how much the largest of them may add to a settlement. */
const added = [
  ...amountColumns.map((column) => `sum(abs(${column}))`),
  `sum(${largestFormula('user_defined_formulas')})`,
]

const namesOf = (sql: Sql, columns: readonly string[], table?: string): Fragment =>
  sql.unsafe(columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', '))

/** What was moved, by settlement. */
const sums = (sql: Sql): Fragment => sql`
  sums as (
    select id, is_settled_alone, ${namesOf(sql, groupColumns)}, count(*)::integer as transfer_count,
      max(partner_version) as partner_version, max(contract_version) as contract_version,
      min(settlement_start_date) as start_date_from, max(settlement_start_date) as start_date_until,
      ${allFormulas(sql)} as formulas,
      ${sql.unsafe(amountColumns.map((column) => `sum(${column})::bigint as ${column}`).join(', '))}
    from moved group by id, is_settled_alone, ${namesOf(sql, groupColumns)}
  )`

const shared = ['partner_version', 'contract_version', 'start_date_from', 'start_date_until', 'transfer_count']

/** A settlement that stands beside a full one is not open. */
const written = (sql: Sql, { platform, now }: PlatformRequest): Fragment => {
  const columns = namesOf(sql, [...groupColumns, ...shared, ...amountColumns])
  const added = ['transfer_count', ...amountColumns].map((column) => `${column} = s.${column} + excluded.${column}`)
  const latest = ['partner_version', 'contract_version', 'start_date_until'].map(
    (column) => `${column} = greatest(s.${column}, excluded.${column})`,
  )
  return sql`
    written as (
      insert into platform_partner_settlements as s (merchant_id, is_for_test, partner_settlement_id, store_id, status,
        status_updated_at, created_at, is_open, is_paid_alone, user_defined_formulas, ${columns})
      select ${platform.merchantId}, ${platform.isForTest}::boolean, id, ${platform.store.storeId}, 'PAYOUT_PREPARED',
        ${now}::timestamptz, ${now}::timestamptz,
        not is_settled_alone and not ${isAmong(sql, groupOf(sql, 'sums'), sql`select "group" from open`)},
        is_settled_alone, ${sumOfFormulas(sql)}, ${columns}
      from sums order by partner_id, type, currency, contract_id, id
      on conflict (merchant_id, is_for_test, partner_settlement_id) do update set version = s.version + 1,
        ${sql.unsafe([...added, ...latest].join(', '))}, start_date_from = least(s.start_date_from, excluded.start_date_from),
        user_defined_formulas = add_formulas(s.user_defined_formulas, excluded.user_defined_formulas)
    )`
}
