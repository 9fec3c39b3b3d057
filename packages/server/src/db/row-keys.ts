import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'
import { allOf, countRows, firstRows, lookedUp, ofStores, type RowsQuery } from './page.ts'

/** What tells a row from all others. */
export const idsOf = (sql: Sql, { as, id }: RowsQuery & { readonly id: string }): Fragment =>
  sql`${sql(`${as}.store_id`)} as "storeId", ${sql(`${as}.${id}`)} as id`

const earliestOf = (sql: Sql, time: Fragment): Fragment =>
  sql`(extract(epoch from min(${time}) over ()) * 1000)::bigint as earliest`

/** The ids of the first rows, looked up. Each says how many match, and the earliest time of any. */
export const firstKeys = (
  sql: Sql,
  query: RowsQuery & { readonly id: string },
  { time }: { readonly time: Fragment },
  limit: number,
): Fragment => {
  const { storeIds, as, order, conditions, among } = query
  const rows = among ? lookedUp(sql, as, among.rows) : sql``
  return sql`
    select ${idsOf(sql, query)}, count(*) over () as matching, ${earliestOf(sql, time)}
    from ${rows} where ${allOf(sql, [ofStores(sql, as, storeIds), ...conditions])}
    order by ${order}, ${sql(as)}.store_id limit ${limit}`
}

/** The same of rows that are met in their order. Each says how many match, as far as `upTo`, and the earliest time of these rows. */
export const keysInOrder = (
  sql: Sql,
  query: RowsQuery & { readonly id: string },
  { time }: { readonly time: Fragment },
  { limit, upTo }: { readonly limit: number; readonly upTo: number },
): Fragment => {
  const matching = query.counted ? sql`(${countRows(sql, query, upTo)})` : sql`count(*) over ()`
  const columns = sql`${idsOf(sql, query)}, ${time} as at`
  return sql`
    select in_order."storeId", in_order.id, ${matching} as matching, ${earliestOf(sql, sql`in_order.at`)}
    from (${firstRows(sql, { ...query, columns }, { limit })}) in_order`
}
