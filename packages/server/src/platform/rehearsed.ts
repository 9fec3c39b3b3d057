import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'

/** Where a platform's money stands. What it is divided among, such as partners and contracts, is no money. */
const books = [
  'platform_transfers',
  'platform_partner_settlements',
  'platform_payouts',
  'platform_account_transfers',
] as const

/**
 * For a condition, `not exists (${…})`: the rows of a merchant's live books. Without a live store they were rehearsed with the
 * sandbox bank, and the first live store would have them settled and paid out as real money.
 */
export const liveBooks = (sql: Queryable, merchantId: string): Fragment =>
  books
    .map((table) => sql`(select from ${sql(table)} where merchant_id = ${merchantId} and not is_for_test limit 1)`)
    .reduce((all, one) => sql`${all} union all ${one}`)
