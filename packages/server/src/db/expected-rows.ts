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
export const costOfLookUp = 2

/**
 * Whether to look up all rows that have something reads less than to read a list in its order, where the wanted ones come the earlier
 * the more have it: of `all` rows `expected` ones have it.
 */
export const isRare = (expected: number, { wanted, all }: { readonly wanted: number; readonly all: number }): boolean =>
  expected * costOfLookUp <= (wanted * all) / expected

/** Up to how many rows are rare. */
export const mostOfRare = ({ wanted, all }: { readonly wanted: number; readonly all: number }): number =>
  Math.floor(Math.sqrt((wanted * all) / costOfLookUp))

/** PostgreSQL's statistics have the most common texts. Of all others it expects as many rows as half of the rarest of those. */
const mostOfUnknown = 30_000

/**
 * How many rows have a text, for `isRare`. Where PostgreSQL expects too many of one that it may not know, they are counted as far as it
 * matters: an address of one customer was expected in 3,600 of a million payments, all of which would have been read for it.
 */
export const rowsHaving = async (
  sql: Sql,
  query: Fragment,
  { wanted, all }: { readonly wanted: number; readonly all: number },
): Promise<number> => {
  const expected = await expectedRows(sql, query)
  if (isRare(expected, { wanted, all }) || expected > mostOfUnknown) return expected
  const few = mostOfRare({ wanted, all })
  const [{ count }] = await sql<[{ count: number }]>`select count(*) from (${query} limit ${few + 1}) having_it`
  return count <= few ? count : Math.max(count, expected)
}
