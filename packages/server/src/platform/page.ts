import type { DateTimeRange } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import type { Page } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { ofPlatform, type Platform } from './platform.ts'

/** PortOne documents pages of 10; how large one may be it does not say. */
const [usualPage, largestPage] = [10, 1_000]

/** The page that a list is asked for, counted from 0. */
export const pageOf = ({ number = 0, size = usualPage }: Partial<Page> = {}): Page | Refusal<'INVALID_REQUEST'> => {
  if (number < 0) return refuse('INVALID_REQUEST', 'page.number must not be negative.')
  if (size < 1 || size > largestPage) return refuse('INVALID_REQUEST', `page.size must be 1 to ${largestPage}.`)
  return { number, size }
}

export type PlatformQuery = {
  readonly table: string
  /** The name by which the other parts call a row. */
  readonly as: string
  /** What of a row is wanted. */
  readonly columns: Fragment
  /** Other tables that the columns look into. */
  readonly join?: Fragment
  /** What rows must meet besides being the platform's. */
  readonly conditions: Iterable<Fragment>
  /** Newest first; ids make it total. */
  readonly order: Fragment
  /** Whether no index has what matches in this order. */
  readonly isScattered?: boolean
}

/**
 * How far behind a page rows are counted: a count grows with what it counts. Whoever pages on is told of more each time,
 * so that no loop over pages ends early.
 */
const countedAhead = 10_000

/** A page of rows, and how many match: exactly, or `countedAhead` more than the page ends with. */
export const findPage = async <Row extends object>(
  sql: Sql,
  platform: Platform,
  query: PlatformQuery,
  page: Page,
): Promise<{ readonly rows: readonly Row[]; readonly totalCount: number }> => {
  if (query.isScattered) return await findScattered(sql, platform, query, page)
  const [rows, totalCount] = await Promise.all([
    findRows<Row>(sql, platform, query, page, 'by order'),
    countRows(sql, platform, query, page),
  ])
  return { rows, totalCount }
}

/**
 * Where what matches lies anywhere in the order, reading in order until enough is found may read everything. PostgreSQL
 * cannot know, least of all with a plan that it keeps for all values. So all that matches is read and sorted, unless it
 * turns out to be more than is counted: then enough is found soon in order.
 */
const findScattered = async <Row extends object>(sql: Sql, platform: Platform, query: PlatformQuery, page: Page) => {
  const { as, columns } = query
  const counting = { ...query, columns: sql`${columns}, ${sql(as)}.matching` }
  const rows = await findRows<Row & { readonly matching: number }>(sql, platform, counting, page, 'by conditions')
  const [first] = rows
  if (first === undefined)
    return { rows, totalCount: page.number === 0 ? 0 : await countRows(sql, platform, query, page) }
  const { matching } = first
  if (matching < countedFor(page)) return { rows, totalCount: matching }
  return { rows: await findRows<Row>(sql, platform, query, page, 'by order'), totalCount: matching }
}

const countedFor = ({ number, size }: Page): number => (number + 1) * size + countedAhead

const countRows = async (
  sql: Sql,
  platform: Platform,
  { table, as, conditions }: PlatformQuery,
  page: Page,
): Promise<number> => {
  const [counted] = await sql<[{ count: number }]>`
    select count(*) from (
      select from ${sql(table)} ${sql(as)} where ${allOf(sql, platform, conditions)} limit ${countedFor(page)}
    ) matching`
  return counted.count
}

/**
 * Read in order, along an index, until the page is full; or as much as is counted of what matches, sorted afterwards. The
 * columns stand outside, so that rows that the page skips are not worked out.
 */
const findRows = async <Row extends object>(
  sql: Sql,
  platform: Platform,
  { table, as, columns, join, conditions, order }: PlatformQuery,
  page: Page,
  way: 'by order' | 'by conditions',
): Promise<readonly Row[]> => {
  const matching = sql`
    select ${sql(as)}.* from ${sql(table)} ${sql(as)} where ${allOf(sql, platform, conditions)}`
  const source =
    way === 'by order'
      ? matching
      : sql`
        select ${sql(as)}.*, count(*) over () as matching from (${matching} limit ${countedFor(page)}) ${sql(as)}`
  return await sql<Row[]>`
    select ${columns} from (
      select ${sql(as)}.* from (${source}) ${sql(as)} order by ${order} limit ${page.size} offset ${page.number * page.size}
    ) ${sql(as)} ${join ?? sql``}
    order by ${order}`
}

/** How many rows have which status. */
export const countStatuses = async <Status extends string>(
  sql: Sql,
  platform: Platform,
  { table, as, conditions }: Pick<PlatformQuery, 'table' | 'as' | 'conditions'>,
): Promise<(status: Status) => number> => {
  const rows = await sql<{ status: string; count: number }[]>`
    select ${sql(as)}.status, count(*) from ${sql(table)} ${sql(as)}
    where ${allOf(sql, platform, conditions)} group by ${sql(as)}.status`
  const counts = new Map(rows.map(({ status, count }) => [status, count]))
  return (status) => counts.get(status) ?? 0
}

/** Any of the values; without values there is no such condition. */
export const oneOf = (sql: Sql, column: Fragment, values: readonly string[] | undefined): readonly Fragment[] =>
  values?.length ? [sql`${column} = any(${[...values]}::text[])`] : []

/** Within the range, both ends included. */
export const during = (sql: Sql, column: Fragment, range: DateTimeRange | undefined): readonly Fragment[] =>
  range
    ? [sql`${column} between ${readInstant(range.from)}::timestamptz and ${readInstant(range.until)}::timestamptz`]
    : []

/** Held to be an instant by the contract. */
const readInstant = (text: string): Instant => Date.parse(text)

/** All conditions of a list in one, the platform first. */
export const allOf = (sql: Sql, platform: Platform, conditions: Iterable<Fragment>): Fragment =>
  [...conditions].reduce((all, condition) => sql`${all} and ${condition}`, ofPlatform(sql, platform))

/** PortOne's "contains": the text anywhere, in upper or lower case. */
export const contains = (sql: Sql, text: Fragment, part: string): Fragment =>
  sql`strpos(lower(${text}), lower(${part}::text)) > 0`

/**
 * The one keyword of a filter. PortOne applies one only; which one it does not say, so that several are refused.
 */
export const oneKeyword = <Keyword extends object>(
  keyword: Keyword | undefined,
): { readonly [Name in keyof Keyword]?: Keyword[Name] } | Refusal<'INVALID_REQUEST'> => {
  const given = Object.keys(keyword ?? {})
  return given.length > 1
    ? refuse('INVALID_REQUEST', `filter.keyword must have one field only, not ${given.join(' and ')}.`)
    : (keyword ?? {})
}
