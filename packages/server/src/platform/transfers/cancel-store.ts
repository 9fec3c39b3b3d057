import type { Sql } from '../../db/connect.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { CancelTarget } from './cancel-input.ts'
import type { NewCancel } from './insert-cancel.ts'
import { transferColumns } from './rows.ts'
import type { CancelTransfer, OrderTransfer } from './transfer.ts'

/** An order with its cancellations, in the sequence in which they came. */
export type OrderWithCancels = { readonly transfer: OrderTransfer; readonly cancels: readonly CancelTransfer[] }

/** The orders that are named, none of them deleted. One round trip. */
export const findOrdersWithCancels = async (
  sql: Sql,
  platform: Platform,
  target: CancelTarget,
): Promise<readonly OrderWithCancels[]> => {
  const named =
    'transferId' in target
      ? sql`(t.transfer_id = ${target.transferId} or t.original_transfer_id = ${target.transferId})`
      : sql`t.payment_id = ${target.paymentId} and t.partner_id = ${target.partnerId}`
  const rows = await sql<(OrderTransfer | CancelTransfer)[]>`
    select ${transferColumns(sql)} from platform_transfers t
    where ${ofPlatform(sql, platform)} and ${named} and t.deleted_at is null and t.type in ('ORDER', 'ORDER_CANCEL')
    order by t.created_at, t.transfer_id`
  const cancels = rows.filter((row) => row.type === 'ORDER_CANCEL')
  return rows
    .filter((row) => row.type === 'ORDER')
    .map((transfer) => ({
      transfer,
      cancels: cancels.filter(({ originalTransferId }) => originalTransferId === transfer.transferId),
    }))
}

/** How much of a cancellation of a payment of ours is registered. */
export const findRegisteredCancel = async (
  sql: Sql,
  platform: Platform,
  { paymentStoreId, paymentId, detail }: NewCancel,
): Promise<{ readonly payment: number; readonly taxFree: number }> => {
  const [row] = await sql<{ payment: number; taxFree: number }[]>`
    select payment_amount as payment, tax_free_amount as "taxFree" from platform_cancellations
    where ${ofPlatform(sql, platform)} and payment_store_id = ${paymentStoreId} and payment_id = ${paymentId}
      and cancellation_id = ${detail.cancellation.id}`
  return row ?? { payment: 0, taxFree: 0 }
}
