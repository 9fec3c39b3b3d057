import type { Sql } from '../db/connect.ts'
import { firstRows } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { type WebhookRecord, webhooksOfPayment } from '../webhooks/store.ts'
import { evolve, noPayment } from './evolve.ts'
import type { PaymentEvent } from './payment.ts'
import { type WholePayment, wholePayment } from './read.ts'
import type { MoneyMoved } from './view.ts'

/** A place in a list ordered by time: everything after it comes next. Opaque to clients. */
export type Position = {
  readonly at: Instant
  readonly id: string
  readonly version: number
  /** Where the list is of several stores: two of them may have the same id at the same instant. */
  readonly storeId?: string | undefined
}

export const writeCursor = ({ at, id, version, storeId }: Position): string =>
  Buffer.from(JSON.stringify([at, id, version, ...(storeId === undefined ? [] : [storeId])])).toString('base64url')

/** `undefined` for a text that is no cursor of ours. */
export const readCursor = (cursor: string): Position | undefined => {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(read) || read.length < 3 || read.length > 4) return undefined
    const [at, id, version, storeId]: unknown[] = read
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(version) || !isWritten(id)) return undefined
    if (storeId !== undefined && !isWritten(storeId)) return undefined
    return { at: Number(at), id, version: Number(version), storeId }
  } catch {
    return undefined
  }
}

/** PostgreSQL has no text with a zero in it. */
const isWritten = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0')

export type CursorQuery = {
  readonly storeIds: readonly string[]
  readonly from: Instant
  readonly until: Instant
  readonly after: Position | undefined
  readonly size: number
}

/** Before everything. */
const start: Position = { at: 0, id: '', version: 0 }

/** Payments by creation, oldest first. Later inserts never shift what was read. */
export const paymentsAfter = async (
  sql: Sql,
  { storeIds, from, until, after = start, size }: CursorQuery,
): Promise<readonly { payment: WholePayment; position: Position }[]> => {
  const order = sql`p.created_at, p.payment_id`
  const conditions = [
    sql`p.status is not null`,
    sql`p.created_at between ${from}::timestamptz and ${until}::timestamptz`,
    sql`(${order}) > (${after.at}::timestamptz, ${after.id})`,
  ]
  const columns = sql`${wholePayment(sql)}, ${order}`
  const query = { storeIds, table: 'payments', as: 'p', columns, conditions, order }
  const rows = await sql<(WholePayment & { payment_id: string; created_at: Instant })[]>`
    ${firstRows(sql, query, { limit: size })}`
  return rows.map((row) => ({ payment: row, position: { at: row.created_at, id: row.payment_id, version: 0 } }))
}

type EventRow = {
  readonly store_id: string
  readonly stream_id: string
  readonly version: number
  readonly at: Instant
  readonly merchant_id: string
  readonly webhooks: readonly WebhookRecord[] | null
  readonly history: readonly { readonly data: PaymentEvent; readonly at: number }[]
}

/**
 * Money that moved, oldest first, each with the payment as it was then: the payment's stream, folded up to the event.
 * Storing that view with every event lost: it would double what each payment writes, for a list that few read.
 */
export const moneyMovedAfter = async (
  sql: Sql,
  { storeIds, from, until, after = start, size }: CursorQuery,
): Promise<readonly { moved: MoneyMoved; webhooks: readonly WebhookRecord[]; position: Position }[]> => {
  const order = sql`e.at, e.stream_id, e.version`
  const conditions = [
    sql`e.stream = 'payment' and e.type in ('Approved', 'DepositReceived', 'CancellationSucceeded')`,
    sql`e.at between ${from}::timestamptz and ${until}::timestamptz`,
    after.storeId === undefined
      ? sql`(${order}) > (${after.at}::timestamptz, ${after.id}, ${after.version}::integer)`
      : sql`(${order}, e.store_id) > (${after.at}::timestamptz, ${after.id}, ${after.version}::integer, ${after.storeId})`,
  ]
  const columns = sql`e.store_id, e.stream_id, e.version, e.at`
  const query = { storeIds, table: 'journal', as: 'e', columns, conditions, order }
  const rows = await sql<EventRow[]>`
    with e as materialized (${firstRows(sql, query, { limit: size })})
    select e.*, s.merchant_id, h.history, w.webhooks
    from e
    join stores s on s.store_id = e.store_id
    cross join lateral (
      select jsonb_agg(
               jsonb_build_object('data', j.data, 'at', (extract(epoch from j.at) * 1000)::bigint) order by j.version
             ) as history
      from journal j
      where j.store_id = e.store_id and j.stream = 'payment' and j.stream_id = e.stream_id and j.version <= e.version
    ) h
    cross join lateral (
      select ${webhooksOfPayment(sql)} as webhooks from (values (e.store_id, e.stream_id)) as p (store_id, payment_id)
    ) w
    order by ${order}, e.store_id`
  return rows.map((row) => ({
    moved: moneyMoved(row),
    webhooks: row.webhooks ?? [],
    position: { at: row.at, id: row.stream_id, version: row.version, storeId: row.store_id },
  }))
}

const moneyMoved = ({ merchant_id, store_id, stream_id, at, history }: EventRow): MoneyMoved => {
  const payment = history.reduce(
    (current, event) => evolve(current, event.data, event.at),
    noPayment(merchant_id, store_id, stream_id),
  )
  const event = history.at(-1)?.data
  if (!event || !('transactionId' in event)) throw new Error(`payment ${stream_id} has an event about no transaction`)
  const cancellationId = event.type === 'CancellationSucceeded' ? event.cancellationId : undefined
  return { payment, transactionId: event.transactionId, cancellationId, at }
}
