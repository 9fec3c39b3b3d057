import type { Sql } from '../../db/connect.ts'
import { type Day, isDay } from '../../kernel/days.ts'
import { refuse } from '../../kernel/refusal.ts'
import { isAmong } from '../among.ts'
import { fewOf } from '../few.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { largestOf, largestSum } from '../sums.ts'
import { platformOf } from './move.ts'
import { soleSettlement } from './net.ts'
import { payableStatuses } from './status.ts'
import { notPreparing, whyNonePayable, whyNotCreated } from './why-not-prepared.ts'

export type Preparation = {
  readonly bulkPayoutId: string
  readonly name: string
  readonly settlementDates: readonly Day[]
  readonly actor: string
}

/** PortOne's console takes so many dates at once. */
const mostDates = 10

/**
 * Begins a bulk payout: selects every settlement of these dates that can be paid. A remittance agency pays in won only, so
 * that other currencies stay for complete-payout; and of a partner no more than one payout can pay, beside what is paid alone,
 * so that the rest stays for another bulk payout. A settlement that is more than that by itself, which earlier versions made, is left out and found by
 * an audit. One at a time is prepared: what it has selected, nobody else takes.
 */
export const prepareBulkPayout = async (sql: Sql, request: PlatformRequest, preparation: Preparation) => {
  const { bulkPayoutId, name, settlementDates, actor } = preparation
  const { platform, now } = request
  if (settlementDates.length < 1 || settlementDates.length > mostDates)
    return refuse('INVALID_REQUEST', `settlementDates must have 1 to ${mostDates} dates.`)
  const notADay = settlementDates.find((date) => !isDay(date))
  if (notADay !== undefined)
    return refuse('INVALID_REQUEST', `settlementDates must be days such as 2026-03-02, not ${notADay}.`)
  const isPayable = sql`
    ${ofPlatform(sql, platform)} and settlement_date = any(${[...settlementDates]}::text[])
      and status = any(${[...payableStatuses]}::text[]) and currency = 'KRW'`
  const [row] = await sql<[{ created: number; payable: number }]>`
    with payable as materialized (
      select partner_settlement_id, partner_id, ${soleSettlement(sql)} as sole,
        ${largestOf(sql, ['settlement', 'settlement_tax_free'])} as amount
      from platform_partner_settlements s where ${isPayable} order by partner_settlement_id for update
    ), candidates as materialized (
      select partner_settlement_id from (
        select partner_settlement_id, partner_id,
          sum(amount) over (partition by partner_id, sole order by partner_settlement_id) as total
        from payable where amount <= ${largestSum}::bigint
      ) summed where total <= ${largestSum}::bigint
    ), created as (
      insert into platform_bulk_payouts (merchant_id, is_for_test, bulk_payout_id, store_id, name, creator_id, method,
        status, status_updated_at, created_at, updated_at)
      select ${platform.merchantId}, ${platform.isForTest}, ${bulkPayoutId}, ${platform.store.storeId}, ${name}, ${actor},
        'AGENCY', 'PREPARING', ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      where exists (select from candidates)
      on conflict do nothing returning bulk_payout_id
    ), selected as (
      update platform_partner_settlements set bulk_payout_id = ${bulkPayoutId}, is_selected = true, is_open = false,
        version = version + 1
      where exists (select from created) and ${isPayable}
        and ${isAmong(sql, sql`partner_settlement_id`, sql`select partner_settlement_id from candidates`)}
    )
    select (select count(*) from created) as created, (select count(*) from candidates) as payable`
  if (row.created === 1) return { bulkPayoutId }
  if (row.payable === 0) return await whyNonePayable(sql, platform, settlementDates)
  return await whyNotCreated(sql, request, bulkPayoutId)
}

/** Takes settlements out of a bulk payout that is being prepared, or back in: all of them, or those that are named, or none. */
export const selectSettlements = async (
  sql: Sql,
  { platform }: PlatformRequest,
  bulkPayoutId: string,
  isSelected: boolean,
  ids: readonly string[] | undefined,
) => {
  const wanted = sql`
    ${platformOf(sql, platform, 's')} and s.bulk_payout_id = ${bulkPayoutId} and exists (select from preparing)
    and s.status = any(${[...payableStatuses]}::text[])`
  const named = sql`unnest(${[...new Set(ids)]}::text[])`
  const [row] = await sql<[{ preparing: number; changed: number; others: string[] }]>`
    with preparing as (
      select from platform_bulk_payouts
      where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId} and status = 'PREPARING' for share
    ), others as materialized (
      select id from ${named} as id
      where not ${isAmong(sql, sql`id`, sql`select s.partner_settlement_id from platform_partner_settlements s where ${wanted}`)}
    ), changed as (
      update platform_partner_settlements s set is_selected = ${isSelected}, version = s.version + 1
      where ${wanted} and not exists (select from others)
        ${ids === undefined ? sql`` : sql`and s.partner_settlement_id = any(${[...ids]}::text[])`}
      returning 1
    )
    select (select count(*) from preparing) as preparing, (select count(*) from changed) as changed,
      (select coalesce(array_agg(id order by id), '{}') from others) as others`
  if (row.preparing === 0) return await notPreparing(sql, platform, bulkPayoutId)
  return row.others.length > 0
    ? refuse(
        'INVALID_REQUEST',
        `The bulk payout ${bulkPayoutId} is PREPARING and has no settlement that can be paid of these: ${fewOf(row.others)}. ` +
          `Nothing was changed. See which it has (naru payout show ${bulkPayoutId}).`,
      )
    : { changed: row.changed }
}

/** Gives up a bulk payout that has no payouts yet. Its settlements are free for another one, or for a retry of their failed payout. */
export const discardBulkPayout = async (sql: Sql, { platform, now }: PlatformRequest, bulkPayoutId: string) => {
  const discarded = await sql`
    with discarded as (
      update platform_bulk_payouts set status = 'CANCELLED', status_updated_at = ${now}::timestamptz,
        updated_at = ${now}::timestamptz, version = version + 1
      where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId} and status = 'PREPARING' and payout_count = 0
      returning bulk_payout_id
    ), freed as (
      update platform_partner_settlements s set bulk_payout_id = null, is_selected = false, version = s.version + 1
      from discarded
      where ${platformOf(sql, platform, 's')} and s.bulk_payout_id = discarded.bulk_payout_id
        and s.status = any(${[...payableStatuses]}::text[])
    )
    select from discarded`
  return discarded.count === 1 ? { bulkPayoutId } : await notPreparing(sql, platform, bulkPayoutId)
}

export const isPreparing = async (sql: Sql, platform: Platform, bulkPayoutId: string): Promise<boolean> => {
  const [found] = await sql`
    select from platform_bulk_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId} and status = 'PREPARING'`
  return found !== undefined
}
