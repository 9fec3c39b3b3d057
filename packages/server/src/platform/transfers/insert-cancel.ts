import type { Sql } from '../../db/connect.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { armDays } from '../days.ts'
import { inEpoch, ofPlatform, type Platform } from '../platform.ts'
import { openDays } from '../settlements/open-days.ts'
import { awaitedDays, daysOf, insertGiven, linkEntries, type NewTransfer, newRow } from './insert.ts'
import type { OrderTransfer } from './transfer.ts'

export type NewCancel = Extract<NewTransfer, { type: 'ORDER_CANCEL' }>

/** The money of a cancellation of a payment of ours, which its cancel transfers may not exceed together. */
export type CancelCap = { readonly payment: number; readonly taxFree: number }

/** `TAKEN`: its id, or the cancellation of this order, is registered. `LOST`: something has changed since it was read. */
export type CancelWritten = 'WRITTEN' | 'TAKEN' | 'LOST'

/**
 * Registers a cancellation of an order in one statement: only where the order is still as it was when the cancellation
 * was computed, and where the cancellation of the payment has room for it. Two that come at once take the order's row
 * one after the other; the second finds another version, and is computed again.
 */
export const insertCancel = async (
  sql: Sql,
  platform: Platform,
  original: Pick<OrderTransfer, 'transferId' | 'version'>,
  transfer: NewCancel,
  cap: CancelCap | null,
): Promise<CancelWritten> => {
  const { merchantId, isForTest } = platform
  const { payment, paymentTaxFree, order } = transfer.amounts
  try {
    const written = await sql`
      with ${openDays(sql, platform, awaitedDays(transfer))}, locked as materialized (
        select transfer_id from platform_transfers
        where ${inEpoch(sql, platform)} and ${ofPlatform(sql, platform)} and transfer_id = ${original.transferId} and version = ${original.version}
          and deleted_at is null and (select count(*) from open_days) >= 0
        for update
      ), counted as (
        insert into platform_cancellations as registered (merchant_id, is_for_test, payment_store_id, payment_id,
          cancellation_id, payment_amount, tax_free_amount, payment_amount_cap, tax_free_amount_cap)
        select ${merchantId}, ${isForTest}::boolean, ${transfer.paymentStoreId}, ${transfer.paymentId},
          ${transfer.detail.cancellation.id}, ${payment}::bigint, ${paymentTaxFree}::bigint, ${cap?.payment ?? 0}::bigint,
          ${cap?.taxFree ?? 0}::bigint
        from locked
        where ${cap !== null} and ${paymentTaxFree}::bigint <= ${cap?.taxFree ?? 0}::bigint
          and ${payment - paymentTaxFree}::bigint <= ${(cap?.payment ?? 0) - (cap?.taxFree ?? 0)}::bigint
        on conflict (merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id) do update set
          payment_amount = registered.payment_amount + excluded.payment_amount,
          tax_free_amount = registered.tax_free_amount + excluded.tax_free_amount
        where registered.tax_free_amount + excluded.tax_free_amount <= registered.tax_free_amount_cap
          and registered.payment_amount - registered.tax_free_amount + excluded.payment_amount - excluded.tax_free_amount
            <= registered.payment_amount_cap - registered.tax_free_amount_cap
        returning 1
      ), allowed as (
        select transfer_id from locked where ${cap === null} or exists (select from counted)
      ), cancelled as (
        update platform_transfers t set version = t.version + 1, cancel_count = t.cancel_count + 1,
          cancelled_order_amount = t.cancelled_order_amount + ${order}::bigint
        from allowed where ${ofPlatform(sql, platform)} and t.transfer_id = allowed.transfer_id
        returning t.transfer_id
      ), inserted as (
        ${insertGiven(sql, platform)}
        from jsonb_populate_record(null::platform_transfers, ${sql.json(newRow(platform, transfer))}) given
        where exists (select from cancelled)
        returning transfer_id, created_at, search
      ), linked as (
        ${linkEntries(sql, platform)}
      ), ${armDays(sql, platform, daysOf(transfer), sql`exists (select from inserted)`)}
      select from inserted`
    return written.length === 1 ? 'WRITTEN' : 'LOST'
  } catch (error) {
    if (codeOf(error) === '23505') return 'TAKEN'
    throw error
  }
}
