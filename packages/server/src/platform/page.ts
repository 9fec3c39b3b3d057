import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import type { Page } from '../db/page.ts'
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
  /** What of a row is wanted. The row is called `e`. */
  readonly columns: Fragment
  /** What rows must meet besides being the platform's. */
  readonly conditions: Iterable<Fragment>
  /** Newest first; ids make it total. */
  readonly order: Fragment
}

/** A page of rows, and how many match: two statements side by side, each of one platform. */
export const findPage = async <Row extends object>(
  sql: Sql,
  platform: Platform,
  { table, columns, conditions, order }: PlatformQuery,
  { number, size }: Page,
): Promise<{ readonly rows: readonly Row[]; readonly totalCount: number }> => {
  const where = allOf(sql, platform, conditions)
  const [rows, [counted]] = await Promise.all([
    sql<Row[]>`
      select ${columns} from ${sql(table)} e where ${where} order by ${order} limit ${size} offset ${number * size}`,
    sql<[{ totalCount: number }]>`select count(*) as "totalCount" from ${sql(table)} e where ${where}`,
  ])
  return { rows, totalCount: counted.totalCount }
}

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
