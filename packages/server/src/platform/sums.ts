import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { type Amount, sumAtAnySize } from '../kernel/money.ts'
import { largestAmount } from './transfers/arithmetic/largest-amount.ts'

/** How many transfers of the largest amount make the largest sum. */
export const mostOfLargest = 8_000

/**
 * Our choice: the largest sum of a settlement, and of what one payout pays. With VAT on top it is still exact as a number.
 * What is more than that is divided among several, so that nobody's money has to wait for it.
 */
export const largestSum: Amount = mostOfLargest * largestAmount

/** The largest total that is shown. It stands for itself and all that is more: a rounded total would be wrong and look right. */
const largestTotal = Number.MAX_SAFE_INTEGER

/** A total that can be shown: `total` is a sum in SQL, of any size. Without rows it is 0. Nothing is paid by it above `largestSum`. */
export const shownTotal = (sql: Sql, total: Fragment): Fragment =>
  sql`least(greatest(coalesce(${total}, 0), ${-largestTotal}::bigint), ${largestTotal}::bigint)::bigint`

/** The same of totals that are shown. */
export const totalOf = (amounts: Iterable<Amount>): Amount => {
  const total = sumAtAnySize(amounts)
  return Math.max(-largestTotal, Math.min(Number(total), largestTotal))
}

/** The largest of these numbers in SQL, whatever their sign. */
export const largestOf = (sql: Sql, numbers: readonly string[]): Fragment =>
  sql.unsafe(`greatest(${numbers.map((number) => `abs(${number})`).join(', ')})`)

/** The largest of a row's user-defined formulas, whatever its sign; 0 where it has none. */
export const largestFormula = (column: string): string =>
  `(select coalesce(max(abs(value::bigint)), 0) from jsonb_each_text(${column}))`
