import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { untilNotOvertaken } from '../../db/overtaken.ts'
import type { Day } from '../../kernel/days.ts'
import { sortableId } from '../../kernel/ids.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { largestFormula, largestOf, largestSum, mostOfLargest } from '../sums.ts'
import { ofRow } from '../transfers/rows.ts'
import { amountColumns, groupColumns } from './amounts.ts'
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
 * `target` names the settlement of each group of transfers: the open one, whose row is taken so that no payout closes it
 * meanwhile, or a new one, which is not open where it stands beside a full one. `taken` locks the transfers, each once whoever
 * else runs, and `sums` what of them was `moved`. Whoever else founds the settlement at the same time makes this statement
 * fail as a whole. Settlements, then transfers, then what is founded are each taken in one order by everybody.
 *
 * `moved` finds its transfers as `taken` did, rather than by their ids: PostgreSQL compared each with each, for over 30 s with
 * 8,000, where its statistics did not know of the merchant yet.
 */
const write = async (sql: Sql, request: PlatformRequest, day: Day, condition: Fragment): Promise<number> => {
  const { platform } = request
  const [row] = await sql<[{ moved: number }]>`
    with groups as materialized (
      select t.partner_id, t.type, t.currency, coalesce(t.contract_id, '') as contract, ${alone(sql)} as alone,
        ${largestOf(sql, added)} as added
      from platform_transfers t where ${waiting(sql, platform, day)} ${condition}
      group by 1, 2, 3, 4, 5
    ), open as materialized (
      select partner_settlement_id, partner_id, type, currency, coalesce(contract_id, '') as contract,
        ${largestOf(sql, [...amountColumns, largestFormula('user_defined_formulas')])} as held
      from platform_partner_settlements
      where ${ofPlatform(sql, platform)} and settlement_date = ${day} and is_open
        and partner_id in (select partner_id from groups)
      order by partner_settlement_id for update
    ), target as materialized (
      select g.*, not coalesce(${hasRoom(sql)}, false) as is_new,
        g.alone = '' and o.partner_settlement_id is null as is_open,
        coalesce(case when ${hasRoom(sql)} then o.partner_settlement_id end,
        'pst-' || upper(substr(md5(concat_ws(chr(10), ${sortableId()}::text, g.partner_id, g.type, g.currency, g.contract,
          g.alone)), 1, 26))) as id
      from groups g left join open o on o.partner_id = g.partner_id and o.type = g.type and o.currency = g.currency
        and o.contract = g.contract and g.alone = ''
    ), taken as materialized (
      select t.transfer_id from platform_transfers t where ${waiting(sql, platform, day)} ${condition}
      order by t.transfer_id for update
    ), moved as (
      update platform_transfers t set status = 'SETTLED', version = t.version + 1, partner_settlement_id = target.id
      from target where (select count(*) from taken) > 0 and ${waiting(sql, platform, day)} ${condition}
        and target.partner_id = t.partner_id and target.type = t.type and target.currency = t.currency
        and target.contract = coalesce(t.contract_id, '') and target.alone = ${alone(sql)}
      returning target.id, target.is_new, target.is_open, t.partner_version, t.contract_version, t.settlement_start_date,
        t.user_defined_formulas, ${namesOf(sql, [...groupColumns, ...amountColumns], 't')}
    ), ${sums(sql)}, ${founded(sql, request)}, ${joined(sql, platform)}
    select count(*) as moved from moved`
  return row.moved
}

/** The columns and formulas of a group's transfers: how much the largest of them may add to a settlement. */
const added = [
  ...amountColumns.map((column) => `sum(abs(t.${column}))`),
  `sum(${largestFormula('t.user_defined_formulas')})`,
]

/** Whether the open settlement `o` can hold the transfers of the group `g` as well; null where there is none. */
const hasRoom = (sql: Sql): Fragment => sql`o.held + g.added <= ${largestSum}::bigint`

/** The id of a transfer that is settled by itself; nothing for all others. */
const alone = (sql: Sql): Fragment => sql`case when t.is_settled_alone then t.transfer_id else '' end`

const namesOf = (sql: Sql, columns: readonly string[], table?: string): Fragment =>
  sql.unsafe(columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', '))

/** What was moved, by settlement. Most merchants have no formulas of their own, whose sums are made apart. */
const sums = (sql: Sql): Fragment => sql`
  formula_sums as (
    select id, jsonb_object_agg(key, total) as formulas from (
      select id, key, sum(value::bigint)::bigint as total from moved, jsonb_each_text(user_defined_formulas)
      where user_defined_formulas <> '{}' group by id, key
    ) by_key group by id
  ), sums as (
    select id, is_new, is_open, ${namesOf(sql, groupColumns)}, count(*)::integer as transfer_count,
      max(partner_version) as partner_version, max(contract_version) as contract_version,
      min(settlement_start_date) as start_date_from, max(settlement_start_date) as start_date_until,
      ${sql.unsafe(amountColumns.map((column) => `sum(${column})::bigint as ${column}`).join(', '))}
    from moved group by id, is_new, is_open, ${namesOf(sql, groupColumns)}
  )`

const shared = ['partner_version', 'contract_version', 'start_date_from', 'start_date_until', 'transfer_count']

const founded = (sql: Sql, { platform, now }: PlatformRequest): Fragment => sql`
  founded as (
    insert into platform_partner_settlements (merchant_id, is_for_test, partner_settlement_id, store_id, status,
      status_updated_at, created_at, is_open, user_defined_formulas,
      ${namesOf(sql, [...groupColumns, ...shared, ...amountColumns])})
    select ${platform.merchantId}, ${platform.isForTest}::boolean, id, ${platform.store.storeId}, 'PAYOUT_PREPARED',
      ${now}::timestamptz, ${now}::timestamptz, is_open, coalesce(formulas, '{}'),
      ${namesOf(sql, [...groupColumns, ...shared, ...amountColumns])}
    from sums left join formula_sums using (id)
    where is_new order by partner_id, type, currency, contract_id, id
  )`

const joined = (sql: Sql, platform: Platform): Fragment => {
  const added = ['transfer_count', ...amountColumns].map((column) => `${column} = s.${column} + sums.${column}`)
  const latest = ['partner_version', 'contract_version', 'start_date_until'].map(
    (column) => `${column} = greatest(s.${column}, sums.${column})`,
  )
  return sql`
    joined as (
      update platform_partner_settlements s set version = s.version + 1, ${sql.unsafe([...added, ...latest].join(', '))},
        start_date_from = least(s.start_date_from, sums.start_date_from),
        user_defined_formulas = add_formulas(s.user_defined_formulas, coalesce(formulas, '{}'))
      from sums left join formula_sums using (id)
      where ${ofRow(sql, platform, 's')} and not sums.is_new and s.partner_settlement_id = sums.id
    )`
}
