import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'

/**
 * Whether a value is among those of a query, which must not refer to the row. PostgreSQL makes one hash table of them and looks
 * each value up in it. Written as a bare `in` it is a join, and compares each with each where PostgreSQL's statistics do not know of
 * a merchant yet and it expects a single row of each.
 */
export const isAmong = (sql: Sql, value: Fragment, query: Fragment): Fragment => sql`((${value} in (${query})) is true)`
