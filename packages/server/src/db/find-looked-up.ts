import type { Fragment } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import { boundedRows } from './bounded-rows.ts'
import type { Sql } from './connect.ts'
import { type Found, keptFinds, type Sought } from './kept.ts'
import { allOf, countRows, firstRows, type Page, pagedItems, type RowsQuery } from './page.ts'
import { firstKeys, idsOf, keysInOrder } from './row-keys.ts'

type LookedUp = RowsQuery & { readonly id: string }
type Keeping = LookedUp & { readonly keeps: Keeps }
type Wanted = { readonly page: Page; readonly upTo: number }
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
  /**
   * That no such row lies between these times. What was written after a list had read the clock, and before it read the rows, was seen
   * and is not in its window: it is in that of the next list.
   */
  readonly hasNone: (after: Instant, until: Instant) => Fragment
}

/** So many are found for the pages that follow, and pages further behind are found each by itself. */
const foundAhead = 200
const furthest = 2_000

/**
 * A page whose rows are found one by one, and how many match, as far as `upTo`: the ids that were found serve for a moment, for the
 * page that is read again, and for those that follow. Whether any server has changed such a row since is asked in the statement that
 * reads the page.
 */
export const findKept = async <Row extends object>(
  sql: Sql,
  query: Keeping,
  what: Sought,
  { page, upTo }: Wanted,
): Promise<Items<Row>> => {
  const finds = keptFinds(sql)
  const end = (page.number + 1) * page.size
  const found = end <= furthest ? await finds.find(what, Number.POSITIVE_INFINITY) : undefined
  const kept =
    found && reaches(found, end) && isWithin(found, what)
      ? await show<Row>(sql, query, { found, what, page })
      : undefined
  const unkept = () => (query.among ? findAmong<Row>(sql, query, page) : findOneByOne<Row>(sql, query, { page, upTo }))
  if (kept || end > furthest) return kept ?? unkept()
  const foundNow = await finds.keep(what, findKeys(sql, query, what, { end, upTo }))
  const anew = await show<Row>(sql, query, { found: foundNow, what, page })
  return anew ?? unkept()
}

const reaches = ({ keys, matching }: Found, end: number): boolean => keys.length >= end || keys.length === matching

/** The window may have moved on, and left the earliest ones behind. */
const isWithin = ({ earliest }: Found, { from }: Sought): boolean => earliest === null || earliest >= from

type Key = Found['keys'][number] & { readonly matching: number; readonly earliest: Instant }

const findKeys = async (
  sql: Sql,
  query: Keeping,
  { until }: Sought,
  { end, upTo }: { readonly end: number; readonly upTo: number },
): Promise<Found> => {
  const keysOf = query.among
    ? firstKeys(sql, query, query.keeps, end + foundAhead)
    : keysInOrder(sql, query, query.keeps, { limit: needed(query, end, upTo), upTo })
  const [{ seen, found }] = await sql<[{ seen: string; found: readonly Key[] | null }]>`
    select ${query.keeps.seen} as seen, (select json_agg(found) from (${keysOf}) found) as found`
  const keys = (found ?? []).map(({ storeId, id }) => ({ storeId, id }))
  return { keys, matching: found?.[0]?.matching ?? 0, earliest: found?.[0]?.earliest ?? null, until, seen }
}

/** Where no other way counts them, those that a page finds are counted. */
const needed = ({ counted }: RowsQuery, end: number, upTo: number): number => (counted ? end : upTo)

type Shown = { readonly found: Found; readonly what: Sought; readonly page: Page }

/** The page of what was found; `undefined` where something was changed since. */
const show = async <Row extends object>(
  sql: Sql,
  query: Keeping,
  { found, what, page: { number, size } }: Shown,
): Promise<Items<Row> | undefined> => {
  const { keys, matching, seen, until } = found
  const shown = keys.slice(number * size, (number + 1) * size)
  const hasMoved = until < what.until
  const serves = [query.keeps.isUnchanged(seen), ...(hasMoved ? [query.keeps.hasNone(until, what.until)] : [])]
  if (shown.length > 0) {
    const items = await rowsOf<Row>(sql, query, shown, serves)
    return items.length === shown.length ? { items, totalCount: Math.min(matching, pagedItems) } : undefined
  }
  const [unchanged] = await sql`select where ${allOf(sql, serves)}`
  return unchanged ? { items: [], totalCount: Math.min(matching, pagedItems) } : undefined
}

/** Rows whose conditions are costly: those of the page are read once more, by their ids. */
const findOneByOne = async <Row extends object>(
  sql: Sql,
  query: LookedUp,
  { page: { number, size }, upTo }: Wanted,
): Promise<Items<Row>> => {
  const limit = needed(query, (number + 1) * size, upTo)
  const [found, count] = await Promise.all([
    sql<{ storeId: string; id: string }[]>`${firstRows(sql, { ...query, columns: idsOf(sql, query) }, { limit })}`,
    query.counted ? sql<[{ count: number }]>`${countRows(sql, query, upTo)}` : undefined,
  ])
  const items = await rowsOf<Row>(sql, query, found.slice(number * size, (number + 1) * size))
  return { items, totalCount: count?.[0].count ?? found.length }
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
