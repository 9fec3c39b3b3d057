import { setTimeout } from 'node:timers/promises'
import { second } from '../kernel/clock.ts'
import { codeOf } from '../kernel/error-code.ts'
import { perPool } from './batch.ts'
import type { Queryable, Sql } from './connect.ts'
import { type Counted, keptCounts, type Sought } from './kept.ts'
import { matchingRows, pagedItems, type RowsQuery } from './page.ts'
import { resetsOf } from './resets.ts'

/**
 * Up to here each page is told of the rows as they are. Each is a page of the table until it is vacuumed: a thousand of a million took
 * half as long again as the list of a few.
 */
const countedAnew = 200

/** So many more are counted that most of what a store writes meanwhile does not matter. */
const surplus = 5_000

/** So long a page waits for its count, in milliseconds: of 65,000 rows that are not in memory it took up to twelve seconds. */
const patience = second

/** So many go on without their pages on a server, and of a store one. */
const mostLeft = 4

/** A count of more, kept for a moment, is not compared with what there is: nobody has written so much meanwhile that few are left. */
const surelyMany = 5 * countedAnew

/**
 * How many rows match, as far as pages reach: anew up to `countedAnew`, beside a count that is kept of not many more. Where none is kept,
 * one statement counts whatever there is, and the page waits for it no longer than `patience`.
 */
export const countMatching = async (sql: Sql, query: RowsQuery, what: Sought): Promise<number> => {
  const { storeIds } = what
  const countBy = async (asked: Queryable, limit: number): Promise<Counted> => {
    const [counted] = await asked<[Counted]>`
      select count(*), ${resetsOf(sql, storeIds)} as resets from ${matchingRows(sql, query, limit)}`
    return counted
  }
  const countTo: CountTo = (limit) => countBy(sql, limit)
  const counts = keptCounts(sql)
  const left = countsLeft(sql)
  const told = (counting: Promise<Counted>, counted: Counted | undefined): number | Promise<number> => {
    if (counted !== undefined) return Math.min(counted.count, pagedItems)
    left.add(storeIds, counting)
    return fewOrMany(countTo)
  }
  const kept = counts.find(what, pagedItems)
  // One page has waited for it: the next ones do not.
  if (kept && !left.has(kept)) {
    const known = counts.known(what)
    const isMany = known !== undefined && known.count > surelyMany
    const [now, counted] = await Promise.all([countTo(isMany ? 0 : countedAnew + 1), inTime(kept)])
    if (!isMany && now.count <= countedAnew) return now.count
    if (counted === undefined || now.resets === counted.resets) return told(kept, counted)
  }
  if (left.hasOneOf(storeIds)) return fewOrMany(countTo)
  if (left.isFull) return (await endingInTime(sql, (asked) => countBy(asked, pagedItems))) ?? fewOrMany(countTo)
  const counting = counts.keep(what, countTo(pagedItems + surplus))
  return told(counting, await inTime(counting))
}

type CountTo = (limit: number) => Promise<Counted>

/** The count, if it is there before the page has waited for long. */
const inTime = async (counting: Promise<Counted>): Promise<Counted | undefined> => {
  const waited = new AbortController()
  const late = setTimeout(patience, undefined, { signal: waited.signal })
  return await Promise.race([counting, late]).finally(() => waited.abort())
}

/**
 * For where no more may go on: the count, or `undefined` where PostgreSQL had to end it. Without it, four long counts of one merchant
 * had every other one told of 60,000.
 */
const endingInTime = async (sql: Sql, count: (asked: Queryable) => Promise<Counted>): Promise<number | undefined> => {
  try {
    const counted = await sql.begin(async (transaction) => {
      await transaction`select set_config('statement_timeout', ${String(patience)}, true)`
      return await count(transaction)
    })
    return counted.count
  } catch (error) {
    if (codeOf(error) !== '57014') throw error
    return undefined
  }
}

/**
 * Exactly up to `surelyMany`, so that a store of a test is counted on a machine of any speed, and of more as many as pages reach: who
 * goes by fewer would not see the rest.
 */
const fewOrMany = async (countTo: CountTo): Promise<number> => {
  const { count } = await countTo(surelyMany + 1)
  return count <= surelyMany ? count : pagedItems
}

/** Counts whose page was answered without them. */
class CountsLeft {
  readonly #of = new Map<Promise<unknown>, readonly string[]>()

  add(storeIds: readonly string[], counted: Promise<unknown>): void {
    this.#of.set(counted, storeIds)
    const forget = () => this.#of.delete(counted)
    counted.then(forget, forget)
  }

  has(counted: Promise<unknown>): boolean {
    return this.#of.has(counted)
  }

  /** Then no other one of these is begun: whoever asks for one list after the other would come to have all connections. */
  hasOneOf(storeIds: readonly string[]): boolean {
    return [...this.#of.values()].some((of) => of.some((id) => storeIds.includes(id)))
  }

  get isFull(): boolean {
    return this.#of.size >= mostLeft
  }
}

const countsLeft = perPool(() => new CountsLeft())
