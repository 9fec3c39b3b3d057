import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'

/**
 * So many rows are read at once. A page of no more is one statement without a cursor, which would cost it a round trip: with
 * documents of a mebibyte each it is not beyond what a page may be.
 */
const atOnce = 100

/** In characters: what a page may be as JSON, or less. */
const longest = 128 * 1024 * 1024

/** The rows of a page are more than the server should hold: whoever asks for fewer gets them. */
export class PageTooLarge extends Error {
  constructor() {
    super('the rows of a page are larger than a page may be')
  }
}

/**
 * The rows of a statement that finds `size` at most. A document may be a mebibyte, so that a large page is read in slices, and
 * given up as soon as it is too large, instead of being in memory as a whole before it is refused.
 *
 * @throws PageTooLarge
 */
export const boundedRows = async <Row extends object>(
  sql: Sql,
  statement: Fragment,
  size: number,
  most = longest,
): Promise<readonly Row[]> => {
  if (size <= atOnce) return sql<Row[]>`${statement}`
  const rows: Row[] = []
  let length = 0
  await sql<Row[]>`${statement}`.cursor(atOnce, (slice) => {
    rows.push(...slice)
    length += lengthOf(slice)
    return length > most ? sql.CLOSE : undefined
  })
  if (length > most) throw new PageTooLarge()
  return rows
}

/** About so many characters as JSON, without making it. */
const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((length: number, one) => length + lengthOf(one), 0)
}
