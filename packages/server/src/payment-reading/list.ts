import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { isUnchangedSince, seenOf } from '../aggregates/history.ts'
import { receiptConditions } from '../cash-receipts/of-payments.ts'
import { perPool } from '../db/batch.ts'
import type { Sql } from '../db/connect.ts'
import { eitherOf } from '../db/either.ts'
import { countedAhead, findRows, type ListQuery } from '../db/find-rows.ts'
import { Moment } from '../db/moment.ts'
import { ofStores, type Page, type Stream } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { searchEntry } from '../payments/state/search.ts'
import { paymentTables } from '../payments/store.ts'
import { webhookCondition } from '../webhooks/of-payments.ts'
import { beginsAny } from './beginnings.ts'
import { attributeConditions, facetsOf } from './facets.ts'
import { type StoredWholePayment, type WholePayment, wholePayment, wholePaymentOf } from './read.ts'
import { lookedUp, type Way, type Ways, waysOf } from './ways.ts'

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
): Promise<{ items: readonly WholePayment[]; totalCount: number }> => {
  const rows = await paymentRows(sql, query)
  const { items, totalCount } = await findRows<StoredWholePayment>(sql, rows, query, query.page)
  return { items: items.map(wholePaymentOf), totalCount }
}

export const paymentRows = async (sql: Sql, query: PaymentQuery): Promise<ListQuery> => {
  const { storeIds, filter } = query
  const list = withAttributes(sql, query)
  const { ofPage, ofCount } = await paymentWays(sql, query)
  const rows = lookedUp(sql, storeIds, filter, ofPage, 'all')
  const counted = lookedUp(sql, storeIds, filter, ofCount, 'any')
  const facets = rows ? undefined : list.facets
  const attributes = attributeConditions(sql, filter)
  return {
    ...list,
    columns: wholePayment(sql),
    among: rows && { rows, id: list.id },
    conditions: [...where(sql, query, ofPage), ...(facets ? [] : attributes)],
    counted: counted && { among: counted, conditions: [...where(sql, query, ofCount), ...attributes] },
    facets,
    looksInto: [
      ...(filter.webhookStatus ? ['webhooks'] : []),
      ...(receiptConditions(sql, filter, { areFound: false }).length > 0 ? ['cash_receipts'] : []),
    ],
    isCountedAhead: looksAnywhere(filter),
    keeps: {
      time: timeColumn(sql, filter),
      seen: seenOf(sql, storeIds),
      isUnchanged: (seen) => isUnchangedSince(sql, storeIds, seen),
      hasNone: (after, until) => hasNoneBetween(sql, query, after, until),
    },
  }
}

/** How the page and the count of a list find payments. Any way finds the same ones, so that the shortest may be the one of a moment ago. */
export const paymentWays = (sql: Sql, query: PaymentQuery): Promise<Ways> => {
  const { storeIds, filter, page } = query
  const end = (page.number + 1) * page.size
  const count = looksAnywhere(filter) ? end + countedAhead : Math.max(end, countedAhead)
  return keptWays(sql).ask(JSON.stringify([storeIds, filter, end]), () =>
    waysOf(sql, withAttributes(sql, query), filter, { page: end, count }),
  )
}

const keptWays = perPool(() => new Moment<Ways>())

const looksAnywhere = ({ textSearch = [] }: PaymentFilterInput): boolean =>
  textSearch.some(({ field }) => field === 'ALL')

/** The list, of all payments that have the attributes asked for, whatever their texts, receipts and webhooks. */
const withAttributes = (sql: Sql, query: PaymentQuery): Omit<ListQuery, 'columns'> => {
  const { storeIds, filter } = query
  const facets = facetsOf(sql, filter)
  const [table, ...besides] = paymentTables
  return {
    storeIds,
    table,
    besides,
    as: 'p',
    id: 'payment_id',
    conditions: [...inWindow(sql, query), ...(facets ? [] : attributeConditions(sql, filter))],
    facets,
    ...(filter.sortBy === 'REQUESTED_AT' ? { streams: byRequest(sql, filter) } : {}),
    order: order(sql, filter),
  }
}

function* inWindow(sql: Sql, { filter, from, until }: PaymentQuery): Generator<Fragment> {
  yield sql`p.status is not null`
  yield sql`${timeColumn(sql, filter)} between ${from}::timestamptz and ${until}::timestamptz`
}

/** What is asked of payments that are found in this way. Those found by a beginning, receipts or webhooks have what is asked of these. */
function* where(sql: Sql, query: PaymentQuery, way: Way): Generator<Fragment> {
  const { storeIds, filter } = query
  yield* inWindow(sql, query)
  if (filter.version === 'V1') yield sql`false`
  const by = way === 'in order' ? undefined : way.by
  if (filter.webhookStatus && by !== 'webhooks') yield webhookCondition(sql, filter.webhookStatus)
  yield* receiptConditions(sql, filter, { areFound: by === 'receipts' })
  const begun = way !== 'in order' && way.by === 'beginning' ? way.text : undefined
  for (const search of filter.textSearch ?? [])
    if (search.field !== 'ALL' || search.value !== begun) yield* textConditions(sql, storeIds, search)
}

const hasNoneBetween = (sql: Sql, { storeIds, filter }: PaymentQuery, after: Instant, until: Instant): Fragment => {
  const time = timeColumn(sql, filter)
  const isThere = sql`${ofStores(sql, 'p', storeIds)} and p.status is not null
    and ${time} > ${after}::timestamptz and ${time} <= ${until}::timestamptz`
  return sql`not exists (select from ${eitherOf(sql, paymentTables, 'p', isThere)} since)`
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

type TextSearch = NonNullable<PaymentFilterInput['textSearch']>[number]

/** A named field must be equal as a whole; `ALL` matches the beginning of any field. */
function* textConditions(sql: Sql, storeIds: readonly string[], { field, value }: TextSearch): Generator<Fragment> {
  switch (field) {
    case 'PAYMENT_ID':
      return yield sql`p.payment_id = ${value}`
    case 'RECEIPT_APPROVAL_NUMBER':
    case 'PG_RECEIPT_ID':
      return
    case 'ALL':
      return yield beginsAny(sql, storeIds, value)
    default:
      // No index has the texts themselves: what has one is looked up, or met in the order of the list.
      return yield sql`p.search @> array[${searchEntry(field, value)}]`
  }
}
