import type { Fragment } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import { boundedRows } from './bounded-rows.ts'
import type { Sql } from './connect.ts'
import { type Found, keptFinds, type Sought } from './kept.ts'
import { countRows, firstKeys, firstRows, type Page, pagedItems, type RowsQuery } from './page.ts'

type LookedUp = RowsQuery & { readonly id: string }
type Items<Row> = { readonly items: readonly Row[]; readonly totalCount: number }

/** A page of what is all looked up, and how many that is. A page behind the end tells nothing of them. */
export const findAmong = async <Row extends object>(
  sql: Sql,
  query: RowsQuery,
  { number, size }: Page,
): Promise<Items<Row>> => {
  const statement = firstRows(sql, query, { offset: number * size, limit: size })
  const items = await boundedRows<Row & { readonly matching: number }>(sql, statement, size)
  const [first] = items
  if (first || number === 0) return { items, totalCount: Math.min(first?.matching ?? 0, pagedItems) }
  const [{ count }] = await sql<[{ count: number }]>`${countRows(sql, query, pagedItems)}`
  return { items, totalCount: count }
}

/** How to tell whether what was found is what would be found again. */
export type Keeps = {
  /** The time by which rows are within the window. */
  readonly time: Fragment
  /** A text that tells what there is now. */
  readonly seen: Fragment
  /** That no server has changed such a row, of these stores, since that was read. */
  readonly isUnchanged: (seen: string) => Fragment
}

/** So many are found for the pages that follow, and pages further behind are found each by itself. */
const foundAhead = 200
const furthest = 2_000

/**
 * As `findAmong`, where the ids that were found serve for a moment: for the page that is read again, and for those that follow. Whether
 * any server has changed such a row since is asked in the statement that reads the page.
 */
export const findKept = async <Row extends object>(
  sql: Sql,
  query: LookedUp & { readonly keeps: Keeps },
  what: Sought,
  page: Page,
): Promise<Items<Row>> => {
  const finds = keptFinds(sql)
  const end = (page.number + 1) * page.size
  const found = end <= furthest ? await finds.find(what, Number.POSITIVE_INFINITY) : undefined
  const kept =
    found && reaches(found, end) && isWithin(found, what) ? await show<Row>(sql, query, found, page) : undefined
  if (kept || end > furthest) return kept ?? findAmong(sql, query, page)
  const anew = await show<Row>(sql, query, await finds.keep(what, findKeys(sql, query, end + foundAhead)), page)
  return anew ?? findAmong(sql, query, page)
}

const reaches = ({ keys, matching }: Found, end: number): boolean => keys.length >= end || keys.length === matching

/** The window may have moved on, and left the earliest ones behind. */
const isWithin = ({ earliest }: Found, { from }: Sought): boolean => earliest === null || earliest >= from

const findKeys = async (sql: Sql, query: LookedUp & { readonly keeps: Keeps }, limit: number): Promise<Found> => {
  type Key = Found['keys'][number] & { readonly matching: number; readonly earliest: Instant }
  const [{ seen, found }] = await sql<[{ seen: string; found: readonly Key[] | null }]>`
    ${firstKeys(sql, query, query.keeps, limit)}`
  const keys = (found ?? []).map(({ storeId, id }) => ({ storeId, id }))
  return { keys, matching: found?.[0]?.matching ?? 0, earliest: found?.[0]?.earliest ?? null, seen }
}

/** The page of what was found; `undefined` where something was changed since. */
const show = async <Row extends object>(
  sql: Sql,
  query: LookedUp & { readonly keeps: Keeps },
  { keys, matching, seen }: Found,
  { number, size }: Page,
): Promise<Items<Row> | undefined> => {
  const shown = keys.slice(number * size, (number + 1) * size)
  const isUnchanged = query.keeps.isUnchanged(seen)
  if (shown.length > 0) {
    const items = await rowsOf<Row>(sql, query, shown, [isUnchanged])
    return items.length === shown.length ? { items, totalCount: Math.min(matching, pagedItems) } : undefined
  }
  const [unchanged] = await sql`select where ${isUnchanged}`
  return unchanged ? { items: [], totalCount: Math.min(matching, pagedItems) } : undefined
}

/** A page and how many match, as far as `limit`, with rows that are read once for both. */
export const findOneByOne = async <Row extends object>(
  sql: Sql,
  query: LookedUp,
  { number, size }: Page,
  limit: number,
): Promise<Items<Row>> => {
  const row = (column: string) => sql(`${query.as}.${column}`)
  const keys = { ...query, columns: sql`${row('store_id')} as "storeId", ${row(query.id)} as id` }
  const found = await sql<{ storeId: string; id: string }[]>`${firstRows(sql, keys, { limit })}`
  const items = await rowsOf<Row>(sql, query, found.slice(number * size, (number + 1) * size))
  return { items, totalCount: found.length }
}

/** The rows that have these ids, as far as they meet other conditions. */
const rowsOf = <Row extends object>(
  sql: Sql,
  query: LookedUp,
  keys: Found['keys'],
  conditions: readonly Fragment[] = [],
): Promise<readonly Row[]> => {
  const row = (column: string) => sql(`${query.as}.${column}`)
  const [storeIds, ids] = [keys.map(({ storeId }) => storeId), keys.map(({ id }) => id)]
  const isOne = sql`${row(query.id)} = any(${ids}::text[])
    and (${row('store_id')}, ${row(query.id)}) in (select * from unnest(${storeIds}::text[], ${ids}::text[]))`
  const rows = { ...query, among: undefined, conditions: [isOne, ...conditions] }
  return boundedRows<Row>(sql, firstRows(sql, rows, { limit: keys.length }), keys.length)
}
