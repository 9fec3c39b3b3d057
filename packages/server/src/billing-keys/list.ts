import type {
  BillingKeyFilterInput,
  BillingKeyPaymentMethodType,
  BillingKeySortInput,
  PaymentClientType,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { findStates, type Page } from '../db/page.ts'
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
): Promise<{ readonly items: readonly BillingKey[]; readonly totalCount: number }> => {
  const rows = { storeIds: query.storeIds, table: 'billing_keys', as: 'k' }
  return findStates(sql, { ...rows, conditions: where(sql, query), order: order(sql, query) }, query.page)
}

function* where(sql: Sql, { filter, from, until }: BillingKeyQuery): Generator<Fragment> {
  yield sql`k.status is not null`
  yield sql`${column(sql, filter.timeRangeField)} between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.status?.length) yield sql`k.status = any(${filter.status}::text[])`
  if (filter.channelGroupIds?.length) yield sql`k.channel_group_id = any(${filter.channelGroupIds}::text[])`
  if (filter.customerId !== undefined) yield sql`k.customer_id = ${filter.customerId}`
  if (filter.platformType) yield platformCondition(sql, filter.platformType)
  if (filter.pgProviders?.length) yield sql`k.pg_providers && ${filter.pgProviders}::text[]`
  if (filter.pgCompanies?.length) yield sql`k.pg_providers && ${filter.pgCompanies.flatMap(providersOf)}::text[]`
  if (filter.methods?.length) yield sql`k.methods && ${filter.methods.map((method) => methodNames[method])}::text[]`
  if (filter.version === 'V1') yield sql`false`
  if (filter.textSearch) yield sql`k.search @> array[${searchEntry(filter.textSearch.field, filter.textSearch.value)}]`
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

/** Keys without the instant come last in either direction. */
const order = (sql: Sql, { sort }: BillingKeyQuery): Fragment =>
  sort.order === 'ASC'
    ? sql`${column(sql, sort.by)} asc nulls last, k.billing_key asc`
    : sql`${column(sql, sort.by)} desc nulls last, k.billing_key desc`

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
