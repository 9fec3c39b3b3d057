import { batched, perPool } from '../db/batch.ts'
import type { Sql } from '../db/connect.ts'
import type { Aggregate, Versioned } from '../db/journal.ts'
import { type Instant, type StoreClock, toIso } from '../kernel/clock.ts'
import { cancelledAmount, reservedAmount } from './amount.ts'
import { evolve, noPayment } from './evolve.ts'
import { type Attempt, type Payment, type PaymentEvent, representative, statusOf } from './payment.ts'
import { nextDueAt } from './rules/inquiry.ts'
import { searchEntries } from './search.ts'

/** A payment as loaded, with its store's clock: one query tells both what is and what time it is. */
export type LoadedPayment = Versioned<Payment> & { readonly clock: StoreClock }

type PaymentKey = { readonly merchantId: string; readonly storeId: string; readonly paymentId: string }

/** One round trip, shared with whoever else is loading. A payment that does not exist is version 0, without attempts. */
export const loadPayment = async (sql: Sql, key: PaymentKey): Promise<LoadedPayment> => {
  const row = await loaderOf(sql)(key)
  if (!row) throw new Error(`store ${key.storeId} is gone`)
  return {
    version: row.version ?? 0,
    state: row.state ?? noPayment(key.merchantId, key.storeId, key.paymentId),
    clock: { offset: row.clock_offset, stoppedAt: row.clock_stopped_at },
  }
}

type LoadedRow = {
  readonly place: number
  readonly clock_offset: number
  readonly clock_stopped_at: Instant | null
  readonly version: number | null
  readonly state: Payment | null
}

const loaderOf = perPool((sql) =>
  batched((keys: readonly PaymentKey[]) => loadRows(sql, keys), { size: 64, parallel: 3 }),
)

const loadRows = async (sql: Sql, keys: readonly PaymentKey[]): Promise<readonly (LoadedRow | undefined)[]> => {
  const storeIds = keys.map(({ storeId }) => storeId)
  const paymentIds = keys.map(({ paymentId }) => paymentId)
  const rows = await sql<LoadedRow[]>`
    select wanted.place, s.clock_offset, s.clock_stopped_at, p.version, p.state
    from unnest(${storeIds}::text[], ${paymentIds}::text[]) with ordinality as wanted (store_id, payment_id, place)
    join stores s on s.store_id = wanted.store_id
    left join payments p on p.store_id = wanted.store_id and p.payment_id = wanted.payment_id`
  const byPlace = new Map(rows.map((row) => [row.place, row]))
  return keys.map((_, index) => byPlace.get(index + 1))
}

/** Which payment a transaction belongs to: a PG knows us only by our reference. */
export const findPaymentIdByTransaction = async (
  sql: Sql,
  storeId: string,
  transactionId: string,
): Promise<string | undefined> => {
  const [row] = await sql<[{ payment_id: string }?]>`
    select payment_id from payments where store_id = ${storeId} and search @> array[${`TX_ID=${transactionId}`}]`
  return row?.payment_id
}

const isoOrNull = (instant: Instant | undefined) => (instant === undefined ? null : toIso(instant))

/** What lists, the due loop and the CHECKs need to see of a payment without opening its state. */
const columns = (payment: Payment) => {
  const attempt = representative(payment)
  const card = attempt?.method?.type === 'PaymentMethodCard' ? attempt.method.card : undefined
  return {
    status: attempt ? statusOf(attempt) : null,
    transaction_id: attempt?.transactionId ?? null,
    method: attempt?.method?.type ?? null,
    pg_provider: attempt?.channel.pgProvider ?? null,
    is_test: attempt ? attempt.channel.type === 'TEST' : null,
    currency: attempt?.request.currency ?? null,
    total_amount: attempt?.request.amount.total ?? 0,
    cancelled_amount: attempt ? cancelledAmount(attempt) : 0,
    reserved_amount: attempt ? reservedAmount(attempt) : 0,
    platform_type: attempt?.origin.platformType ?? null,
    is_escrow: attempt?.request.isEscrow ?? false,
    card_brand: card?.brand ?? null,
    card_type: card?.type ?? null,
    card_owner_type: card?.ownerType ?? null,
    search: searchEntries(payment),
    requested_at: isoOrNull(attempt?.requestedAt),
    status_time: isoOrNull(attempt && statusTime(attempt)),
    due_at: isoOrNull(nextDueAt(payment)),
  }
}

export const paymentAggregate: Aggregate<Payment, PaymentEvent> = {
  stream: 'payment',
  evolve,
  table: 'payments',
  idColumn: 'payment_id',
  columns,
  columnNames: Object.keys(columns(noPayment('', '', ''))),
}

/** The instant that `STATUS_CHANGED_AT` means for each status. */
const statusTime = (attempt: Attempt): Instant => {
  switch (statusOf(attempt)) {
    case 'READY':
      return attempt.requestedAt
    case 'PAID':
      return attempt.paidAt ?? attempt.statusChangedAt
    case 'FAILED':
      return attempt.failedAt ?? attempt.statusChangedAt
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return Math.max(...attempt.cancellations.map(({ cancelledAt }) => cancelledAt ?? 0))
    case 'PAY_PENDING':
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return attempt.statusChangedAt
  }
}
