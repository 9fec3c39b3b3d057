import { isDeepStrictEqual } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import type { Sql } from '../../../db/connect.ts'
import { lookedUp } from '../../../db/looked-up.ts'
import { untilNotOvertaken } from '../../../db/overtaken.ts'
import type { Day } from '../../../kernel/days.ts'
import { again, inRounds } from '../../../kernel/rounds.ts'
import { noteStoresOf } from '../../../workers/due-work.ts'
import { byKey } from '../../among.ts'
import type { ContractContent } from '../content.ts'
import { type BankCalendar, bankCalendar } from './bank-calendar.ts'
import { findOwnDays } from './own-days.ts'
import { settlementDate } from './settlement-date.ts'

type Terms = {
  readonly isForTest: boolean
  readonly contractId: string
  readonly contractVersion: number
  readonly settingVersion: number
  readonly start: Day
  readonly contract: ContractContent
  readonly adjusts: boolean
}

/**
 * Dates the transfers of a merchant anew that have not started, after its calendar changed. Transfers that have started keep
 * their date, and so do those whose date was given. Few statements, since transfers share their terms. Returns how many have
 * another date now.
 *
 * Where the calendar was changed meanwhile everything is dated once more: of two corrections at once, the one that writes last may
 * have read the calendar first.
 */
export const redateScheduled = async (sql: Sql, merchantId: string): Promise<number> => {
  let redated = 0
  let read = await findOwnDays(sql, merchantId)
  return await inRounds('The dates of scheduled transfers', async () => {
    redated += await redateBy(sql, merchantId, bankCalendar(read))
    const now = await findOwnDays(sql, merchantId)
    const isSame = isDeepStrictEqual([...now], [...read])
    read = now
    return isSame ? redated : again
  })
}

const redateBy = async (sql: Sql, merchantId: string, calendar: BankCalendar): Promise<number> => {
  let redated = 0
  for (const isForTest of [false, true]) {
    const terms = await findTerms(sql, merchantId, isForTest)
    const dates = terms.map(({ contract, start, adjusts }) =>
      settlementDate(contract.settlementCycle, Temporal.PlainDate.from(start), calendar, {
        adjustsAfterHolidayIfEarlier: adjusts,
      }).toString(),
    )
    // Orders first: what takes them back is not settled before them.
    // Orders that start are written in an order of their own.
    for (const type of ['ORDER', 'ORDER_CANCEL'] as const)
      redated += await untilNotOvertaken('The dates of scheduled transfers', () =>
        writeDates(sql, { merchantId, isForTest, type }, terms, dates),
      )
  }
  return redated
}

const findTerms = (sql: Sql, merchantId: string, isForTest: boolean): Promise<readonly Terms[]> => sql<Terms[]>`
  with terms as materialized (
    select distinct t.contract_id, t.contract_version, t.setting_version, t.settlement_start_date from platform_transfers t
    where t.merchant_id = ${merchantId} and t.is_for_test = ${isForTest} and t.scheduled_start is not null
      and t.deleted_at is null and not t.is_settlement_date_given
  )
  select t.contract_id as "contractId", t.contract_version as "contractVersion", t.setting_version as "settingVersion",
    t.settlement_start_date as start, c.content as contract, coalesce((
      select (s.content ->> 'adjustSettlementDateAfterHolidayIfEarlier')::boolean from platform_versions s
      where s.merchant_id = c.merchant_id and s.is_for_test = c.is_for_test and s.kind = 'SETTING' and s.id = 'setting'
        and s.version = t.setting_version
    ), true) as adjusts
  from terms t ${lookedUp(
    sql,
    sql`select * from platform_versions c
      where c.merchant_id = ${merchantId} and c.is_for_test = ${isForTest} and c.kind = 'CONTRACT'
        and c.id = t.contract_id and c.version = t.contract_version`,
    'c',
  )}`

type Dated = { readonly merchantId: string; readonly isForTest: boolean; readonly type: 'ORDER' | 'ORDER_CANCEL' }

const writeDates = async (
  sql: Sql,
  { merchantId, isForTest, type }: Dated,
  terms: readonly Terms[],
  dates: readonly Day[],
): Promise<number> => {
  if (terms.length === 0) return 0
  const keys = terms.map(({ contractId, contractVersion, settingVersion, start }) =>
    [contractId, contractVersion, settingVersion, start].join('\n'),
  )
  // No id has a line break.
  const termsOf = sql`concat_ws(chr(10), t.contract_id, t.contract_version, t.setting_version, t.settlement_start_date)`
  const dateOf = byKey(sql, sql`select * from unnest(${keys}::text[], ${[...dates]}::text[])`)
  const ofOrder = sql`
    select original.settlement_date from platform_transfers original
    where original.merchant_id = ${merchantId} and original.is_for_test = ${isForTest}
      and original.transfer_id = t.original_transfer_id`
  const date = type === 'ORDER' ? dateOf.valueOf(termsOf) : sql`greatest(${dateOf.valueOf(termsOf)}, (${ofOrder}))`
  const [row] = await sql<[{ count: number }]>`
    with moved as (
      update platform_transfers t set settlement_date = ${date}, version = t.version + 1
      where t.merchant_id = ${merchantId} and t.is_for_test = ${isForTest} and t.scheduled_start is not null
        and t.type = ${type} and t.deleted_at is null and not t.is_settlement_date_given and t.settlement_date <> ${date}
      returning t.store_id, t.settlement_date as day
    ), armed as (
      insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
      select distinct ${merchantId}, ${isForTest}, store_id, day, (day || 'T00:00:00+09:00')::timestamptz from moved
      on conflict (merchant_id, is_for_test, store_id, day) do nothing
    ), noted as (${noteStoresOf(sql, 'platform_days', sql`moved`)})
    select count(*) from moved`
  return row.count
}
