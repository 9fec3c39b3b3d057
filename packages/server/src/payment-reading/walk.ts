import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { firstRows, ofStores } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Cursor, Position, Snapshot } from './cursor.ts'

export type Walk = {
  readonly storeIds: readonly string[]
  readonly from: Instant
  readonly until: Instant
  readonly cursor: Cursor | undefined
  readonly size: number
}

/** Which rows `e` a walk goes through, and where in it each is. */
export type Walked = {
  readonly at: Fragment
  readonly id: Fragment
  readonly version: Fragment
  readonly is: Fragment
}

/** The same, where they can be read along an index by time. */
type Ahead = Walked & { readonly tables: readonly [string, ...string[]] }

/** A place that a page shows. Of `round` only `cursorAt` knows what it means. */
export type Place = {
  readonly store_id: string
  readonly id: string
  readonly version: number
  readonly at: Instant
  readonly round: number
  readonly seen: Snapshot
}

/** Rounds of a page: the rest of what was late for the last one, what is late for this one, and what comes next. */
const [restOfLate, late, next] = [0, 1, 2]

/**
 * The next places of a walk, as a statement that others select from: `found`. Each is seen once, also those that were
 * committed after the walk had passed them: an instant is given before it is committed, by servers whose clocks differ.
 *
 * `ahead` finds what comes next, along an index by time. `journaled` finds the same things by the event that made them
 * part of the list, for what was committed late.
 */
export const placesAfter = (sql: Sql, walk: Walk, ahead: Ahead, journaled: Walked = ahead): Fragment => {
  const { cursor, size } = walk
  const following = comingNext(sql, walk, ahead)
  if (cursor?.seen === undefined) return sql`select *, pg_current_snapshot()::text as seen from (${following}) as next`
  return sql`
    select *, pg_current_snapshot()::text as seen
    from ((${passedOver(sql, walk, journaled, { ...cursor, seen: cursor.seen })}) union all (${following})) as places
    order by round, at, id, version, store_id limit ${size}`
}

const comingNext = (sql: Sql, walk: Walk, { tables, at, id, version, is }: Ahead): Fragment => {
  const { storeIds, cursor, size } = walk
  const order = sql`${at}, ${id}, ${version}`
  const conditions = [is, within(sql, walk, at), ...(cursor ? [isAfter(sql, order, cursor.after)] : [])]
  const columns = sql`e.store_id, ${id} as id, ${version} as version, ${at} as at, ${next}::integer as round`
  const [table, ...besides] = tables
  return firstRows(sql, { storeIds, table, besides, as: 'e', columns, conditions, order }, { limit: size })
}

const within = (sql: Sql, { from, until }: Walk, at: Fragment): Fragment =>
  sql`${at} between ${from}::timestamptz and ${until}::timestamptz`

const isAfter = (sql: Sql, place: Fragment, { at, id, version, storeId }: Position): Fragment =>
  storeId === undefined
    ? sql`(${place}) > (${at}::timestamptz, ${id}, ${version}::integer)`
    : sql`(${place}, e.store_id) > (${at}::timestamptz, ${id}, ${version}::integer, ${storeId})`

/**
 * What the walk has passed and not seen. First what was written since, by itself: for all at once PostgreSQL would at times
 * read along the index by time, all that the walk has passed.
 *
 * In a database that was restored from a dump the numbers are those of transactions of another one, which the row's own
 * `xmin` shows: nothing of that is late.
 */
const passedOver = (
  sql: Sql,
  walk: Walk,
  { at, id, version, is }: Walked,
  { after, seen, late: begun }: Cursor & { readonly seen: Snapshot },
): Fragment => {
  const couldSee = (snapshot: Snapshot) => sql`pg_visible_in_snapshot(e.written_by, ${snapshot}::text::pg_snapshot)`
  const place = sql`e.at, e.id, e.version`
  const round = begun ? sql`(case when ${couldSee(begun.seen)} then ${restOfLate} else ${late} end)` : sql`${late}`
  const isUnseen = begun ? sql`and (not ${couldSee(begun.seen)} or ${isAfter(sql, place, begun.after)})` : sql``
  return sql`
    with since as materialized (
      select e.store_id, e.written_by, ${id} as id, ${version} as version, ${at} as at
      from journal e
      where ${ofStores(sql, 'e', walk.storeIds)} and ${is} and not ${couldSee(seen)}
        and e.written_by >= pg_snapshot_xmin(${seen}::text::pg_snapshot) and e.written_by::xid = e.xmin
    )
    select e.store_id, e.id, e.version, e.at, ${round}::integer as round from since e
    where ${within(sql, walk, sql`e.at`)} and not ${isAfter(sql, place, after)} ${isUnseen}
    order by round, at, id, version, store_id limit ${walk.size}`
}

/** The cursor of a place on a page that began at `before`: how far a walk has come that has seen the page up to it. */
export const cursorAt = (
  before: Cursor | undefined,
  { store_id: storeId, id, version, at, round, seen }: Place,
): Cursor => {
  const position = { at, id, version, storeId }
  if (!before || round === next) return { after: position, seen }
  const { after, late: begun } = before
  return round === restOfLate && begun
    ? { ...before, late: { ...begun, after: position } }
    : { after, seen: begun?.seen ?? before.seen, late: { after: position, seen } }
}
