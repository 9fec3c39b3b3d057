import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { receiptCondition, receiptSearch } from '../cash-receipts/list.ts'
import type { Sql } from '../db/connect.ts'
import { findRows, type ListQuery } from '../db/find-rows.ts'
import type { Page, Stream } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { searchEntry } from '../payments/state/search.ts'
import { hasEntry } from '../payments/store.ts'
import { commonTexts } from './common-texts.ts'
import { attributeConditions, facetsOf } from './facets.ts'
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
export const findPayments = async (
  sql: Sql,
  query: PaymentQuery,
): Promise<{ items: readonly WholePayment[]; totalCount: number }> =>
  findRows(sql, await paymentRows(sql, query), query, query.page)

export const paymentRows = async (sql: Sql, query: PaymentQuery): Promise<ListQuery> => {
  const common = await commonTexts(sql, query.storeIds, (query.filter.textSearch ?? []).flatMap(entriesOf))
  const facets = facetsOf(sql, query.filter)
  const attributes = facets ? [] : attributeConditions(sql, query.filter)
  return {
    storeIds: query.storeIds,
    table: 'payments',
    as: 'p',
    columns: wholePayment(sql),
    conditions: [...where(sql, query, common), ...attributes],
    facets,
    ...(query.filter.sortBy === 'REQUESTED_AT' ? { streams: byRequest(sql, query.filter) } : {}),
    order: order(sql, query.filter),
  }
}

function* where(
  sql: Sql,
  { storeIds, filter, from, until }: PaymentQuery,
  common: ReadonlySet<string>,
): Generator<Fragment> {
  yield sql`p.status is not null`
  yield sql`${timeColumn(sql, filter)} between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.version === 'V1') yield sql`false`
  if (filter.webhookStatus) yield webhookCondition(sql, filter.webhookStatus)
  const ofReceipt = receiptCondition(sql, filter)
  if (ofReceipt) yield ofReceipt
  for (const search of filter.textSearch ?? []) yield searchCondition(sql, storeIds, common, search)
}

const timeColumn = (sql: Sql, { timestampType }: PaymentFilterInput): Fragment =>
  timestampType === 'CREATED_AT' ? sql`p.begun_at` : sql`p.status_time`

/** Without `sortBy` the field of the window sorts: our choice, PortOne does not say. Ties are broken by id. */
const order = (sql: Sql, filter: PaymentFilterInput): Fragment => {
  const column = sortColumn(sql, filter)
  return filter.sortOrder === 'ASC' ? sql`${column} asc, p.payment_id asc` : sql`${column} desc, p.payment_id desc`
}

/** Most payments were tried once. An index of when each was tried latest would be written with all of them. */
const byRequest = (sql: Sql, { sortOrder }: PaymentFilterInput): readonly Stream[] => {
  const towards = sortOrder === 'ASC' ? sql`asc` : sql`desc`
  const order = sql`p.begun_at ${towards}, p.payment_id ${towards}`
  return [{ where: sql`p.requested_at = p.begun_at`, order }, { where: sql`p.requested_at <> p.begun_at` }]
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

/** The delivery that announced the status the payment has now. */
const webhookCondition = (sql: Sql, status: string): Fragment => sql`exists (
  select from webhooks w
  where w.store_id = p.store_id and w.payment_id = p.payment_id and w.payment_status = p.status and w.status = ${status}
    ${status === 'SUCCEEDED' ? sql`` : sql`and w.status <> 'SUCCEEDED'`})`

type TextSearch = NonNullable<PaymentFilterInput['textSearch']>[number]

/** What a named field is found by. */
const entriesOf = ({ field, value }: TextSearch): readonly string[] =>
  field === 'ALL' || field === 'PAYMENT_ID' ? [] : [searchEntry(field, value)]

/** A named field must be equal as a whole (an index finds it); `ALL` matches the beginning of any field. */
const searchCondition = (
  sql: Sql,
  storeIds: readonly string[],
  common: ReadonlySet<string>,
  { field, value }: TextSearch,
): Fragment => {
  const ofReceipt = receiptSearch(sql, field, value)
  if (field === 'PAYMENT_ID') return sql`p.payment_id = ${value}`
  if (field !== 'ALL') {
    const entry = searchEntry(field, value)
    // No index has the texts themselves: payments are read in the order of the list, until enough of them have this one.
    return ofReceipt ?? (common.has(entry) ? sql`p.search @> array[${entry}]` : hasEntry(sql, storeIds, entry))
  }
  const beginning = value.slice(0, 200)
  const anyField = sql`(starts_with(p.payment_id, ${beginning}) or exists (select from unnest(p.search) entry
    where starts_with(substr(entry, strpos(entry, '=') + 1), ${beginning})))`
  return ofReceipt ? sql`(${anyField} or ${ofReceipt})` : anyField
}
