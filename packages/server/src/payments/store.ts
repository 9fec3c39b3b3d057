import type { Fragment } from 'postgres'
import type { Aggregate } from '../aggregates/kind.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { mayHaveEntry } from '../db/search-texts.ts'
import { type Instant, isoOrNull, toIso } from '../kernel/clock.ts'
import { cancelledAmount, reservedAmount } from './state/amount.ts'
import { nextDueAt } from './state/due.ts'
import type { PaymentEvent } from './state/event.ts'
import { evolve, noPayment } from './state/evolve.ts'
import { escrowView } from './state/fulfilment.ts'
import { type Attempt, type Payment, representative, type Schedule, statusOf } from './state/payment.ts'
import { completedAt, scheduleStatus, schedulesOf } from './state/schedule.ts'
import { isFirstCall, searchEntries } from './state/search.ts'

/** Which payment a transaction belongs to: a PG knows us only by our reference. */
export const findPaymentIdByTransaction = async (
  sql: Sql,
  storeId: string,
  transactionId: string,
): Promise<string | undefined> => {
  const entry = `TX_ID=${transactionId}`
  const [row] = await sql<[{ payment_id: string }?]>`
    select p.payment_id from payments p
    where p.store_id = ${storeId} and ${mayHaveEntry(sql, 'p', [storeId], entry)} and p.search @> array[${entry}]
    union all select u.payment_id from payments_under_way u
    where u.store_id = ${storeId} and u.transaction_id = ${transactionId}`
  return row?.payment_id
}

/** As `findPaymentIdByTransaction`, of many transactions: those that are of a payment, with its id. */
export const findPaymentIdsByTransactions = async (
  sql: Sql,
  storeId: string,
  transactionIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const entries = transactionIds.map((id) => `TX_ID=${id}`)
  const rows = await sql<{ paymentId: string; entry: string }[]>`
    select p.payment_id as "paymentId", entry from payments p, unnest(p.search) as entry
    where p.store_id = ${storeId} and entry = any(${entries}::text[]) and search_texts(p.store_id, p.search) @@ (
      select string_agg(search_equal(${storeId}, wanted)::text, ' | ')::tsquery from unnest(${entries}::text[]) as wanted
    )
    union all select u.payment_id, 'TX_ID=' || u.transaction_id from payments_under_way u
    where u.store_id = ${storeId} and u.transaction_id = any(${[...transactionIds]}::text[])`
  return new Map(rows.map(({ paymentId, entry }) => [entry.slice('TX_ID='.length), paymentId]))
}

/** Where payments stand: those whose first call is under way in the latter. */
export const paymentTables = ['payments', 'payments_under_way'] as const

/** What was paid and given back of the payments of one store: for statements of others, as `paymentStates`. */
export const paymentMoney = (sql: Queryable, storeId: string): Fragment => sql`
  select payment_id, status, total_amount, cancelled_amount, ${wasPaid(sql)} as is_paid,
    case when status = 'PAID' then status_time when ${wasPaid(sql)} then ${paidBefore(sql)} end as paid_at
  from payments where store_id = ${storeId}`

/** When a row of `payments` was paid of which something was given back since: its `status_time` is of that. */
const paidBefore = (sql: Queryable): Fragment => sql`(
  select to_timestamp(coalesce(j.data #> '{approval,paidAt}', j.data -> 'paidAt')::double precision / 1000)
  from journal j
  where j.store_id = payments.store_id and j.stream = 'payment' and j.stream_id = payments.payment_id
    and j.type in ('Approved', 'DepositReceived') and j.data ->> 'transactionId' = payments.transaction_id
  order by j.version desc limit 1
)`

/** That money came for a row of `payments`, whatever was given back since. */
export const wasPaid = (sql: Queryable): Fragment => sql`status in ('PAID', 'PARTIAL_CANCELLED', 'CANCELLED')`

/** What lists, the due loop and the CHECKs need to see of a payment without opening its state. */
const columns = (payment: Payment) => {
  const attempt = representative(payment)
  const method = attempt?.method
  const card = method?.type === 'PaymentMethodCard' ? method.card : undefined
  return {
    status: attempt ? statusOf(attempt) : null,
    transaction_id: attempt?.transactionId ?? null,
    method: method?.type ?? null,
    pg_provider: attempt?.channel.pgProvider ?? null,
    is_test: attempt ? attempt.channel.type === 'TEST' : null,
    currency: attempt?.request.currency ?? null,
    total_amount: attempt?.request.amount.total ?? 0,
    cancelled_amount: attempt ? cancelledAmount(attempt) : 0,
    reserved_amount: attempt ? reservedAmount(attempt) : 0,
    platform_type: attempt?.origin.platformType ?? null,
    is_escrow: attempt?.request.isEscrow ?? false,
    escrow_status: (attempt && escrowView(attempt)?.status) ?? null,
    card_brand: card?.brand ?? null,
    card_type: card?.type ?? null,
    card_owner_type: card?.ownerType ?? null,
    gift_certificate_type: (method?.type === 'PaymentMethodGiftCertificate' && method.giftCertificateType) || null,
    schedule_id: attempt?.scheduleId ?? null,
    search: searchEntries(payment),
    begun_at: isoOrNull(payment.attempts[0]?.requestedAt),
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
  underWay: { table: 'payments_under_way', is: isFirstCall },
  // A payment that is made and given back once has as many events at most. Half of what it stored was its state.
  keptState: { column: 'kept_state', beyond: 4 },
  columns,
  columnNames: Object.keys(columns(noPayment('', '', ''))),
  derivedRows: {
    table: 'payment_schedules',
    idColumn: 'schedule_id',
    ownerColumn: 'payment_id',
    columnNames: [
      'billing_key',
      'status',
      'is_test',
      'time_to_pay',
      'created_at',
      'completed_at',
      'status_time',
      'due_at',
    ],
    rows: (payment) => schedulesOf(payment).map((schedule) => scheduleRow(payment, schedule)),
  },
}

const scheduleRow = (payment: Payment, schedule: Schedule) => {
  const status = scheduleStatus(payment, schedule)
  const { id, billingKey, issuedOn, timeToPay, createdAt, startedAt, revokedAt } = schedule
  const completed = completedAt(payment, schedule)
  return {
    store_id: payment.storeId,
    schedule_id: id,
    payment_id: payment.paymentId,
    billing_key: billingKey,
    status,
    is_test: issuedOn.type === 'TEST',
    time_to_pay: toIso(timeToPay),
    created_at: toIso(createdAt),
    completed_at: isoOrNull(completed),
    status_time: toIso(revokedAt ?? completed ?? startedAt ?? timeToPay),
    due_at: status === 'SCHEDULED' ? toIso(timeToPay) : null,
  }
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
