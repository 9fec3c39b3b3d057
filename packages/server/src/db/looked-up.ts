import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'

/**
 * Rows `found` that each row before it looks up by itself, for the `from` of a query: `look` is the query, which may refer to those
 * rows. PostgreSQL neither turns it into a join nor reads it once for all. Where `look` takes its tenant from a row before it, and
 * not from a parameter, PostgreSQL expects as many rows as an average merchant has, and finds one row by the whole of its key.
 */
export const lookedUp = (sql: Queryable, look: Fragment, found: string): Fragment =>
  sql`cross join lateral (${look} offset 0) ${sql(found)}`
