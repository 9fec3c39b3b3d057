import { type History, historyOf } from '../aggregates/history.ts'
import type { CashReceipts } from '../cash-receipts/cash-receipt.ts'
import { receiptsOfPayment } from '../cash-receipts/store.ts'
import { boundedRows } from '../db/bounded-rows.ts'
import type { Sql } from '../db/connect.ts'
import type { PaymentEvent } from '../payments/state/event.ts'
import { paymentAggregate, paymentTables } from '../payments/store.ts'
import { paymentsThat, replayPayment } from '../payments/stored.ts'
import type { MoneyMoved } from '../payments/view.ts'
import { type WebhookRecord, webhooksOfPayment } from '../webhooks/store.ts'
import { writeCursor } from './cursor.ts'
import { type StoredWholePayment, type WholePayment, wholePayment, wholePaymentOf } from './read.ts'
import { cursorAt, type Place, placesAfter, type Walk } from './walk.ts'

/** Payments by creation, oldest first: by when they were first tried, as until then they do not exist for anybody. */
export const paymentsAfter = async (
  sql: Sql,
  walk: Walk,
): Promise<readonly { payment: WholePayment; cursor: string }[]> => {
  const begun = {
    tables: paymentTables,
    at: sql`e.begun_at`,
    id: sql`e.payment_id`,
    version: sql`0::integer`,
    is: sql`e.status is not null`,
  } as const
  const beginnings = sql`('CheckoutOpened', 'ApprovalRequested')`
  const isFirstTry = sql`e.stream = 'payment' and e.type in ${beginnings} and not exists (
    select from journal j
    where j.store_id = e.store_id and j.stream = e.stream and j.stream_id = e.stream_id and j.version < e.version
      and j.type in ${beginnings})`
  const tried = {
    at: sql`e.at`,
    id: sql`e.stream_id`,
    version: sql`0::integer`,
    is: isFirstTry,
  }
  const found = sql`
    with found as materialized (${placesAfter(sql, walk, begun, tried)})
    select found.*, ${wholePayment(sql)}
    from found cross join lateral ${paymentsThat(sql, sql`p.store_id = found.store_id and p.payment_id = found.id`)} p
    order by found.round, found.at, found.id, found.store_id`
  const rows = await boundedRows<StoredWholePayment & Place>(sql, found, walk.size)
  return rows.map((row) => ({ payment: wholePaymentOf(row), cursor: writeCursor(cursorAt(walk.cursor, row)) }))
}

type EventRow = Place & {
  readonly merchant_id: string
  readonly webhooks: readonly WebhookRecord[] | null
  readonly receipts: CashReceipts | null
  readonly history: History<PaymentEvent>
}

type WalkedEvent = {
  readonly moved: MoneyMoved
  readonly webhooks: readonly WebhookRecord[]
  readonly receipts: CashReceipts | null
  readonly cursor: string
}

/**
 * Money that moved, oldest first, each with the payment as it was then: the payment's stream, folded up to the event.
 * Storing that view with every event lost: it would double what each payment writes, for a list that few read.
 */
export const moneyMovedAfter = async (sql: Sql, walk: Walk): Promise<readonly WalkedEvent[]> => {
  const moved = {
    tables: ['journal'],
    at: sql`e.at`,
    id: sql`e.stream_id`,
    version: sql`e.version`,
    is: sql`e.stream = 'payment' and e.type in ('Approved', 'DepositReceived', 'CancellationSucceeded')`,
  } as const
  const whose = { storeId: sql`found.store_id`, id: sql`found.id`, upTo: sql`found.version` }
  const history = historyOf(sql, paymentAggregate, whose)
  const found = sql`
    with found as materialized (${placesAfter(sql, walk, moved)})
    select found.*, s.merchant_id, ${history} as history, w.webhooks, w.receipts
    from found
    join stores s on s.store_id = found.store_id
    cross join lateral (
      select ${webhooksOfPayment(sql)} as webhooks, ${receiptsOfPayment(sql)} as receipts
      from (values (found.store_id, found.id)) as p (store_id, payment_id)
    ) w
    order by found.round, found.at, found.id, found.version, found.store_id`
  const rows = await boundedRows<EventRow>(sql, found, walk.size)
  return rows.map((row) => ({
    moved: moneyMoved(row),
    webhooks: row.webhooks ?? [],
    receipts: row.receipts,
    cursor: writeCursor(cursorAt(walk.cursor, row)),
  }))
}

const moneyMoved = ({ merchant_id, store_id, id, version, at, history }: EventRow): MoneyMoved => {
  const payment = replayPayment({ merchantId: merchant_id, storeId: store_id, paymentId: id, version }, history)
  const [event] = history.at(-1) ?? []
  if (!event || !('transactionId' in event)) throw new Error(`payment ${id} has an event about no transaction`)
  const cancellationId = event.type === 'CancellationSucceeded' ? event.cancellationId : undefined
  return { payment, transactionId: event.transactionId, cancellationId, at }
}
