import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
import { ofStores } from '../db/page.ts'
import { resetsOf } from '../db/resets.ts'
import type { Instant } from '../kernel/clock.ts'
import { type Aggregate, fold } from './kind.ts'

/** The events of one thing, oldest first, each with its time. */
export type History<Event> = readonly (readonly [event: Event, at: Instant])[]

/** Whose events, as expressions: its store and its id; and up to which of its versions. */
type Whose = { readonly storeId: Fragment; readonly id: Fragment; readonly upTo?: Fragment }

/** A `History` as an expression; null of what has no event. Events are put together as texts, without building JSON anew. */
export const historyOf = (
  sql: Queryable,
  { stream }: Pick<Aggregate<never, never>, 'stream'>,
  { storeId, id, upTo }: Whose,
): Fragment => sql`(
  select json_agg(json_build_array(j.data, (extract(epoch from j.at) * 1000)::bigint) order by j.version)
  from journal j
  where j.store_id = ${storeId} and j.stream = ${stream} and j.stream_id = ${id}
    ${upTo ? sql`and j.version <= ${upTo}` : sql``}
)`

/** What there is of these stores now, as a text for `isUnchangedSince`: a snapshot, and how often they were reset. */
export const seenOf = (sql: Queryable, storeIds: readonly string[]): Fragment =>
  sql`pg_current_snapshot()::text || ' ' || ${resetsOf(sql, storeIds)}`

/**
 * That no event of these stores was written, and none of them reset, since `seenOf`, by whatever server. In a database that was restored
 * from a dump the numbers are those of transactions of another one, which the row's own `xmin` shows: those events were there.
 */
export const isUnchangedSince = (sql: Queryable, storeIds: readonly string[], seen: string): Fragment => {
  const [snapshot = '', resets = ''] = seen.split(' ')
  return sql`${resetsOf(sql, storeIds)} = ${resets} and not exists (
    select from journal j where ${ofStores(sql, 'j', storeIds)}
      and j.written_by >= pg_snapshot_xmin(${snapshot}::text::pg_snapshot)
      and not pg_visible_in_snapshot(j.written_by, ${snapshot}::text::pg_snapshot) and j.written_by::xid = j.xmin
  )`
}

/** All events up to a version of a thing, which has one for each, and what to call it in an error. */
type Whole<Event> = { readonly name: string; readonly version: number; readonly history: History<Event> }

/**
 * The state that a thing's events made. Throws where the journal lacks some, as in a database that was restored in part: a payment to
 * which less happened would be paid once more, or refunded once more.
 */
export const replay = <State extends object, Event extends { readonly type: string }>(
  aggregate: Pick<Aggregate<State, Event>, 'evolve'>,
  empty: State,
  { name, version, history }: Whole<Event>,
): State => {
  if (history.length !== version)
    throw new Error(`the journal has ${history.length} of ${version} events of ${name}: run naru audit`)
  return history.reduce((state, [event, at]) => fold(aggregate, state, [event], at), empty)
}
