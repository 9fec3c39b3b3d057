import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { amountFields } from './arithmetic/amounts.ts'
import { noTransfer } from './refusals.ts'
import { amountColumn, ofRow } from './rows.ts'
import type { KeptStatus } from './status.ts'
import { untilDecided } from './until-decided.ts'

/** A transfer that shall be deleted, with the settlement that it is part of. */
type Deletable = {
  readonly transferId: string
  readonly storeId: string
  readonly partnerId: string
  readonly settlementDate: Day
  readonly version: number
  readonly status: KeptStatus
  readonly cancelCount: number
  readonly originalTransferId: string | null
  /** Of the settlement that it is part of: one it is only assigned to is not there yet. */
  readonly settlementId: string | null
  readonly settlementStatus: string | null
}

type NotDeletable = Refusal<
  'PLATFORM_TRANSFER_NOT_FOUND' | 'PLATFORM_TRANSFER_NON_DELETABLE_STATUS' | 'PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS'
>

/** PortOne documents in which statuses a partner settlement can be deleted; its transfers can be deleted as long. */
const deletableSettlements = ['PAYOUT_PREPARED', 'PAYOUT_WITHHELD', 'CANCELLED', 'PAYOUT_EXCLUDED']

/**
 * Deletes a transfer for good. What it took of its payment, of the cancellation, of its order and of its partner
 * settlement is given back in the same statement; its id stays taken.
 */
export const deleteTransfer = (
  sql: Sql,
  { platform, now }: PlatformRequest,
  transferId: string,
): Promise<NotDeletable | Record<string, never>> =>
  untilDecided(async () => {
    const found = await findDeletable(sql, platform, transferId)
    if (!found) return noTransfer(transferId)
    const refusal = notDeletable(found)
    if (refusal) return refusal
    return (await remove(sql, platform, found, now)) ? {} : 'LOST'
  })

const findDeletable = async (sql: Sql, platform: Platform, transferId: string): Promise<Deletable | undefined> => {
  const [row] = await sql<Deletable[]>`
    select t.transfer_id as "transferId", t.store_id as "storeId", t.partner_id as "partnerId",
      t.settlement_date as "settlementDate", t.version, t.status, t.cancel_count as "cancelCount",
      t.original_transfer_id as "originalTransferId", s.partner_settlement_id as "settlementId",
      s.status as "settlementStatus"
    from platform_transfers t left join platform_partner_settlements s
      on s.merchant_id = ${platform.merchantId} and s.is_for_test = ${platform.isForTest}
      and s.partner_settlement_id = t.partner_settlement_id
    where t.merchant_id = ${platform.merchantId} and t.is_for_test = ${platform.isForTest}
      and t.transfer_id = ${transferId} and t.deleted_at is null`
  return row
}

/** The status comes first: cancellations of an order that is paid out need not be looked at. */
const notDeletable = ({ status, settlementStatus, cancelCount }: Deletable): NotDeletable | undefined => {
  const isDeletable = settlementStatus === null ? status !== 'SETTLED' : deletableSettlements.includes(settlementStatus)
  if (!isDeletable)
    return refuse(
      'PLATFORM_TRANSFER_NON_DELETABLE_STATUS',
      `The transfer is SETTLED${settlementStatus === null ? '' : ` in a settlement that is ${settlementStatus}`}, and cannot be deleted any more.`,
    )
  return cancelCount > 0
    ? refuse(
        'PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS',
        'Cancellations of this order are registered. Delete their transfers first.',
      )
    : undefined
}

/**
 * One statement. Rows are locked in the order in which everybody locks them: the day, the partner settlement, the order, the
 * transfer itself. Where any of them is not as it was read, nothing happens.
 */
