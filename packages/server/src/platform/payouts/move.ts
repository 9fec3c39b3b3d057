import type { PlatformPayoutStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { byKey, isAmong } from '../among.ts'
import type { Platform } from '../platform.ts'
import { activeStatuses, endedStatuses, type PayoutMoveName, payoutMoves, settlementStatuses } from './status.ts'

/** Whose rows a part of a statement is about, where it has several tables of platforms. */
export const platformOf = (sql: Sql, { merchantId, isForTest }: Platform, alias: string): Fragment =>
  sql`${sql(alias)}.merchant_id = ${merchantId} and ${sql(alias)}.is_for_test = ${isForTest}`

/**
 * Whether the partner of a payout `p` is approved now, in a statement about one payout. Partners are paid only while they are,
 * so this is asked where money leaves, and not only where payouts are made: in between is when an operator finds a fraud.
 */
export const isApproved = (sql: Sql): Fragment => sql`(
  select e.content ->> 'status' = 'APPROVED' from platform_entities e
  where e.merchant_id = p.merchant_id and e.is_for_test = p.is_for_test and e.kind = 'PARTNER' and e.id = p.partner_id
) is true`

/** As `isApproved`, in a statement about many payouts: reads the approved partners once, however many payouts there are. */
export const isAmongApproved = (sql: Sql, platform: Platform): Fragment =>
  isAmong(sql, sql`p.partner_id`, approvedPartners(sql, platform, sql`e.id`))

/** The query of the partners `e` who are approved now. */
export const approvedPartners = (sql: Sql, platform: Platform, columns: Fragment): Fragment => sql`
  select ${columns} from platform_entities e
  where ${platformOf(sql, platform, 'e')} and e.kind = 'PARTNER' and e.content ->> 'status' = 'APPROVED'`

export type Moving = {
  readonly platform: Platform
  readonly move: PayoutMoveName
  /** Which payouts `p`, besides those whose status allows the move. */
  readonly which: Fragment
  /** What else changes of them. Begins with a comma. */
  readonly sets?: Fragment
  readonly now: Instant
  /** Who did it; absent where Naru itself did. */
  readonly actor?: string | undefined
  readonly reason?: string | undefined
}

/**
 * The CTEs that move payouts, and with them their settlements and history, in one statement: `moved` has the
 * payouts as they are afterwards, with `was`, their status before. Those that somebody else moved first are left out.
 * The rows are locked in the order of their ids, so that two such statements cannot wait for each other. Nothing is joined by
 * payouts: each would be compared with each while statistics know nothing of the merchant.
 */
export const movingPayouts = (sql: Sql, moving: Moving): Fragment => {
  const { platform, move, which, sets = sql``, now, actor, reason } = moving
  const { from, to } = payoutMoves[move]
  const target = byKey(sql, sql`select payout_id, was from target`)
  return sql`
    target as materialized (
      select p.payout_id, p.partner_id, p.status as was from platform_payouts p
      where ${platformOf(sql, platform, 'p')} and p.status = any(${[...from]}::text[]) and ${which}
      order by p.payout_id for update
    ), moved as (
      update platform_payouts p set status = ${to}, version = p.version + 1, status_updated_at = ${now}::timestamptz
        ${sets}
      where ${platformOf(sql, platform, 'p')} and ${target.has(sql`p.payout_id`)}
      returning p.*, ${target.valueOf(sql`p.payout_id`)} as was
    ), recorded as (
      insert into platform_payout_events (merchant_id, is_for_test, payout_id, version, status, at, actor, reason)
      select merchant_id, is_for_test, payout_id, version, status, ${now}::timestamptz, ${actor ?? null}::text,
        ${reason ?? null}::text
      from moved
    ), ${followingPayouts(sql, platform, to, now)}`
}

/** The CTEs by which settlements and bulk payouts follow the payouts of `moved`. */
const followingPayouts = (sql: Sql, platform: Platform, to: PlatformPayoutStatus, now: Instant): Fragment => sql`
  settlements_moved as (
    update platform_partner_settlements s set status = ${settlementStatuses[to]}, version = s.version + 1,
      status_updated_at = ${now}::timestamptz
    where ${platformOf(sql, platform, 's')} and ${byKey(sql, sql`select payout_id, was from moved`).has(sql`s.payout_id`)}
      and s.status <> ${settlementStatuses[to]}
  ), bulk_moved as (
    update platform_bulk_payouts b set ${bulkPayoutSets(sql, now)}
    from (
      select bulk_payout_id,
        sum(${isIn(sql, 'status', activeStatuses)} - ${isIn(sql, 'was', activeStatuses)}) as active,
        sum(${isIn(sql, 'status', endedStatuses)} - ${isIn(sql, 'was', endedStatuses)}) as ended,
        sum(${isIn(sql, 'status', ['CANCELLED'])} - ${isIn(sql, 'was', ['CANCELLED'])}) as cancelled
      from moved group by bulk_payout_id
    ) delta
    where ${platformOf(sql, platform, 'b')} and b.bulk_payout_id = delta.bulk_payout_id
  )`

const isIn = (sql: Sql, column: string, statuses: readonly PlatformPayoutStatus[]): Fragment =>
  sql`(${sql(column)} = any(${[...statuses]}::text[]))::integer`

/** The numbers of a bulk payout `b` after `delta`, and the status that follows from them. */
const bulkPayoutSets = (sql: Sql, now: Instant): Fragment => {
  const status = sql`case
    when b.active_count + delta.active > 0 then 'ONGOING'
    when b.cancelled_count + delta.cancelled = b.payout_count then 'CANCELLED'
    when b.ended_count + delta.ended = b.payout_count then 'COMPLETED'
    else 'PREPARED' end`
  return sql`
    active_count = b.active_count + delta.active, ended_count = b.ended_count + delta.ended,
    cancelled_count = b.cancelled_count + delta.cancelled, version = b.version + 1, updated_at = ${now}::timestamptz,
    status_updated_at = case when b.status = 'PREPARING' or b.status = ${status} then b.status_updated_at
      else ${now}::timestamptz end,
    status = case when b.status = 'PREPARING' then b.status else ${status} end`
}
