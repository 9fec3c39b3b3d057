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
