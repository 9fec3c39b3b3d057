import type { CashReceiptInputType, PaymentTextSearchField } from '@naru/contract'
import type { Fragment } from 'postgres'
import { begins } from '../db/beginning.ts'
import type { Sql } from '../db/connect.ts'
import { expectedRows } from '../db/expected-rows.ts'
import { ofStores } from '../db/page.ts'

/** What a list of payments may ask of their receipts. */
export type ReceiptFilter = {
  readonly cashReceiptType?: CashReceiptInputType | undefined
  readonly cashReceiptStatus?: 'ISSUED' | 'CANCELLED' | undefined
  readonly cashReceiptIssuedAtRange?: Range | undefined
  readonly cashReceiptCancelledAtRange?: Range | undefined
  readonly textSearch?: readonly TextSearch[] | undefined
}
type TextSearch = { readonly field: PaymentTextSearchField; readonly value: string }
type Range = { readonly from: string; readonly until: string }

const rangesOf = ({ cashReceiptIssuedAtRange, cashReceiptCancelledAtRange }: ReceiptFilter) =>
  Object.entries({ cashReceiptIssuedAtRange, cashReceiptCancelledAtRange }).flatMap(([name, range]) =>
    range === undefined ? [] : [{ name, range }],
  )

/** The name of a filter's range that ends before it begins; `undefined` if there is none. */
export const backwardRange = (filter: ReceiptFilter): string | undefined =>
  rangesOf(filter).find(({ range }) => Date.parse(range.from) > Date.parse(range.until))?.name

/** What is asked of a receipt `r` that was issued, besides texts. */
const conditionsOf = (sql: Sql, filter: ReceiptFilter): readonly Fragment[] => {
  const { cashReceiptType, cashReceiptStatus, cashReceiptIssuedAtRange, cashReceiptCancelledAtRange } = filter
  return [
    cashReceiptType && cashReceiptType !== 'NO_RECEIPT' && sql`r.type = ${cashReceiptType}`,
    cashReceiptStatus && sql`r.status = ${cashReceiptStatus}`,
    cashReceiptIssuedAtRange && within(sql, sql`r.issued_at`, cashReceiptIssuedAtRange),
    cashReceiptCancelledAtRange && within(sql, sql`r.cancelled_at`, cashReceiptCancelledAtRange),
  ].filter((condition) => condition !== undefined && condition !== false)
}

const within = (sql: Sql, column: Fragment, { from, until }: Range): Fragment =>
  sql`${column} between ${from}::text::timestamptz and ${until}::text::timestamptz`

/** The fields of receipts that a payment is found by; the others are its own. */
const textsOf = (sql: Sql, { textSearch = [] }: ReceiptFilter): readonly Fragment[] =>
  textSearch.flatMap(({ field, value }) =>
    field === 'RECEIPT_APPROVAL_NUMBER'
      ? [sql`r.issue_number = ${value}`]
      : field === 'PG_RECEIPT_ID'
        ? [sql`r.pg_receipt_id = ${value}`]
        : [],
  )

/** What a receipt must meet for its payment to be in the list, besides being there or not; nothing where that is all. */
const wanted = (sql: Sql, filter: ReceiptFilter): readonly Fragment[] => [
  ...conditionsOf(sql, filter),
  ...textsOf(sql, filter),
]

/** How many receipts PostgreSQL expects that a list asks for; `undefined` where payments need none. */
export const expectedReceipts = async (
  sql: Sql,
  storeIds: readonly string[],
  filter: ReceiptFilter,
): Promise<number | undefined> => {
  const conditions = wanted(sql, filter)
  return conditions.length === 0 || filter.cashReceiptType === 'NO_RECEIPT'
    ? undefined
    : expectedRows(sql, receipts(sql, storeIds, conditions))
}

/** Those of some days may be of any payments: in the order of a list of payments, none of them might come before the end. */
export const areOfDays = (filter: ReceiptFilter): boolean => rangesOf(filter).length > 0

