import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
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

/** The state that events made of another. */
export const replay = <State extends object, Event extends { readonly type: string }>(
  aggregate: Pick<Aggregate<State, Event>, 'evolve'>,
  empty: State,
  history: History<Event>,
): State => history.reduce((state, [event, at]) => fold(aggregate, state, [event], at), empty)
