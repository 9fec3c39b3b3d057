import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { areOfDays, expectedReceipts, paymentsOfReceipts } from '../cash-receipts/of-payments.ts'
import type { Sql } from '../db/connect.ts'
import { expectedRows, isRare, rowsHaving } from '../db/expected-rows.ts'
import { ofStores } from '../db/page.ts'
import { searchEntry } from '../payments/state/search.ts'
import { hasEntry } from '../payments/store.ts'
import { expectedWebhooks, paymentsOfWebhooks } from '../webhooks/of-payments.ts'

/**
 * How payments are found: by a text, receipts or webhooks that few have, all of which are looked up, or in the order of the list,
 * where what is asked for comes early.
 */
export type Way =
  | 'in order'
  | { readonly by: 'receipts' | 'webhooks' }
  | { readonly by: 'text'; readonly entry: string }

/** A page looks up no more receipts of some days: it would take longer than reading the payments. */
const mostOfDays = 100_000

/** The way that reads fewest rows, for a page that ends with so many, and for a count of as many. */
export const waysOf = async (
  sql: Sql,
  storeIds: readonly string[],
  filter: PaymentFilterInput,
  { page, count }: { readonly page: number; readonly count: number },
): Promise<{ readonly ofPage: Way; readonly ofCount: Way }> => {
  const entries = entriesOf(filter)
  const payments = sql`select from payments p where ${ofStores(sql, 'p', storeIds)}`
  const [receipts, webhooks] = await Promise.all([
    expectedReceipts(sql, storeIds, filter),
    expectedWebhooks(sql, storeIds, filter.webhookStatus),
  ])
  if (receipts === undefined && webhooks === undefined && entries.length === 0)
    return { ofPage: 'in order', ofCount: 'in order' }
  const all = await expectedRows(sql, payments)
  const texts = entries.map(async (entry) => {
    const having = sql`${payments} and ${hasEntry(sql, storeIds, entry)}`
    return { entry, expected: await rowsHaving(sql, having, { wanted: page, all }) }
  })
  const [rarest] = (await Promise.all(texts)).toSorted((one, other) => one.expected - other.expected)
  const byText = (wanted: number): Way | undefined =>
    rarest && isRare(rarest.expected, { wanted, all }) ? { by: 'text', entry: rarest.entry } : undefined
  const areFew =
    receipts !== undefined && (areOfDays(filter) ? receipts <= mostOfDays : isRare(receipts, { wanted: page, all }))
  const byWebhooks = (wanted: number): Way =>
    webhooks !== undefined && isRare(webhooks, { wanted, all }) ? { by: 'webhooks' } : 'in order'
  return {
    ofPage: byText(page) ?? (areFew ? { by: 'receipts' } : byWebhooks(page)),
    // In no order, receipts are read until there are enough: none of a payment without one.
    ofCount: byText(count) ?? (receipts === undefined ? byWebhooks(count) : { by: 'receipts' }),
  }
}

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
      return sql`select p.* from payments p where ${hasEntry(sql, storeIds, way.entry)}`
  }
}
