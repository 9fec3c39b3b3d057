import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'

type Plan = [{ readonly Plan: { readonly 'Plan Rows': number } }]

/**
 * How many rows PostgreSQL expects of a query. Asked of its planner each time: for a prepared statement it chooses one plan for rare
 * and common values alike, and would read all rows that have a common one, or read all others for a rare one.
 */
export const expectedRows = async (sql: Sql, query: Fragment): Promise<number> => {
  const [row] = await sql<[{ 'QUERY PLAN': Plan }]>`explain (format json) ${query}`
  return row['QUERY PLAN'][0].Plan['Plan Rows']
}

/** To look a row up costs so many times as much as to read it in the order of a list. */
const costOfLookUp = 2

/**
 * Whether to look up all rows that have something reads less than to read a list in its order, where the wanted ones come the earlier
 * the more have it: of `all` rows `expected` ones have it.
 */
export const isRare = (expected: number, { wanted, all }: { readonly wanted: number; readonly all: number }): boolean =>
  expected * costOfLookUp <= (wanted * all) / expected
