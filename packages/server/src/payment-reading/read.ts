import type { Payment as PaymentView } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { CashReceipts } from '../cash-receipts/cash-receipt.ts'
import { receiptsOfPayment } from '../cash-receipts/store.ts'
import { withCashReceipt } from '../cash-receipts/view.ts'
import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { eachOf } from '../db/looked-up.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PaymentEvent } from '../payments/state/event.ts'
import { type Payment, representative } from '../payments/state/payment.ts'
import { paymentOf, paymentsThat, replayPayment, type StoredPayment, storedPayment } from '../payments/stored.ts'
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
export const readPayment = async (sql: Sql, { storeId, paymentId }: Key): Promise<WholePayment | undefined> => {
  const rows = await readerOf(sql)(storeId, paymentId)
  return wholeOf({ storeId, paymentId }, rows)
}

const readerOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, paymentIds: readonly string[]) => readPayments(sql, storeId, paymentIds),
    { size: 64, parallel: 3 },
  ),
)

type Row = {
  readonly place: number
  readonly merchantId: string
  readonly version: number
  readonly kept: Payment | null
  /** Null beside a state that is kept. */
  readonly event: PaymentEvent | null
  readonly at: Instant | null
} & Omit<WholePayment, 'state'>

/**
 * A row for each event of a state that is not kept, or one for each payment. Put together as JSON, like those of lists, events cost
 * PostgreSQL twice as much. By `offset 0` each payment's events are looked up, and not joined with all of its store.
 */
const readPayments = async (
  sql: Sql,
  storeId: string,
  paymentIds: readonly string[],
): Promise<readonly (readonly Row[])[]> => {
  const once = (column: Fragment) => sql`case when coalesce(j.version, 1) = 1 then ${column} end`
  const rows = await sql<Row[]>`
    select wanted.place, s.merchant_id as "merchantId", p.version, p.kept_state as kept, j.data as event, j.at,
      ${once(webhooksOfPayment(sql))} as webhooks, ${once(receiptsOfPayment(sql))} as receipts
    from ${eachOf(sql, sql`${[...paymentIds]}::text[]`)} with ordinality as wanted (payment_id, place)
    join stores s on s.store_id = ${storeId}
    cross join lateral ${paymentsThat(sql, sql`p.store_id = ${storeId} and p.payment_id = wanted.payment_id`)} p
    left join lateral (
      select * from journal e
      where e.store_id = ${storeId} and e.stream = 'payment' and e.stream_id = wanted.payment_id and p.kept_state is null
      offset 0
    ) j on true
    order by wanted.place, j.version`
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  return paymentIds.map((_, index) => byPlace.get(index + 1) ?? [])
}

const wholeOf = ({ storeId, paymentId }: Key, rows: readonly Row[]): WholePayment | undefined => {
  const [first] = rows
  if (!first) return undefined
  const { merchantId, version, kept, webhooks, receipts } = first
  const events = rows.flatMap(({ event, at }) => (event && at !== null ? [[event, at] as const] : []))
  const state = kept ?? replayPayment({ merchantId, storeId, paymentId, version }, events)
  return { state, webhooks, receipts }
}

/** A payment as the contract shows it; `undefined` while nobody tried to pay it: then it is invisible. */
export const wholeView = ({ state, webhooks, receipts }: WholePayment): PaymentView | undefined => {
  const attempt = representative(state)
  return attempt && withCashReceipt(paymentView(state, attempt, (webhooks ?? []).map(paymentWebhook)), receipts)
}
