import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'

/** PortOne refuses to page past this many items; the cursor lists are for walking everything. */
export const pagedItems = 60_000

export type Page = { readonly number: number; readonly size: number }

/** All conditions of a list in one; there is always one, the store. */
export const allOf = (sql: Sql, conditions: Iterable<Fragment>): Fragment =>
  [...conditions].reduce((all, condition) => sql`${all} and ${condition}`)

/**
 * How many rows match: exactly as far as pages reach, and `pagedItems` for more, because a count grows with what it counts,
 * and nobody could page to the rest. `matching` begins with `from`.
 */
export const countReachable = async (sql: Sql, matching: Fragment): Promise<number> => {
  const [counted] = await sql<[{ count: number }]>`
    select count(*) from (select ${matching} limit ${pagedItems}) as reachable`
  return counted.count
}

export type PageQuery = {
  /** What of a row is wanted. */
  readonly columns: Fragment
  /** Begins with `from`. */
  readonly matching: Fragment
  readonly order: Fragment
  readonly page: Page
}

/** A page of the rows that match, and how many match: two statements, side by side. */
export const findRows = async <Row extends object>(
  sql: Sql,
  { columns, matching, order, page: { number, size } }: PageQuery,
): Promise<{ readonly items: readonly Row[]; readonly totalCount: number }> => {
  const [items, totalCount] = await Promise.all([
    sql<Row[]>`select ${columns} ${matching} order by ${order} limit ${size} offset ${number * size}`,
    countReachable(sql, matching),
  ])
  return { items, totalCount }
}

/** A page of the snapshots that match, and how many match. `matching` begins with `from`. */
export const findPage = async <State>(
  sql: Sql,
  matching: Fragment,
  order: Fragment,
  page: Page,
): Promise<{ readonly items: readonly State[]; readonly totalCount: number }> => {
  const found = await findRows<{ readonly state: State }>(sql, { columns: sql`state`, matching, order, page })
  return { items: found.items.map(({ state }) => state), totalCount: found.totalCount }
}
