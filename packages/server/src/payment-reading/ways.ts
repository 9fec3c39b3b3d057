import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { areOfDays, expectedReceipts, paymentsOfReceipts } from '../cash-receipts/of-payments.ts'
import type { Sql } from '../db/connect.ts'
import { expectedRows, isRare, rowsHaving } from '../db/expected-rows.ts'
import type { ListQuery } from '../db/find-rows.ts'
import { ofStores } from '../db/page.ts'
import { mayHaveEntry } from '../db/search-texts.ts'
import { searchEntry } from '../payments/state/search.ts'
import { expectedWebhooks, paymentsOfWebhooks } from '../webhooks/of-payments.ts'
import { expectedBegun, paymentsBeginning } from './beginnings.ts'

/**
 * How payments are found: by a text, a beginning of texts, receipts or webhooks that few have, all of which are looked up, or in the
 * order of the list, where what is asked for comes early.
 */
export type Way =
  | 'in order'
  | { readonly by: 'receipts' | 'webhooks' }
  | { readonly by: 'text'; readonly entry: string }
  | { readonly by: 'beginning'; readonly text: string }

export type Ways = { readonly ofPage: Way; readonly ofCount: Way }

/** A page looks up no more receipts of some days: it would take longer than reading the payments. */
const mostOfDays = 100_000

/** Up to where rows are wanted: for a page that ends with so many, and for a count of as many. */
type Wanted = { readonly page: number; readonly count: number }

/** The way that reads fewest rows, for a filter of this list, which has all payments with the attributes asked for. */
export const waysOf = async (
  sql: Sql,
  list: Omit<ListQuery, 'columns'>,
  filter: PaymentFilterInput,
  { page, count }: Wanted,
): Promise<Ways> => {
  const { storeIds } = list
  const [entries, beginnings] = [entriesOf(filter), beginningsOf(filter)]
  const payments = sql`select from payments p where ${ofStores(sql, 'p', storeIds)}`
  const [receipts, webhooks] = await Promise.all([
    expectedReceipts(sql, storeIds, filter),
    expectedWebhooks(sql, storeIds, filter.webhookStatus),
  ])
  if (receipts === undefined && webhooks === undefined && entries.length + beginnings.length === 0)
    return { ofPage: 'in order', ofCount: 'in order' }
  const all = await expectedRows(sql, payments)
  const byEntries = entries.map(async (entry): Promise<ByText> => {
    const having = sql`${payments} and ${mayHaveEntry(sql, 'p', storeIds, entry)}`
    const expected = await rowsHaving(sql, having, { wanted: page, all })
    return { way: { by: 'text', entry }, expected, isRare: (wanted) => isRare(expected, { wanted, all }) }
  })
  const byBeginnings = beginnings.map(async (text): Promise<ByText> => {
    const { isUsual, ...begun } = await expectedBegun(sql, list, text, { wanted: page, all })
    // With attributes that few have, of many that begin so, all might have to be read.
    return { way: { by: 'beginning', text }, ...begun, countsAny: !isUsual && !list.facets }
  })
  const [rarest] = (await Promise.all([...byEntries, ...byBeginnings])).toSorted(
    (one, other) => one.expected - other.expected,
  )
  const byText = (wanted: number): Way | undefined => (rarest?.isRare(wanted) ? rarest.way : undefined)
  const areFew =
    receipts !== undefined && (areOfDays(filter) ? receipts <= mostOfDays : isRare(receipts, { wanted: page, all }))
  const byWebhooks = (wanted: number): Way =>
    webhooks !== undefined && isRare(webhooks, { wanted, all }) ? { by: 'webhooks' } : 'in order'
  const ofFew = byText(page) ?? (areFew ? { by: 'receipts' } : byWebhooks(page))
  // In no order, receipts are read until there are enough: none of a payment without one.
  const any = byText(count) ?? (receipts === undefined ? byWebhooks(count) : { by: 'receipts' })
  return { ofPage: ofFew, ofCount: any === 'in order' && rarest?.countsAny ? rarest.way : any }
}

type ByText = {
  readonly way: Way
  readonly expected: number
  isRare(wanted: number): boolean
  /** Whether a count finds enough of them sooner in no order, which need not read them all. */
  readonly countsAny?: boolean
}

/** The beginnings of whatever text of a payment. */
const beginningsOf = ({ textSearch = [] }: PaymentFilterInput): readonly string[] =>
  textSearch.flatMap(({ field, value }) => (field === 'ALL' ? [value] : []))

/** The texts of payments that must be equal as a whole, which an index finds. */
const entriesOf = ({ textSearch = [] }: PaymentFilterInput): readonly string[] =>
  textSearch.flatMap(({ field, value }) => {
    switch (field) {
      case 'ALL':
      case 'PAYMENT_ID':
      case 'RECEIPT_APPROVAL_NUMBER':
      case 'PG_RECEIPT_ID':
        return []
      default:
        return [searchEntry(field, value)]
    }
  })

/** The payments that are looked up, `all` of them or as many as are wanted; `undefined` for those that are read in order. */
export const lookedUp = (
  sql: Sql,
  storeIds: readonly string[],
  filter: PaymentFilterInput,
  way: Way,
  which: 'all' | 'any',
): Fragment | undefined => {
  if (way === 'in order') return undefined
  switch (way.by) {
    case 'receipts':
      return paymentsOfReceipts(sql, storeIds, filter, which)
    case 'webhooks':
      return paymentsOfWebhooks(sql, storeIds, filter.webhookStatus)
    case 'text':
      return sql`
        select p.* from payments p where ${mayHaveEntry(sql, 'p', storeIds, way.entry)}
        union all select p.* from payments_under_way p where ${ofStores(sql, 'p', storeIds)}`
    case 'beginning':
      return paymentsBeginning(sql, storeIds, way.text)
  }
}
