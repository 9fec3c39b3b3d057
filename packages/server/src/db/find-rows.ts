import type { Fragment } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import { boundedRows } from './bounded-rows.ts'
import type { Sql } from './connect.ts'
import { countMatching } from './count-matching.ts'
import { expectedRows, mostOfRare } from './expected-rows.ts'
import { rowsOfNewFacets } from './facet-gaps.ts'
import { type Facets, type MatchingFacets, matchingFacets, rowsOfFacets } from './facets.ts'
import { findAmong, findKept, type Keeps } from './find-looked-up.ts'
import { firstRows, ofStores, type Page, pagedItems, type RowsQuery } from './page.ts'

/** Where each row has to be looked at, so many are counted behind the page. */
export const countedAhead = 1_000

/** Beyond so many rows that facets together might read, those along the index of all rows are fewer. */
const mostAlongFacets = 200_000

/** A query that may be read along facets. */
export type ListQuery = RowsQuery & {
  /** The column that tells a row from the others of its store. */
  readonly id: string
  readonly facets?: Facets | undefined
  /** Tables that the conditions look into besides, whose writes change what matches. */
  readonly looksInto?: readonly string[]
  /** Where each row has to be looked at: they are counted up to `countedAhead` behind the page. */
  readonly isCountedAhead?: boolean | undefined
  /** What is looked up serves for a moment, if a row whose conditions it meets is changed in the journal alone, or in `looksInto`. */
  readonly keeps?: Keeps
}

/** As a page that ends at `end` is read: what few rows match is found by its facets; a page far behind has many rows before it. */
export const alongFacets = async (sql: Sql, { facets, ...query }: ListQuery, end: number): Promise<ListQuery> => {
  const own = [...query.conditions]
  const conditions = [...own, ...(facets?.conditions ?? [])]
  const found = facets && (await matchingFacets(sql, query.storeIds, facets))
  if (!facets || !found) return { ...query, conditions }
  if (!facets.isInOrder) return amongFacets(sql, { ...query, conditions }, { facets, found, end })
  if (found.matching.length * end > mostAlongFacets) return { ...query, conditions }
  return {
    ...query,
    conditions: [...own, ...facets.conditions.map((condition) => withoutIndex(sql, condition))],
    streams: facets.outside ?? [],
    along: {
      index: facets.index,
      facets: found.matching,
      others: rowsOfNewFacets(sql, facets.index, found),
    },
  }
}

/** Rows of facets meet it, but for two that have one hash. PostgreSQL would at times take another index for it, and look at each row. */
const withoutIndex = (sql: Sql, condition: Fragment): Fragment => sql`(${condition}) is true`

type Found = { readonly facets: Facets; readonly found: MatchingFacets; readonly end: number }

/** In another order than the index has them: all rows of these facets are looked up, where they are few. */
const amongFacets = async (sql: Sql, query: ListQuery, { facets, found, end }: Found): Promise<ListQuery> => {
  const { table, as, storeIds, id } = query
  const all = await expectedRows(sql, sql`select from ${sql(table)} ${sql(as)} where ${ofStores(sql, as, storeIds)}`)
  const few = mostOfRare({ wanted: end, all })
  const [{ count }] = await sql<[{ count: number }]>`
    select count(*) from (${rowsOfFacets(sql, query, facets, found)} limit ${few + 1}) of_facets`
  const rows = rowsOfFacets(sql, query, facets, found)
  const counted = query.counted ?? { among: rows, conditions: query.conditions }
  if (count <= few) return { ...query, among: { rows, id }, counted }
  // Within a window of another time, all of them might have to be looked at.
  return facets.isWindow ? { ...query, counted } : query
}

/** What a list was asked for, besides its page. */
export type Asked = { readonly filter: object; readonly from: Instant; readonly until: Instant }

/**
 * A page of rows, and how many match: exactly as far as pages reach, and `pagedItems` for more, because a count grows with what
 * it counts, and nobody could page to the rest. Of many rows the count is kept for a moment: see `Kept`.
 */
export const findRows = async <Row extends object>(
  sql: Sql,
  query: ListQuery,
  { filter, from, until }: Asked,
  { number, size }: Page,
): Promise<{ readonly items: readonly Row[]; readonly totalCount: number }> => {
  const given = await alongFacets(sql, query, (number + 1) * size)
  const { isCountedAhead = false } = query
  const upTo = isCountedAhead ? Math.min((number + 1) * size + countedAhead, pagedItems) : pagedItems
  const what = {
    tables: [query.table, ...(query.looksInto ?? [])],
    storeIds: query.storeIds,
    // A window that was asked for is another one where it begins a moment later: rows may lie between.
    of: JSON.stringify({ ...filter, upTo }),
    from,
    until,
  }
  const page = { number, size }
  const { keeps } = given
  if (keeps && (given.among || isCountedAhead)) {
    const { items, totalCount } = await findKept<Row>(sql, { ...given, keeps }, what, { page, upTo })
    return { items, totalCount: Math.min(totalCount, upTo) }
  }
  if (given.among) return findAmong<Row>(sql, given, page)
  const [items, totalCount] = await Promise.all([
    boundedRows<Row>(sql, firstRows(sql, given, { offset: number * size, limit: size }), size),
    countMatching(sql, given, what),
  ])
  return { items, totalCount: asShown(totalCount, items.length, page) }
}

/**
 * A count of a moment ago, of beside the page, or of before the store was reset, as far as the page does not say otherwise: one that
 * is not full ends with the last row, and an empty one lies behind it.
 */
const asShown = (totalCount: number, items: number, { number, size }: Page): number => {
  const until = number * size + items
  if (items === size) return Math.max(totalCount, until)
  return items > 0 ? until : Math.min(totalCount, until)
}

/** A page of snapshots, and how many match. */
export const findStates = async <State>(
  sql: Sql,
  query: Omit<ListQuery, 'columns'>,
  asked: Asked,
  page: Page,
): Promise<{ readonly items: readonly State[]; readonly totalCount: number }> => {
  const columns = sql`${sql(query.as)}.state`
  const { items, totalCount } = await findRows<{ readonly state: State }>(sql, { ...query, columns }, asked, page)
  return { items: items.map(({ state }) => state), totalCount }
}
