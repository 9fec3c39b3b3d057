import type { PlatformPartnerSettlementStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { isAmong } from '../among.ts'
import { settlementsNotFound } from '../payouts/complete.ts'
import { platformOf } from '../payouts/move.ts'
import { graphqlIds, ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { ofSettlement } from '../transfers/rows.ts'

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
    const referenced = await findReferenced(sql, request, ids)
    if (referenced.length > 0)
      return new Refusal<'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST'>({
        type: 'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST',
        message: `Orders in ${referenced.join(', ')} have cancellations that are not deleted with them. Delete those first.`,
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
      message: `Only settlements that are ${deletableStatuses.join(', ')} can be deleted; these are not: ${fixed.join(', ')}.`,
      ids: fixed,
      graphqlIds: graphqlIds('PARTNER_SETTLEMENT', fixed),
    })
  return found
}

/** The settlements with an order of which a cancellation stays. */
const findReferenced = async (
  sql: Sql,
  { platform }: PlatformRequest,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select distinct t.partner_settlement_id as id
    from platform_partner_settlements s
    join platform_transfers t on ${platformOf(sql, platform, 't')} and ${ofSettlement(sql)} and t.type = 'ORDER'
    join platform_transfers c on ${platformOf(sql, platform, 'c')}
      and c.original_transfer_id = t.transfer_id and c.deleted_at is null
    where ${platformOf(sql, platform, 's')} and s.partner_settlement_id = any(${[...ids]}::text[])
      and not coalesce(c.partner_settlement_id = any(${[...ids]}::text[]), false)
    order by id`
  return rows.map(({ id }) => id)
}

/**
 * One statement. `locked` takes the settlements where they are as they were read, so that no transfer can have joined;
 * `members` takes their transfers. An order counts its cancellations, so that one which was made meanwhile shows in the
 * number, and nothing is deleted. Neither is joined with anything: where its statistics do not know of a merchant yet, PostgreSQL
 * would compare each with each.
 */
const writeDeletion = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  found: readonly Found[],
): Promise<boolean> => {
  const ids = found.map(({ id }) => id)
  const versions = found.map(({ version }) => version)
  // Found along the index of days and partners. This must not ask `locked` or `members`: where a transfer has just been changed,
  // PostgreSQL evaluates it again, and no longer finds there what this statement has written itself.
  const ofThese = sql`${platformOf(sql, platform, 't')} and t.deleted_at is null
    and t.settlement_date = any(${[...new Set(found.map(({ settlementDate }) => settlementDate))]}::text[])
    and t.partner_id = any(${[...new Set(found.map(({ partnerId }) => partnerId))]}::text[])
    and ${isAmong(sql, sql`t.partner_settlement_id`, sql`select unnest(${ids}::text[])`)}`
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
          select from members m left join cancels c on c.original_transfer_id = m.transfer_id
          where m.type = 'ORDER' and m.cancel_count <> coalesce(c.count, 0)
        )
    ), deleted as (
      delete from platform_partner_settlements s
      where ${platformOf(sql, platform, 's')} and s.partner_settlement_id = any(${ids}::text[])
        and exists (select from allowed)
      returning 1
    ), deleted_transfers as (
      update platform_transfers t set deleted_at = ${now}::timestamptz, version = t.version + 1
      where ${ofThese} and exists (select from allowed)
    ), unlinked as (
      delete from platform_transfer_entries e using members
      where ${platformOf(sql, platform, 'e')} and e.entry = any(members.search) and e.created_at = members.created_at
        and e.transfer_id = members.transfer_id and exists (select from allowed)
    ), restored_orders as (
      update platform_transfers t set cancel_count = t.cancel_count - cancels.count,
        cancelled_order_amount = t.cancelled_order_amount - cancels.amount, version = t.version + 1
      from cancels
      where ${platformOf(sql, platform, 't')} and t.transfer_id = cancels.original_transfer_id
        and t.transfer_id not in (select transfer_id from members) and exists (select from allowed)
    ), ${givingBack(sql, platform)}
    select (select count(*) from deleted) as deleted`
  return row.deleted > 0
}

/** What was registered of payments, and of their cancellations, can be registered anew. */
const givingBack = (sql: Sql, platform: Platform): Fragment => sql`
  of_partners as (
    select payment_store_id, payment_type, payment_id, partner_id, count(*) as count, sum(payment)::bigint as payment,
      sum(payment_tax_free)::bigint as tax_free
    from members where type = 'ORDER' group by 1, 2, 3, 4
  ), of_payments as (
    select payment_store_id, payment_type, payment_id, sum(payment)::bigint as payment, sum(tax_free)::bigint as tax_free,
      jsonb_object_agg(partner_id, count) as partners
    from of_partners group by 1, 2, 3
  ), payments_given_back as (
    update platform_payments p set payment_amount = p.payment_amount - o.payment,
      tax_free_amount = p.tax_free_amount - o.tax_free,
      partners = (
        select coalesce(jsonb_object_agg(key, left_over), '{}') from (
          select key, value::integer - coalesce((o.partners ->> key)::integer, 0) as left_over
          from jsonb_each_text(p.partners)
        ) rest where left_over > 0
      )
    from of_payments o
    where ${platformOf(sql, platform, 'p')} and p.payment_store_id = o.payment_store_id
      and p.payment_type = o.payment_type and p.payment_id = o.payment_id and exists (select from allowed)
  ), of_cancellations as (
    select payment_store_id, payment_id, cancellation_id, sum(payment)::bigint as payment,
      sum(payment_tax_free)::bigint as tax_free
    from members where type = 'ORDER_CANCEL' and payment_type = 'PORT_ONE' group by 1, 2, 3
  ), cancellations_given_back as (
    update platform_cancellations c set payment_amount = c.payment_amount - o.payment,
      tax_free_amount = c.tax_free_amount - o.tax_free
    from of_cancellations o
    where ${platformOf(sql, platform, 'c')} and c.payment_store_id = o.payment_store_id
      and c.payment_id = o.payment_id and c.cancellation_id = o.cancellation_id and exists (select from allowed)
  )`
