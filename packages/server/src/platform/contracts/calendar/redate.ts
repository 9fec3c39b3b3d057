import { Temporal } from 'temporal-polyfill'
import type { Sql } from '../../../db/connect.ts'
import { beginOf, type Day } from '../../../kernel/days.ts'
import { noteStoresOf } from '../../../workers/due-work.ts'
import type { ContractContent } from '../content.ts'
import { findBankCalendar } from './own-days.ts'
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
 */
export const redateScheduled = async (sql: Sql, merchantId: string): Promise<number> => {
  const calendar = await findBankCalendar(sql, merchantId)
  let redated = 0
  for (const isForTest of [false, true]) {
    const terms = await findTerms(sql, merchantId, isForTest)
    const dates = terms.map(({ contract, start, adjusts }) =>
      settlementDate(contract.settlementCycle, Temporal.PlainDate.from(start), calendar, {
        adjustsAfterHolidayIfEarlier: adjusts,
      }).toString(),
    )
    redated += await writeDates(sql, merchantId, isForTest, terms, dates)
  }
  return redated
}

const findTerms = (sql: Sql, merchantId: string, isForTest: boolean): Promise<readonly Terms[]> => sql<Terms[]>`
  select distinct t.contract_id as "contractId", t.contract_version as "contractVersion",
    t.setting_version as "settingVersion", t.settlement_start_date as start, c.content as contract,
    coalesce((s.content ->> 'adjustSettlementDateAfterHolidayIfEarlier')::boolean, true) as adjusts
  from platform_transfers t
  join platform_versions c on c.merchant_id = ${merchantId} and c.is_for_test = ${isForTest} and c.kind = 'CONTRACT'
    and c.id = t.contract_id and c.version = t.contract_version
  left join platform_versions s on s.merchant_id = ${merchantId} and s.is_for_test = ${isForTest}
    and s.kind = 'SETTING' and s.version = t.setting_version
  where t.merchant_id = ${merchantId} and t.is_for_test = ${isForTest} and t.scheduled_start is not null
    and t.deleted_at is null and not t.is_settlement_date_given`

const writeDates = async (
  sql: Sql,
  merchantId: string,
  isForTest: boolean,
  terms: readonly Terms[],
  dates: readonly Day[],
): Promise<number> => {
  if (terms.length === 0) return 0
  const [row] = await sql<[{ count: number }]>`
    with dated as (
      select * from unnest(${terms.map(({ contractId }) => contractId)}::text[],
        ${terms.map(({ contractVersion }) => contractVersion)}::integer[],
        ${terms.map(({ settingVersion }) => settingVersion)}::integer[], ${terms.map(({ start }) => start)}::text[],
        ${[...dates]}::text[], ${dates.map(beginOf)}::timestamptz[])
        as d (contract_id, contract_version, setting_version, start, day, due_at)
    ), moved as (
      update platform_transfers t set settlement_date = d.day, version = t.version + 1
      from dated d
      where t.merchant_id = ${merchantId} and t.is_for_test = ${isForTest} and t.scheduled_start is not null
        and t.deleted_at is null and not t.is_settlement_date_given and t.contract_id = d.contract_id
        and t.contract_version = d.contract_version and t.setting_version = d.setting_version
        and t.settlement_start_date = d.start and t.settlement_date <> d.day
      returning t.store_id, d.day, d.due_at
    ), armed as (
      insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
      select distinct ${merchantId}, ${isForTest}, store_id, day, due_at from moved
      on conflict (merchant_id, is_for_test, store_id, day) do nothing
    ), noted as (${noteStoresOf(sql, 'platform_days', sql`moved`)})
    select count(*) from moved`
  return row.count
}
