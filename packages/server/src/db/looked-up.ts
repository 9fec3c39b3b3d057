import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'

/**
 * Rows `found` that each row before it looks up by itself, for the `from` of a query: `look` is the query, which may refer to those
 * rows. PostgreSQL neither turns it into a join nor reads it once for all. Where `look` takes its tenant from a row before it, and
 * not from a parameter, PostgreSQL expects as many rows as an average merchant has, and finds one row by the whole of its key.
 */
export const lookedUp = (sql: Queryable, look: Fragment, found: string): Fragment =>
  sql`cross join lateral (${look} offset 0) ${sql(found)}`

/**
 * A row for each entry of an array that a query is given, for its `from`. PostgreSQL does not see how many there are: it would
 * plan the query anew each time for as long as a plan for that many is cheaper than the one that it could keep, which is for ten.
 * A payment that came alone spent 0.4 ms, a sixth of what it costs PostgreSQL, on the plan of how it is loaded.
 */
export const eachOf = (sql: Queryable, array: Fragment): Fragment => sql`unnest((select ${array}))`