/**
 * The payments of the receipts that a list asks for, found by the receipts: nothing is read of a payment without one. `all` of them
 * are looked up together, in the order of their ids, so that ids which are near each other cost one step down the index: those of
 * 25,000 receipts read 10,000 pages instead of 105,000. Fewer are looked up one by one, until there are enough. So are those of several
 * stores, which may have used the same ids.
 */
export const paymentsOfReceipts = (
  sql: Sql,
  storeIds: readonly string[],
  filter: ReceiptFilter,
  which: 'all' | 'any',
): Fragment => {
  // What is expected without this is right, and there is an index with it.
  const isCancelled = filter.cashReceiptStatus === 'CANCELLED' ? [sql`r.cancelled_at is not null`] : []
  const found = receipts(sql, storeIds, [...wanted(sql, filter), ...isCancelled])
  if (which === 'all' && storeIds.length === 1)
    return sql`
      select p.* from payments p
      where ${ofStores(sql, 'p', storeIds)} and p.payment_id = any(array(select r.payment_id from (${found}) r))`
  return sql`
    select p.* from (${found} offset 0) r cross join lateral (
      select p.* from payments p where p.store_id = r.store_id and p.payment_id = r.payment_id offset 0
    ) p`
}

/** The same as conditions on payments `p`: what is left of them where `p` is one of `paymentsOfReceipts`. */
export const receiptConditions = (
  sql: Sql,
  filter: ReceiptFilter,
  { areFound }: { readonly areFound: boolean },
): readonly Fragment[] => {
  const conditions = wanted(sql, filter)
  // Of a receipt that is not there nothing else is true.
  if (filter.cashReceiptType === 'NO_RECEIPT') return [conditions.length === 0 ? sql`not ${has(sql, [])}` : sql`false`]
  return areFound || conditions.length === 0 ? [] : [has(sql, conditions)]
}

/** More receipts than so many that begin alike are not all found first. */
const mostFoundFirst = 1_000

/** That a text is the beginning of a field of the payment's receipt. Where few receipts begin so, they are found at once. */
export const beginsReceipt = (sql: Sql, storeIds: readonly string[], text: string): Fragment => {
  const begins = beginning(sql, text)
  const ids = sql`array(${receiptsBeginning(sql, storeIds, text)} limit ${mostFoundFirst + 1})`
  // Another store may have used an id of these too.
  return sql`(
    (cardinality(${ids}) > ${mostFoundFirst} or p.payment_id = any(${ids})) and ${has(sql, [begins])})`
}

/** The ids of the payments of all receipts that have a field with this beginning. */
export const receiptsBeginning = (sql: Sql, storeIds: readonly string[], text: string): Fragment =>
  sql`select found.payment_id from (${receipts(sql, storeIds, [beginning(sql, text)])}) found`

const beginning = (sql: Sql, text: string): Fragment =>
  sql`(${begins(sql, sql`r.issue_number`, text)} or ${begins(sql, sql`r.pg_receipt_id`, text)})`

const receipts = (sql: Sql, storeIds: readonly string[], conditions: readonly Fragment[]): Fragment => sql`
  select r.store_id, r.payment_id from cash_receipts r where ${ofStores(sql, 'r', storeIds)} and ${issued(sql, conditions)}`

/** The payment's own receipt is looked up: with the offset PostgreSQL makes no join of it, which might begin with all receipts. */
const has = (sql: Sql, conditions: readonly Fragment[]): Fragment => sql`exists (
  select from cash_receipts r
  where r.store_id = p.store_id and r.payment_id = p.payment_id and ${issued(sql, conditions)} offset 0)`

const issued = (sql: Sql, conditions: readonly Fragment[]): Fragment =>
  conditions.reduce((all, condition) => sql`${all} and ${condition}`, sql`r.issued_at is not null`)
