import type { Fragment } from 'postgres'
import type { Aggregate } from '../aggregates/kind.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { ownStore } from '../db/epoch.ts'
import { isoOrNull } from '../kernel/clock.ts'
import { type CashReceiptEvent, type CashReceipts, isInForce, nextDueAt, representative } from './cash-receipt.ts'
import { evolve, noReceipts } from './evolve.ts'
import { shownStatus } from './view.ts'

/** What lists, the due loop and check constraints read of receipts besides their state. */
const columns = (state: CashReceipts) => {
  const receipt = representative(state)
  return {
    status: receipt ? shownStatus(receipt) : null,
    type: receipt?.type ?? null,
    is_manual: receipt?.isManual ?? null,
    is_test: receipt ? receipt.channel.type === 'TEST' : null,
    pg_provider: receipt?.channel.pgProvider ?? null,
    pg_merchant_id: receipt?.channel.pgMerchantId ?? null,
    pg_receipt_id: receipt?.issued?.pgReceiptId ?? null,
    issue_number: receipt?.issued?.issueNumber ?? null,
    order_name: receipt?.orderName ?? null,
    currency: receipt?.currency ?? null,
    total_amount: receipt?.amount.total ?? null,
    tax_free_amount: receipt?.amount.taxFree ?? null,
    vat_amount: receipt?.amount.vat ?? null,
    issued_at: isoOrNull(receipt?.issued?.issuedAt),
    cancelled_at: isoOrNull(receipt?.cancelledAt),
    status_updated_at: isoOrNull(receipt?.statusUpdatedAt),
    in_force: state.receipts.filter(isInForce).length,
    due_at: isoOrNull(nextDueAt(state)),
  }
}

export const cashReceiptAggregate: Aggregate<CashReceipts, CashReceiptEvent> = {
  stream: 'cash-receipt',
  evolve,
  table: 'cash_receipts',
  idColumn: 'payment_id',
  columns,
  columnNames: Object.keys(columns(noReceipts('', '', ''))),
}

export const putIdentity = async (sql: Sql, storeId: string, receiptId: string, sealed: Uint8Array): Promise<void> => {
  await sql`
    insert into cash_receipt_identities (store_id, receipt_id, identity_number)
    values (${ownStore(sql, storeId)}, ${receiptId}, ${sealed})`
}

export const findIdentity = async (sql: Sql, storeId: string, receiptId: string): Promise<Uint8Array | undefined> => {
  const [row] = await sql<{ identity_number: Uint8Array }[]>`
    select identity_number from cash_receipt_identities where store_id = ${storeId} and receipt_id = ${receiptId}`
  return row?.identity_number
}

export const forgetIdentity = async (sql: Sql, storeId: string, receiptId: string): Promise<void> => {
  await sql`delete from cash_receipt_identities where store_id = ${storeId} and receipt_id = ${receiptId}`
}

/** The receipts of the payment `p` of a larger statement; null if it never had one. */
export const receiptsOfPayment = (sql: Queryable): Fragment => sql`(
  select r.state from cash_receipts r where r.store_id = p.store_id and r.payment_id = p.payment_id
)`
