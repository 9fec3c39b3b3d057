import type { DateTimeRange } from '@naru/contract'
import type { Fragment } from 'postgres'
import type Type from 'typebox'
import { boundedRows } from '../db/bounded-rows.ts'
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

/**
 * That a row has one of these values in a column. The rows of each value are read by themselves, along an index that has them in
 * the order of the list, and the first ones of all are merged: nothing else is read, however many rows have other values.
 */
export type Streams = { readonly column: Fragment; readonly values: readonly string[] }

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
  readonly streams?: Streams | undefined
  /** Newest first; ids make it total. */
  readonly order: Fragment
}

/**
 * How far behind a page rows are counted: a count grows with what it counts. Whoever pages on is told of more each time,
 * so that no loop over pages ends early.
 */
const countedAhead = 1_000

/** How many rows are counted at most for a page. */
export const countedFor = ({ number, size }: Page): number => (number + 1) * size + countedAhead

/** A page of rows, and how many match: exactly, or `countedAhead` more than the page ends with. */
export const findPage = async <Row extends object>(
  sql: Sql,
  platform: Platform,
  { table, as, columns, join, conditions, streams, order }: PlatformQuery,
  page: Page,
): Promise<{ readonly rows: readonly Row[]; readonly totalCount: number }> => {
  const row = sql(as)
  const matching = sql`${sql(table)} ${row} where ${allOf(sql, platform, conditions)}`
  const each = (columns: Fragment, tail: Fragment): Fragment =>
    streams === undefined
      ? sql`select ${columns} from ${matching} ${tail}`
      : sql`
        select of_stream.* from unnest(${[...new Set(streams.values)]}::text[]) as k (value) cross join lateral (
          select ${columns} from ${matching} and ${streams.column} = k.value ${tail}
        ) of_stream`
  const first = each(sql`${row}.*`, sql`order by ${order} limit ${(page.number + 1) * page.size}`)
  const counted = each(sql`1 as one`, sql`limit ${countedFor(page)}`)
  // The columns stand outside, so that rows that the page skips are not worked out.
  const rowsOfPage = sql`
    select ${columns} from (
      select * from (${first}) ${row} order by ${order} limit ${page.size} offset ${page.number * page.size}
    ) ${row} ${join ?? sql``}
    order by ${order}`
  const [rows, [{ count }]] = await Promise.all([
    boundedRows<Row>(sql, rowsOfPage, page.size),
    sql<[{ count: number }]>`
      select count(*) from (select from (${counted}) found limit ${countedFor(page)}) matching`,
  ])
  return { rows, totalCount: count }
}

/** How many rows have which status: of each exactly, or `countedAhead`. */
export const countStatuses = async (
  sql: Sql,
  platform: Platform,
  { table, as, conditions }: Pick<PlatformQuery, 'table' | 'as' | 'conditions'>,
  statuses: readonly string[],
): Promise<(status: string) => number> => {
  const rows = await sql<{ status: string; count: number }[]>`
    select wanted.status, (
      select count(*) from (
        select from ${sql(table)} ${sql(as)}
        where ${allOf(sql, platform, conditions)} and ${sql(as)}.status = wanted.status limit ${countedAhead}
      ) matching
    ) as count
    from unnest(${[...statuses]}::text[]) as wanted (status)`
  const counts = new Map(rows.map(({ status, count }) => [status, count]))
  return (status) => counts.get(status) ?? 0
}

/** Any of the values; without values there is no such condition. */
export const oneOf = (sql: Sql, column: Fragment, values: readonly string[] | undefined): readonly Fragment[] =>
  values?.length ? [sql`${column} = any(${[...values]}::text[])`] : []

/** The first of these columns that values are asked for: those that find least come first. */
export const streamsOf = (
  ...asked: readonly (readonly [Fragment, readonly string[] | undefined])[]
): Streams | undefined => asked.flatMap(([column, values]) => (values?.length ? [{ column, values }] : [])).at(0)

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
 * The one keyword of a filter. PortOne applies one only; which one it does not say, so that several are refused. Fields that
 * the contract does not know are ignored here as everywhere.
 */
export const oneKeyword = <Schema extends Type.TObject>(
  schema: Schema,
  keyword: Type.Static<Schema> | undefined,
): Partial<Type.Static<Schema>> | Refusal<'INVALID_REQUEST'> => {
  const given = Object.keys(keyword ?? {}).filter((name) => name in schema.properties)
  return given.length > 1
    ? refuse('INVALID_REQUEST', `filter.keyword must have one field only, not ${given.join(' and ')}.`)
    : (keyword ?? {})
}
