import type { Payment as PaymentView } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { CashReceipts } from '../cash-receipts/cash-receipt.ts'
import { receiptsOfPayment } from '../cash-receipts/store.ts'
import { withCashReceipt } from '../cash-receipts/view.ts'
import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Payment, representative } from '../payments/state/payment.ts'
import { paymentOf, paymentsThat, type StoredPayment, storedPayment } from '../payments/stored.ts'
import { paymentView } from '../payments/view.ts'
import { type WebhookRecord, webhooksOfPayment } from '../webhooks/store.ts'
import { paymentWebhook } from '../webhooks/view.ts'

/** A payment with what other modules keep of it and its answer shows. */
export type WholePayment = {
  readonly state: Payment
  readonly webhooks: readonly WebhookRecord[] | null
  readonly receipts: CashReceipts | null
}

/** As the database has it. */
export type StoredWholePayment = Omit<WholePayment, 'state'> & { readonly stored: StoredPayment }

/** The columns of a whole payment `p`. */
export const wholePayment = (sql: Queryable): Fragment =>
  sql`${storedPayment(sql)} as stored, ${webhooksOfPayment(sql)} as webhooks, ${receiptsOfPayment(sql)} as receipts`

export const wholePaymentOf = ({ stored, webhooks, receipts }: StoredWholePayment): WholePayment => ({
  state: paymentOf(stored),
  webhooks,
  receipts,
})

type Key = { readonly storeId: string; readonly paymentId: string }

/**
 * A payment with its webhooks and receipts; `undefined` where nothing was ever written. One round trip, shared with
 * whoever reads of the same store at the same moment. A statement for each of the three lost: at 16 connections, a third fewer reads.
 */
export const readPayment = (sql: Sql, { storeId, paymentId }: Key): Promise<WholePayment | undefined> =>
  readerOf(sql)(storeId, paymentId)

const readerOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, paymentIds: readonly string[]) => readPayments(sql, storeId, paymentIds),
    { size: 64, parallel: 3 },
  ),
)

const readPayments = async (
  sql: Sql,
  storeId: string,
  paymentIds: readonly string[],
): Promise<readonly (WholePayment | undefined)[]> => {
  const rows = await sql<(StoredWholePayment & { readonly place: number })[]>`
    select wanted.place, ${wholePayment(sql)}
    from unnest(${[...paymentIds]}::text[]) with ordinality as wanted (payment_id, place)
    cross join lateral ${paymentsThat(sql, sql`p.store_id = ${storeId} and p.payment_id = wanted.payment_id`)} p`
  const byPlace = new Map(rows.map((row) => [row.place, wholePaymentOf(row)]))
  return paymentIds.map((_, index) => byPlace.get(index + 1))
}

/** A payment as the contract shows it; `undefined` while nobody tried to pay it: then it is invisible. */
export const wholeView = ({ state, webhooks, receipts }: WholePayment): PaymentView | undefined => {
  const attempt = representative(state)
  return attempt && withCashReceipt(paymentView(state, attempt, (webhooks ?? []).map(paymentWebhook)), receipts)
}
