import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { byKey, isAmong } from '../among.ts'
import type { Platform } from '../platform.ts'
import { platformOf } from './move.ts'

/**
 * The CTE `stale`: the failed payouts of these settlements, locked. Nobody may retry a payout once a settlement of it can be
 * paid by another one, so they are given up together with what frees the settlement. Goes before any lock on settlements.
 *
 * The settlements are read first and by themselves: joined, a database that has not counted its rows yet read all of them
 * again for every payout there was.
 */
export const stalePayouts = (sql: Sql, platform: Platform, settlementIds: readonly string[]): Fragment => sql`
  of_failed as materialized (
    select s.payout_id from platform_partner_settlements s
    where ${platformOf(sql, platform, 's')} and s.partner_settlement_id = any(${[...settlementIds]}::text[])
      and s.status = 'PAYOUT_FAILED'
  ), stale as materialized (
    select p.payout_id, p.status from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and p.payout_id = any(array(select payout_id from of_failed))
    order by p.payout_id for update
  )`

/** The CTEs that cancel the payouts of `stale` where `allowed` has a row. What else was in them can be paid again. */
export const givingUpPayouts = (
  sql: Sql,
  platform: Platform,
  { settlementIds, now, actor, reason }: GivingUp,
): Fragment => sql`
  given_up as (
    update platform_payouts p set status = 'CANCELLED', version = p.version + 1, status_updated_at = ${now}::timestamptz
    where ${platformOf(sql, platform, 'p')} and ${byKey(sql, sql`select payout_id, status from stale`).has(sql`p.payout_id`)}
      and exists (select from allowed)
    returning p.payout_id, p.version, p.bulk_payout_id
  ), given_up_events as (
    insert into platform_payout_events (merchant_id, is_for_test, payout_id, version, status, at, actor, reason)
    select ${platform.merchantId}, ${platform.isForTest}, payout_id, version, 'CANCELLED', ${now}::timestamptz, ${actor},
      ${reason}
    from given_up
  ), given_up_settlements as (
    update platform_partner_settlements s set status = 'CANCELLED', version = s.version + 1,
      status_updated_at = ${now}::timestamptz
    where ${platformOf(sql, platform, 's')} and ${byKey(sql, sql`select payout_id, version from given_up`).has(sql`s.payout_id`)}
      and not ${isAmong(sql, sql`s.partner_settlement_id`, sql`select unnest(${[...settlementIds]}::text[])`)}
  ), given_up_bulks as (
    update platform_bulk_payouts b set cancelled_count = b.cancelled_count + g.count, updated_at = ${now}::timestamptz,
      status = case when b.cancelled_count + g.count = b.payout_count then 'CANCELLED' else b.status end
    from (select bulk_payout_id, count(*)::integer as count from given_up group by 1) g
    where ${platformOf(sql, platform, 'b')} and b.bulk_payout_id = g.bulk_payout_id
  )`

type GivingUp = {
  /** Settlements that whoever gives the payouts up takes care of. */
  readonly settlementIds: readonly string[]
  readonly now: Instant
  readonly actor: string
  readonly reason: string
}
