import type { CashReceiptFilterInput, CashReceiptSortInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import type { FacetIndex } from '../db/facet-index.ts'
import { findStates, type ListQuery } from '../db/find-rows.ts'
import { orderBy } from '../db/order.ts'
import type { Page } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { providersOf } from '../merchants/pg-companies.ts'
import type { CashReceipts } from './cash-receipt.ts'

/** What `getCashReceipts` looks for, with its window and page completed. */
export type ReceiptQuery = {
  readonly storeIds: readonly string[]
  readonly filter: CashReceiptFilterInput
  readonly sort: CashReceiptSortInput
  readonly from: Instant
  readonly until: Instant
  readonly page: Page
}

export const findCashReceipts = async (
  sql: Sql,
  query: ReceiptQuery,
): Promise<{ items: readonly CashReceipts[]; totalCount: number }> =>
  findStates(sql, receiptRows(sql, query), query, query.page)

export const receiptRows = (sql: Sql, query: ReceiptQuery): Omit<ListQuery, 'columns'> => {
  const { storeIds, filter, sort } = query
  const attributes = [...whereAttributes(sql, filter)]
  const isWindow = (filter.timeRangeField ?? 'ISSUED_AT') === 'ISSUED_AT'
  const isInOrder = isWindow && (sort.by ?? 'ISSUED_AT') === 'ISSUED_AT'
  const isRarer = [filter.paymentId, filter.orderName, filter.pgReceiptId].some((id) => id !== undefined)
  // A receipt that was not issued is in a window of another time at most.
  const outside = isWindow ? [] : [{ where: sql`r.issued_at is null and r.status is not null` }]
  const facets =
    isRarer || attributes.length === 0 ? undefined : { index, conditions: attributes, outside, isInOrder, isWindow }
  const conditions = [...where(sql, query), ...(facets ? [] : attributes)]
  return { storeIds, table: 'cash_receipts', as: 'r', id: 'payment_id', conditions, facets, ...order(sql, query) }
}

const index: FacetIndex = {
  table: 'cash_receipts',
  as: 'r',
  facet: `hashtextextended(
    coalesce(r.status, '') || '|' || coalesce(r.type, '') || '|' || coalesce(r.is_manual::text, '')
      || '|' || coalesce(r.is_test::text, '') || '|' || coalesce(r.pg_provider, '') || '|' || coalesce(r.pg_merchant_id, ''), 0)`,
  within: 'r.issued_at is not null',
  time: 'r.issued_at',
}

function* where(sql: Sql, { filter, from, until }: ReceiptQuery): Generator<Fragment> {
  const time = timeColumn(sql, filter.timeRangeField)
  yield sql`r.status is not null`
  yield sql`${time} between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.paymentId !== undefined) yield sql`r.payment_id = ${filter.paymentId}`
  if (filter.orderName !== undefined)
    yield sql`hashtextextended(r.order_name, 0) = hashtextextended(${filter.orderName}, 0) and r.order_name = ${filter.orderName}`
  if (filter.pgReceiptId !== undefined) yield sql`r.pg_receipt_id = ${filter.pgReceiptId}`
  if (filter.version === 'V1') yield sql`false`
}

function* whereAttributes(sql: Sql, filter: CashReceiptFilterInput): Generator<Fragment> {
  if (filter.isTest !== undefined) yield sql`r.is_test = ${filter.isTest}`
  if (filter.statuses?.length) yield sql`r.status = any(${filter.statuses}::text[])`
  if (filter.isManual !== undefined) yield sql`r.is_manual = ${filter.isManual}`
  if (filter.pgMerchantId !== undefined) yield sql`r.pg_merchant_id = ${filter.pgMerchantId}`
  if (filter.pgProviders?.length) yield sql`r.pg_provider = any(${filter.pgProviders}::text[])`
  if (filter.pgCompanies?.length) yield sql`r.pg_provider = any(${filter.pgCompanies.flatMap(providersOf)}::text[])`
  if (filter.types?.length) yield sql`r.type = any(${filter.types}::text[])`
}

type TimeField = NonNullable<CashReceiptFilterInput['timeRangeField']>

const timeColumn = (sql: Sql, field: TimeField = 'ISSUED_AT'): Fragment => {
  switch (field) {
    case 'ISSUED_AT':
      return sql`r.issued_at`
    case 'CANCELLED_AT':
      return sql`r.cancelled_at`
    case 'STATUS_UPDATED_AT':
      return sql`r.status_updated_at`
  }
}

/** Receipts without the instant come last, in either order. Within a window of the same instants there are none. */
const order = (sql: Sql, { filter, sort }: ReceiptQuery) => {
  const { by = 'ISSUED_AT', order: direction } = sort
  const isWindow = by === (filter.timeRangeField ?? 'ISSUED_AT')
  const mayBeNull = by !== 'STATUS_UPDATED_AT' && !isWindow
  return orderBy(sql, { by: timeColumn(sql, by), direction, id: sql`r.payment_id`, mayBeNull })
}
