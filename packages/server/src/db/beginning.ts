import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'

/** What comes after every text that anybody uses as an id, however it goes on. */
const last = '\u{10FFFF}'.repeat(200)

/** That a text begins with another, as a range of an index with `text_pattern_ops`, whatever the collation. */
export const begins = (sql: Queryable, column: Fragment, beginning: string): Fragment => sql`(
  ${column} ~>=~ ${beginning} and ${column} ~<=~ ${beginning + last} and starts_with(${column}, ${beginning}))`

/** The same as a range of an index without it: for texts that sort by code point. */
export const beginsByCodePoint = (sql: Queryable, column: Fragment, beginning: string): Fragment => sql`(
  ${column} >= ${beginning} and ${column} <= ${beginning + last} and starts_with(${column}, ${beginning}))`