const remove = async (sql: Sql, platform: Platform, found: Deletable, now: number): Promise<boolean> => {
  const { transferId, version, originalTransferId, settlementId, status } = found
  const mine = ofPlatform(sql, platform)
  const { first, condition } = allowedBy(sql, platform, found)
  const deleted = await sql`
    with ${first}, original as materialized (
      select transfer_id from platform_transfers
      where ${mine} and transfer_id = ${originalTransferId} and ${condition}
      for update
    ), target as materialized (
      select * from platform_transfers
      where ${mine} and transfer_id = ${transferId} and version = ${version} and status = ${status}
        and deleted_at is null and ${condition}
        and (${originalTransferId}::text is null or exists (select from original))
      for update
    ), deleted as (
      update platform_transfers t set deleted_at = ${now}::timestamptz, version = t.version + 1
      from target where ${ofRow(sql, platform, 't')} and t.transfer_id = target.transfer_id
      returning t.transfer_id
    ), unlinked as (
      delete from platform_transfer_entries e using target
      where ${ofRow(sql, platform, 'e')} and e.entry = any(target.search) and e.created_at = target.created_at
        and e.transfer_id = target.transfer_id
    ), uncancelled as (
      update platform_transfers t set version = t.version + 1, cancel_count = t.cancel_count - 1,
        cancelled_order_amount = t.cancelled_order_amount - target.order_amount
      from target where ${ofRow(sql, platform, 't')} and t.transfer_id = target.original_transfer_id
    ), room_of_payment as (
      update platform_payments p set payment_amount = p.payment_amount - target.payment,
        tax_free_amount = p.tax_free_amount - target.payment_tax_free,
        partners = case when (p.partners ->> target.partner_id)::integer > 1
          then p.partners || jsonb_build_object(target.partner_id, (p.partners ->> target.partner_id)::integer - 1)
          else p.partners - target.partner_id end
      from target
      where ${ofRow(sql, platform, 'p')} and target.type = 'ORDER' and p.payment_store_id = target.payment_store_id
        and p.payment_type = target.payment_type and p.payment_id = target.payment_id
    ), room_of_cancellation as (
      update platform_cancellations c set payment_amount = c.payment_amount - target.payment,
        tax_free_amount = c.tax_free_amount - target.payment_tax_free
      from target
      where ${ofRow(sql, platform, 'c')} and target.type = 'ORDER_CANCEL' and target.payment_type = 'PORT_ONE'
        and c.payment_store_id = target.payment_store_id and c.payment_id = target.payment_id
        and c.cancellation_id = target.cancellation_id
    )${settlementId === null ? sql`` : settlementChanges(sql, platform)}
    select from deleted`
  return deleted.length === 1
}

/**
 * The CTE that comes before the transfer is taken, and what must hold after it. Of what is settled its settlement must still be
 * deletable. Of what is assigned, the day must not have been summed up: its version moves, so that a sum which is being made
 * at this moment, and may have the transfer, is made again.
 */
const allowedBy = (sql: Sql, platform: Platform, { settlementId, status, ...of }: Deletable) => {
  const mine = ofPlatform(sql, platform)
  if (settlementId !== null)
    return {
      first: sql`settlement as materialized (
        select partner_settlement_id, transfer_count from platform_partner_settlements
        where ${mine} and partner_settlement_id = ${settlementId} and status = any(${deletableSettlements}::text[])
        for update
      )`,
      condition: sql`exists (select from settlement)`,
    }
  if (status !== 'ASSIGNED') return { first: sql`nothing as (select)`, condition: sql`true` }
  return {
    first: sql`waiting_day as (
      update platform_settlement_days set version = version + 1
      where ${mine} and store_id = ${of.storeId} and day = ${of.settlementDate} and status <> 'SETTLED'
        and settled_until < ${of.partnerId}
      returning 1
    )`,
    condition: sql`exists (select from waiting_day)`,
  }
}

/** CTEs that take the target out of its partner settlement, which goes with its last transfer. */
const settlementChanges = (sql: Sql, platform: Platform): Fragment => sql`
    , emptied as (
      delete from platform_partner_settlements s using target, settlement
      where ${ofRow(sql, platform, 's')} and s.partner_settlement_id = target.partner_settlement_id
        and settlement.transfer_count = 1
    ), lessened as (
      update platform_partner_settlements s set ${lessAmounts(sql)}, version = s.version + 1,
        transfer_count = s.transfer_count - 1, start_date_from = stay.start_date_from,
        start_date_until = stay.start_date_until, user_defined_formulas = stay.user_defined_formulas
      from target, settlement, lateral (${whoStay(sql, platform)}) stay
      where ${ofRow(sql, platform, 's')} and s.partner_settlement_id = target.partner_settlement_id
        and settlement.transfer_count > 1
    )`

const lessAmounts = (sql: Sql): Fragment =>
  sql.unsafe(
    amountFields
      .map(amountColumn)
      .map((column) => `${column} = s.${column} - target.${column}`)
      .join(', '),
  )

/** What is read off the transfers that stay in the settlement. */
const whoStay = (sql: Sql, platform: Platform): Fragment => sql`
  select min(m.settlement_start_date) as start_date_from, max(m.settlement_start_date) as start_date_until,
    sum_of_formulas(m.user_defined_formulas) as user_defined_formulas
  from platform_transfers m
  where ${ofRow(sql, platform, 'm')} and m.partner_settlement_id = target.partner_settlement_id
    and m.settlement_date = target.settlement_date and m.partner_id = target.partner_id
    and m.deleted_at is null and m.transfer_id <> target.transfer_id`
