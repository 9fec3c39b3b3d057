import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { inEpoch, ofPlatform, type Platform } from '../platform.ts'

/**
 * CTE `open_days`: those of the days that the platform's store has not closed. Their rows are held until the statement is
 * committed, so that whoever closes one waits and sums up what the statement wrote. A statement takes them before the rows of
 * transfers. A day that another statement founds at the same moment is left out: what waits for it does so without a name.
 */
export const openDays = (sql: Sql, platform: Platform, days: readonly Day[]): Fragment => {
  const { merchantId, isForTest, store } = platform
  const wanted = [...new Set(days)].sort()
  const known = sql`${ofPlatform(sql, platform)} and store_id = ${store.storeId}`
  return sql`
    new_days as (
      insert into platform_settlement_days (merchant_id, is_for_test, store_id, day)
      select ${merchantId}, ${isForTest}::boolean, ${store.storeId}, d.day from unnest(${wanted}::text[]) as d (day)
      where ${inEpoch(sql, platform)} and not exists (select from platform_settlement_days k where ${known} and k.day = d.day)
      order by d.day on conflict do nothing returning day
    ), held_days as materialized (
      select day from platform_settlement_days
      where ${inEpoch(sql, platform)} and ${known} and day = any(${wanted}::text[]) and status = 'OPEN' order by day for share
    ), open_days as materialized (select day from new_days union all select day from held_days)`
}

/** Status and settlement of a transfer that is written, whose row `given` has the name of its settlement if it may wait for one. */
export const assigned = (sql: Sql, given: Fragment): { readonly status: Fragment; readonly settlement: Fragment } => {
  const isAssigned = sql`
    ${given}.partner_settlement_id is not null and ${given}.settlement_date in (select day from open_days)`
  return {
    status: sql`case when ${isAssigned} then 'ASSIGNED' else ${given}.status end`,
    settlement: sql`case when ${isAssigned} then ${given}.partner_settlement_id end`,
  }
}
