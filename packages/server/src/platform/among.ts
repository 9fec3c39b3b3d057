import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'

/**
 * Whether a value is among those of a query, which must not refer to the row. PostgreSQL makes one hash table of them and looks
 * each value up in it. Written as a bare `in` it is a join, and compares each with each where PostgreSQL's statistics do not know of
 * a merchant yet and it expects a single row of each.
 */
export const isAmong = (sql: Sql, value: Fragment, query: Fragment): Fragment => sql`((${value} in (${query})) is true)`

/**
 * Rows that a part of a statement has found, locked or written, by their key, which is a text and never null: `rows` selects the
 * key and one value. PostgreSQL makes one object of them, in which the key of each other row is looked up.
 *
 * As with `isAmong` nothing is joined. But this may ask parts that lock or write: a row that has been changed since the statement
 * began is evaluated again, for which PostgreSQL keeps the object. A part that locks would be run again by `isAmong`, and no longer
 * find what this statement has written.
 */
export const byKey = (sql: Sql, rows: Fragment) => {
  const object = sql`(select jsonb_object_agg(found.key, found.value) from (${rows}) as found (key, value))`
  return {
    /** Whether it has a key that is computed, which no index has. */
    hasComputed: (key: Fragment): Fragment => sql`(${object} ? ${key})`,
    /** Whether it has a column. The array lets an index find the rows where there is one; the object is quicker in other plans. */
    has: (key: Fragment): Fragment =>
      sql`(${object} ? ${key} and ${key} = any(array(select found.key from (${rows}) as found (key, value))))`,
    /** The value as a text. */
    valueOf: (key: Fragment): Fragment => sql`(${object} ->> ${key})`,
  }
}
