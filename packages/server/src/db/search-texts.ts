import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'

/** A row of a table with `search`, the texts that it is found by, as `FIELD=value`. */
export type Searched = 'p' | 'k'

/**
 * That the row of one of these stores has an entry to be found by, along an index which reads nothing of other stores, and in which
 * few others are found with it: whoever asks compares `search`.
 */
export const mayHaveEntry = (sql: Queryable, as: Searched, storeIds: readonly string[], entry: string): Fragment =>
  isFoundBy(sql, as, storeIds, (storeId) => sql`search_equal(${storeId}, ${entry})`)

/** The same, that it has an entry whose value begins with a text: of a long text, with its first characters. */
export const mayBegin = (sql: Queryable, as: Searched, storeIds: readonly string[], beginning: string): Fragment =>
  isFoundBy(sql, as, storeIds, (storeId) => sql`search_beginning(${storeId}, ${beginning})`)

const isFoundBy = (
  sql: Queryable,
  as: Searched,
  storeIds: readonly string[],
  query: (storeId: string) => Fragment,
): Fragment => {
  const row = sql(as)
  return sql`search_texts(${row}.store_id, ${row}.search) @@ (${storeIds.map(query).reduce((all, one) => sql`${all} || ${one}`)})`
}
