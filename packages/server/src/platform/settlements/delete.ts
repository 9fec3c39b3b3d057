import type { PlatformPartnerSettlementStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { byKey, isAmong } from '../among.ts'
import { fewOf } from '../few.ts'
import { settlementsNotFound } from '../payouts/complete.ts'
import { platformOf } from '../payouts/move.ts'
import { graphqlIds, ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { givingBack } from './give-back.ts'

/** No money was ordered for these, and none is about to be. */
export const deletableStatuses = [
  'PAYOUT_PREPARED',
  'PAYOUT_WITHHELD',
  'CANCELLED',
  'PAYOUT_EXCLUDED',
] as const satisfies readonly PlatformPartnerSettlementStatus[]

/**
 * Deletes settlements and their transfers, for good: all of them, or none. Where one changed since it was looked at, as when
 * a transfer joined it, it is looked at again.
 */
export const deleteSettlements = async (sql: Sql, request: PlatformRequest, settlementIds: readonly string[]) => {
  const ids = [...new Set(settlementIds)]
  if (ids.length === 0) return refuse('INVALID_REQUEST', 'partnerSettlementIds must name a settlement at least.')
  for (;;) {
    const found = await findDeletable(sql, request, ids)
    if (found instanceof Refusal) return found
    const referenced = await findReferenced(sql, request, found)
    if (referenced.length > 0)
      return new Refusal<'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST'>({
        type: 'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST',
        message: `Orders in ${fewOf(referenced)} have cancellations that are not deleted with them. Delete those first.`,
        ids: [...referenced],
      })
    if (await writeDeletion(sql, request, found)) return {}
  }
}

type Found = {
  readonly id: string
  readonly version: number
  readonly settlementDate: Day
  readonly partnerId: string
  readonly isDeletable: boolean
}

const findDeletable = async (sql: Sql, { platform }: PlatformRequest, ids: readonly string[]) => {
  const found = await sql<Found[]>`
    select partner_settlement_id as id, version, settlement_date as "settlementDate", partner_id as "partnerId",
      status = any(${[...deletableStatuses]}::text[]) as "isDeletable"
    from platform_partner_settlements
    where ${ofPlatform(sql, platform)} and partner_settlement_id = any(${[...ids]}::text[])`
  const byId = new Map(found.map((row) => [row.id, row]))
  const unknown = ids.filter((id) => !byId.has(id))
  if (unknown.length > 0) return settlementsNotFound(unknown)
  const fixed = ids.filter((id) => byId.get(id)?.isDeletable === false)
  if (fixed.length > 0)
    return new Refusal<'PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS'>({
      type: 'PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS',
      message: `Only settlements that are ${deletableStatuses.join(', ')} can be deleted; these are not: ${fewOf(fixed)}.`,
      ids: fixed,
      graphqlIds: graphqlIds('PARTNER_SETTLEMENT', fixed),
    })
  return found
}

/** The settlements with an order of which a cancellation stays. */
const findReferenced = async (
  sql: Sql,
  { platform }: PlatformRequest,
  found: readonly Found[],
): Promise<readonly string[]> => {
  const ids = sql`select unnest(${found.map(({ id }) => id)}::text[])`
  const rows = await sql<{ id: string }[]>`
    with cancelled as materialized (
      select t.transfer_id, t.partner_settlement_id as id from platform_transfers t
      where ${transfersOf(sql, platform, found)} and t.type = 'ORDER' and t.cancel_count > 0
    ), staying as materialized (
      select c.original_transfer_id, c.type from platform_transfers c
      where ${platformOf(sql, platform, 'c')} and c.deleted_at is null
        and ${byKey(sql, sql`select transfer_id, id from cancelled`).has(sql`c.original_transfer_id`)}
        and not ${isAmong(sql, sql`c.partner_settlement_id`, ids)}
    )
    select distinct id from cancelled
    where ${byKey(sql, sql`select original_transfer_id, type from staying`).hasComputed(sql`transfer_id`)} order by id`
  return rows.map(({ id }) => id)
}

/**
 * Whether a transfer `t` is in these settlements. Found along the index of days and partners. This must not ask a part of a
 * statement that locks: where a transfer has just been changed, PostgreSQL evaluates it again, and no longer finds there what
 * the statement has written itself.
 */
const transfersOf = (sql: Sql, platform: Platform, found: readonly Found[]): Fragment => sql`
  ${platformOf(sql, platform, 't')} and t.deleted_at is null
  and t.settlement_date = any(${[...new Set(found.map(({ settlementDate }) => settlementDate))]}::text[])
  and t.partner_id = any(${[...new Set(found.map(({ partnerId }) => partnerId))]}::text[])
  and ${isAmong(sql, sql`t.partner_settlement_id`, sql`select unnest(${found.map(({ id }) => id)}::text[])`)}`

/**
 * One statement. `locked` takes the settlements where they are as they were read, so that no transfer can have joined;
 * `members` takes their transfers. An order counts its cancellations, so that one which was made meanwhile shows in the
 * number, and nothing is deleted. Nothing is joined: where its statistics do not know of a merchant yet, PostgreSQL would compare
 * each with each.
 */
const writeDeletion = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  found: readonly Found[],
): Promise<boolean> => {
  const ids = found.map(({ id }) => id)
  const versions = found.map(({ version }) => version)
  const ofThese = transfersOf(sql, platform, found)
  const cancelCount = byKey(sql, sql`select original_transfer_id, count from cancels`)
  const wanted = sql`select * from unnest(${ids}::text[], ${versions}::integer[])`
  const [row] = await sql<[{ deleted: number }]>`
    with locked as materialized (
      select s.partner_settlement_id, s.transfer_count from platform_partner_settlements s
      where ${platformOf(sql, platform, 's')} and s.status = any(${[...deletableStatuses]}::text[])
        and s.partner_settlement_id = any(${ids}::text[])
        and ${isAmong(sql, sql`(s.partner_settlement_id, s.version)`, wanted)}
      order by s.partner_settlement_id for update of s
    ), members as materialized (
      select t.* from platform_transfers t
      where (select count(*) from locked) >= 0 and ${ofThese}
      order by t.transfer_id for update of t
    ), cancels as (
      select original_transfer_id, count(*)::integer as count, sum(order_amount)::bigint as amount
      from members where type = 'ORDER_CANCEL' group by original_transfer_id
    ), allowed as (
      select where (select count(*) from locked) = ${ids.length}
        and (select count(*) from members) = (select sum(transfer_count) from locked)
        and not exists (
          select from members
          where type = 'ORDER' and cancel_count <> coalesce(${cancelCount.valueOf(sql`transfer_id`)}::integer, 0)
        )
    ), deleted as (
      delete from platform_partner_settlements s
      where ${platformOf(sql, platform, 's')} and s.partner_settlement_id = any(${ids}::text[])
        and exists (select from allowed)
      returning 1
    ), deleted_transfers as (
      update platform_transfers t set deleted_at = ${now}::timestamptz, version = t.version + 1
      where ${ofThese} and exists (select from allowed)
    ), ${givingBack(sql, platform)}
    select (select count(*) from deleted) as deleted`
  return row.deleted > 0
}
