import { setTimeout } from 'node:timers/promises'
import { second } from '../kernel/clock.ts'
import { KeyedQueue } from '../kernel/keyed-queue.ts'
import { perPool } from './batch.ts'
import type { Sql } from './connect.ts'
import { keptCounts, type Sought } from './kept.ts'
import { countRows, pagedItems, type RowsQuery } from './page.ts'

/**
 * Up to here each page is told of the rows as they are. Each is a page of the table until it is vacuumed: a thousand of a million took
 * half as long again as the list of a few.
 */
const countedAnew = 200

/** So many more are counted that most of what a store writes meanwhile does not matter. */
const surplus = 5_000

/** So long a page waits for its count, in milliseconds: of 65,000 rows that are not in memory it took up to twelve seconds. */
const patience = second

/** A count of more, kept for a moment, is not compared with what there is: nobody has written so much meanwhile that few are left. */
const surelyMany = 5 * countedAnew

/**
 * How many rows match, as far as pages reach: anew up to `countedAnew`, beside a count that is kept of not many more. Where none is kept,
 * one statement counts whatever there is, and the page waits for it no longer than `patience`.
 */
export const countMatching = async (sql: Sql, query: RowsQuery, what: Sought): Promise<number> => {
  const countTo: CountTo = async (limit) => {
    const [{ count }] = await sql<[{ count: number }]>`${countRows(sql, query, limit)}`
    return count
  }
  const counts = keptCounts(sql)
  const kept = counts.find(what, pagedItems)
  if (!kept) {
    const counted = countsInTurn(sql).run(what.storeIds.join(), () => countTo(pagedItems + surplus))
    return orMany(counts.keep(what, counted), countTo)
  }
  const known = counts.known(what) ?? 0
  if (known > surelyMany) return Math.min(known, pagedItems)
  const [few, many] = await Promise.all([countTo(countedAnew + 1), orMany(kept, countTo)])
  return few <= countedAnew ? few : many
}

type CountTo = (limit: number) => Promise<number>

/** A count goes on after its page was answered. Without turns, whoever turns filters over would come to have all connections. */
const countsInTurn = perPool(() => new KeyedQueue())

/**
 * The count, if it is there in time. If not, it is made as far as `surelyMany`, so that a store of a test is counted exactly on any
 * machine, and of more it is as many as pages reach: who goes by fewer would not see the rest.
 */
const orMany = async (counted: Promise<number>, countTo: CountTo): Promise<number> => {
  const inTime = new AbortController()
  const late = setTimeout(patience, undefined, { signal: inTime.signal })
  const count = await Promise.race([counted, late]).finally(() => inTime.abort())
  if (count !== undefined) return Math.min(count, pagedItems)
  const few = await countTo(surelyMany + 1)
  return few <= surelyMany ? few : pagedItems
}
