import type { PaymentFilterInput, PaymentMethodType } from '@naru/contract'
import type { Fragment } from 'postgres'
import { receiptCondition, receiptSearch } from '../cash-receipts/list.ts'
import type { Sql } from '../db/connect.ts'
import { findRows, type Page, type RowsQuery } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { searchEntry } from '../payments/state/search.ts'
import { type WholePayment, wholePayment } from './read.ts'

/** What `getPayments` looks for, with its window and page completed. */
export type PaymentQuery = {
  readonly storeIds: readonly string[]
  readonly filter: PaymentFilterInput
  readonly from: Instant
  readonly until: Instant
  readonly page: Page
}

/** A page of payments, and how many match, counted as far as pages reach. */
export const findPayments = (
  sql: Sql,
  query: PaymentQuery,
): Promise<{ items: readonly WholePayment[]; totalCount: number }> => findRows(sql, paymentRows(sql, query), query.page)

export const paymentRows = (sql: Sql, query: PaymentQuery): RowsQuery => ({
  storeIds: query.storeIds,
  table: 'payments',
  as: 'p',
  columns: wholePayment(sql),
  conditions: [...where(sql, query)],
  streams: streamsOf(sql, query.filter),
  order: order(sql, query.filter),
})

type Statuses = NonNullable<PaymentFilterInput['status']>
type StoredStatus = Exclude<Statuses[number], 'PENDING'>

/**
 * One for each status, where few payments have it: along the index of all payments PostgreSQL would read the whole window to
 * find them.
 */
const streamsOf = (sql: Sql, { status = [] }: PaymentFilterInput): readonly Fragment[] =>
  isPaidAmong(status) ? [] : [...new Set(status.map(statusFilter))].flatMap((status) => streamsOfStatus(sql, status))

/** Written out, because a partial index is not used where only a parameter says that it fits. */
const streamsOfStatus = (sql: Sql, status: StoredStatus): readonly Fragment[] => {
  switch (status) {
    case 'READY':
    case 'VIRTUAL_ACCOUNT_ISSUED':
    case 'PAID':
    case 'FAILED':
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return [sql.unsafe(`p.status = '${status}'`)]
    // Every payment is pending for an instant, and would write an index of this status for it. But what is pending is due: it is
    // found by that, and what had lost its due time by a fault of ours by an index that is otherwise empty.
    case 'PAY_PENDING':
      return [
        sql`p.status = 'PAY_PENDING' and p.due_at is not null`,
        sql`p.status = 'PAY_PENDING' and p.due_at is null`,
      ]
  }
}

const isPaidAmong = (statuses: Statuses): boolean => statuses.includes('PAID')

function* where(sql: Sql, { filter, from, until }: PaymentQuery): Generator<Fragment> {
  yield sql`p.status is not null`
  yield sql`${timeColumn(sql, filter)} between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.status && isPaidAmong(filter.status)) yield sql`p.status = any(${filter.status.map(statusFilter)}::text[])`
  if (filter.methods?.length) yield sql`p.method = any(${filter.methods.map((method) => methodNames[method])}::text[])`
  if (filter.pgProvider?.length) yield sql`p.pg_provider = any(${filter.pgProvider}::text[])`
  if (filter.isTest !== undefined) yield sql`p.is_test = ${filter.isTest}`
  if (filter.isScheduled !== undefined) yield sql`(p.schedule_id is not null) = ${filter.isScheduled}`
  if (filter.version === 'V1') yield sql`false`
  if (filter.platformType) yield sql`p.platform_type = ${platforms[filter.platformType]}`
  if (filter.currency) yield sql`p.currency = ${filter.currency}`
  if (filter.webhookStatus) yield webhookCondition(sql, filter.webhookStatus)
  yield* whereMethod(sql, filter)
  for (const search of filter.textSearch ?? []) yield searchCondition(sql, search)
}

function* whereMethod(sql: Sql, filter: PaymentFilterInput): Generator<Fragment> {
  if (filter.isEscrow !== undefined) yield sql`p.is_escrow = ${filter.isEscrow}`
  if (filter.escrowStatus) yield sql`p.escrow_status = ${filter.escrowStatus}`
  if (filter.cardBrand) yield sql`p.card_brand = ${filter.cardBrand}`
  if (filter.cardType) yield sql`p.card_type = ${filter.cardType}`
  if (filter.cardOwnerType) yield sql`p.card_owner_type = ${filter.cardOwnerType}`
  if (filter.giftCertificateType) yield sql`p.gift_certificate_type = ${filter.giftCertificateType}`
  const ofReceipt = receiptCondition(sql, filter)
  if (ofReceipt) yield ofReceipt
}

const timeColumn = (sql: Sql, { timestampType }: PaymentFilterInput): Fragment =>
  timestampType === 'CREATED_AT' ? sql`p.begun_at` : sql`p.status_time`

/** Without `sortBy` the field of the window sorts: our choice, PortOne does not say. Ties are broken by id. */
const order = (sql: Sql, filter: PaymentFilterInput): Fragment => {
  const column = sortColumn(sql, filter)
  return filter.sortOrder === 'ASC' ? sql`${column} asc, p.payment_id asc` : sql`${column} desc, p.payment_id desc`
}

const sortColumn = (sql: Sql, filter: PaymentFilterInput): Fragment => {
  switch (filter.sortBy) {
    case 'REQUESTED_AT':
      return sql`p.requested_at`
    case 'STATUS_CHANGED_AT':
      return sql`p.status_time`
    default:
      return timeColumn(sql, filter)
  }
}

/** The contract calls the status `PAY_PENDING` in a payment and `PENDING` in this filter. */
const statusFilter = (status: Statuses[number]): StoredStatus => (status === 'PENDING' ? 'PAY_PENDING' : status)

const methodNames: Readonly<Record<PaymentMethodType, string>> = {
  CARD: 'PaymentMethodCard',
  TRANSFER: 'PaymentMethodTransfer',
  VIRTUAL_ACCOUNT: 'PaymentMethodVirtualAccount',
  GIFT_CERTIFICATE: 'PaymentMethodGiftCertificate',
  MOBILE: 'PaymentMethodMobile',
  EASY_PAY: 'PaymentMethodEasyPay',
  CONVENIENCE_STORE: 'PaymentMethodConvenienceStore',
  CRYPTO: 'PaymentMethodCrypto',
}

const platforms = { SDK_MOBILE: 'MOBILE', SDK_PC: 'PC', API: 'API' } as const

/** The delivery that announced the status the payment has now. */
const webhookCondition = (sql: Sql, status: string): Fragment => sql`exists (
  select from webhooks w
  where w.store_id = p.store_id and w.payment_id = p.payment_id and w.payment_status = p.status and w.status = ${status})`

/** A named field must be equal as a whole (an index finds it); `ALL` matches the beginning of any field. */
const searchCondition = (
  sql: Sql,
  { field, value }: NonNullable<PaymentFilterInput['textSearch']>[number],
): Fragment => {
  const ofReceipt = receiptSearch(sql, field, value)
  if (field === 'PAYMENT_ID') return sql`p.payment_id = ${value}`
  if (field !== 'ALL') return ofReceipt ?? sql`p.search @> array[${searchEntry(field, value)}]`
  const beginning = value.slice(0, 200)
  const anyField = sql`(starts_with(p.payment_id, ${beginning}) or exists (select from unnest(p.search) entry
    where starts_with(substr(entry, strpos(entry, '=') + 1), ${beginning})))`
  return ofReceipt ? sql`(${anyField} or ${ofReceipt})` : anyField
}
