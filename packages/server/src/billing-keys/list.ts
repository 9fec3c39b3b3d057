import type {
  BillingKeyFilterInput,
  BillingKeyPaymentMethodType,
  BillingKeySortInput,
  PaymentClientType,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { expectedRows, isRare, rowsHaving } from '../db/expected-rows.ts'
import type { FacetIndex } from '../db/facet-index.ts'
import { countedAhead, findStates, type ListQuery } from '../db/find-rows.ts'
import { orderBy } from '../db/order.ts'
import { ofStores, type Page } from '../db/page.ts'
import { mayHaveEntry } from '../db/search-texts.ts'
import type { Instant } from '../kernel/clock.ts'
import { providersOf } from '../merchants/pg-companies.ts'
import type { BillingKey } from './billing-key.ts'
import { searchEntry } from './search.ts'

export type BillingKeyQuery = {
  readonly storeIds: readonly string[]
  readonly filter: BillingKeyFilterInput
  readonly sort: BillingKeySortInput
  readonly from: Instant
  readonly until: Instant
  readonly page: Page
}

/** A page of keys, and how many match, counted as far as pages go. */
export const findBillingKeys = async (
  sql: Sql,
  query: BillingKeyQuery,
): Promise<{ readonly items: readonly BillingKey[]; readonly totalCount: number }> =>
  findStates(sql, await billingKeyRows(sql, query), query, query.page)

export const billingKeyRows = async (sql: Sql, query: BillingKeyQuery): Promise<Omit<ListQuery, 'columns'>> => {
  const { storeIds, filter, sort } = query
  const { ofPage, ofCount } = await withText(sql, query)
  const attributes = [...whereAttributes(sql, filter)]
  const isWindow = (filter.timeRangeField ?? 'REQUESTED_AT') === 'REQUESTED_AT'
  const isInOrder = isWindow && (sort.by ?? 'REQUESTED_AT') === 'REQUESTED_AT'
  const isRarer = filter.customerId !== undefined || ofPage !== undefined
  const facets = isRarer || attributes.length === 0 ? undefined : { index, conditions: attributes, isInOrder, isWindow }
  const all = [...where(sql, query), ...attributes]
  const conditions = facets ? [...where(sql, query)] : all
  const counted = ofCount && { among: ofCount, conditions: all }
  const id = 'billing_key'
  const among = ofPage && { rows: ofPage, id }
  return { storeIds, table: 'billing_keys', as: 'k', id, among, conditions, counted, facets, ...order(sql, query) }
}

/** The keys that have the text, where few have it: all of them are looked up. Where many do, they come early in the order of the list. */
const withText = async (sql: Sql, { storeIds, filter: { textSearch }, page }: BillingKeyQuery) => {
  if (!textSearch) return {}
  const entry = searchEntry(textSearch.field, textSearch.value)
  const having = sql`billing_keys k where ${mayHaveEntry(sql, 'k', storeIds, entry)}`
  const isOfStore = ofStores(sql, 'k', storeIds)
  const all = await expectedRows(sql, sql`select from billing_keys k where ${isOfStore}`)
  const end = (page.number + 1) * page.size
  const expected = await rowsHaving(sql, sql`select from ${having} and ${isOfStore}`, { wanted: end, all })
  const among = (wanted: number) => (isRare(expected, { wanted, all }) ? sql`select k.* from ${having}` : undefined)
  return { ofPage: among(end), ofCount: among(Math.max(end, countedAhead)) }
}

const index: FacetIndex = {
  table: 'billing_keys',
  as: 'k',
  facet: `hashtextextended(
    coalesce(k.status, '') || '|' || coalesce(k.channel_group_id, '') || '|' || hash_array_extended(k.methods, 0)::text
      || '|' || hash_array_extended(k.pg_providers, 0)::text || '|' || (k.state -> 'ready' is null)::text, 0)`,
  within: 'k.status is not null',
  time: 'k.requested_at',
}

function* where(sql: Sql, { filter, from, until }: BillingKeyQuery): Generator<Fragment> {
  yield sql`k.status is not null`
  yield sql`${column(sql, filter.timeRangeField)} between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.customerId !== undefined) yield isOfCustomer(sql, filter.customerId)
  if (filter.version === 'V1') yield sql`false`
  if (filter.textSearch) yield hasText(sql, searchEntry(filter.textSearch.field, filter.textSearch.value))
}

/** As no index has it: keys with a text that nearly all have would all be found by it. */
const hasText = (sql: Sql, entry: string): Fragment => sql`(k.search @> array[${entry}]) is true`

/** Ids may be longer than what an index takes. */
const isOfCustomer = (sql: Sql, id: string): Fragment =>
  sql`hashtextextended(k.customer_id, 0) = hashtextextended(${id}, 0) and k.customer_id = ${id}`

function* whereAttributes(sql: Sql, filter: BillingKeyFilterInput): Generator<Fragment> {
  if (filter.status?.length) yield sql`k.status = any(${filter.status}::text[])`
  if (filter.channelGroupIds?.length) yield sql`k.channel_group_id = any(${filter.channelGroupIds}::text[])`
  if (filter.platformType) yield platformCondition(sql, filter.platformType)
  if (filter.pgProviders?.length) yield sql`k.pg_providers && ${filter.pgProviders}::text[]`
  if (filter.pgCompanies?.length) yield sql`k.pg_providers && ${filter.pgCompanies.flatMap(providersOf)}::text[]`
  if (filter.methods?.length) yield sql`k.methods && ${filter.methods.map((method) => methodNames[method])}::text[]`
}

/** Cards are stored in a browser's window or through the API. The sandbox's window counts as one on a PC. */
const platformCondition = (sql: Sql, platform: PaymentClientType): Fragment => {
  switch (platform) {
    case 'API':
      return sql`k.state -> 'ready' is null`
    case 'SDK_PC':
      return sql`k.state -> 'ready' is not null`
    case 'SDK_MOBILE':
      return sql`false`
  }
}

const methodNames: Readonly<Record<BillingKeyPaymentMethodType, string>> = {
  CARD: 'BillingKeyPaymentMethodCard',
  MOBILE: 'BillingKeyPaymentMethodMobile',
  EASY_PAY: 'BillingKeyPaymentMethodEasyPay',
  TRANSFER: 'BillingKeyPaymentMethodTransfer',
}

/** Keys without the instant come last. Within a window of the same instants there are none. */
const order = (sql: Sql, { filter, sort }: BillingKeyQuery) => {
  const { by = 'REQUESTED_AT', order: direction } = sort
  const isWindow = by === (filter.timeRangeField ?? 'REQUESTED_AT')
  const mayBeNull = by !== 'STATUS_TIMESTAMP' && !isWindow
  return orderBy(sql, { by: column(sql, by), direction, id: sql`k.billing_key`, mayBeNull })
}

const column = (sql: Sql, name: BillingKeySortInput['by']): Fragment => {
  switch (name) {
    case 'ISSUED_AT':
      return sql`k.issued_at`
    case 'DELETED_AT':
      return sql`k.deleted_at`
    case 'STATUS_TIMESTAMP':
      return sql`coalesce(k.deleted_at, k.issued_at)`
    default:
      return sql`k.requested_at`
  }
}
