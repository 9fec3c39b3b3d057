import type { Sql } from '../../db/connect.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { OrderPayment } from './payment.ts'
import { transferColumns } from './rows.ts'
import type { OrderTransfer, Transfer } from './transfer.ts'

/** Transfers that are not deleted, in no particular order. */
export const findTransfers = async (
  sql: Sql,
  platform: Platform,
  ids: readonly string[],
): Promise<readonly Transfer[]> =>
  await sql<Transfer[]>`
    select ${transferColumns(sql)} from platform_transfers t
    where ${ofPlatform(sql, platform)} and t.transfer_id = any(${[...ids]}::text[]) and t.deleted_at is null`

export const findTransfer = async (sql: Sql, platform: Platform, id: string): Promise<Transfer | undefined> =>
  (await findTransfers(sql, platform, [id]))[0]

/** The order transfer that a partner has of a payment; the oldest of several. */
export const findOrderOf = async (
  sql: Sql,
  platform: Platform,
  payment: Pick<OrderPayment, 'type' | 'storeId' | 'id'>,
  partnerId: string,
): Promise<string | undefined> => {
  const [row] = await sql<Pick<OrderTransfer, 'transferId'>[]>`
    select transfer_id as "transferId" from platform_transfers
    where ${ofPlatform(sql, platform)} and payment_id = ${payment.id} and payment_store_id = ${payment.storeId}
      and payment_type = ${payment.type} and partner_id = ${partnerId} and type = 'ORDER' and deleted_at is null
    order by created_at, transfer_id limit 1`
  return row?.transferId
}
