import type { Fragment, JSONValue } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import { insertWebhooks, type WebhookRow } from '../webhooks/outbox.ts'
import type { Queryable, Sql } from './connect.ts'

/** A kind of thing whose every change is journaled: how its events fold, and how its snapshot is written. */
export type Aggregate<State, Event extends { readonly type: string }> = {
  /** Names its streams in the journal, such as `payment`. */
  readonly stream: string
  readonly evolve: (state: State, event: Event, at: Instant) => State
  /**
   * The statement that writes the snapshot and returns one row, or none where somebody else was faster: an insert that
   * does nothing on conflict for a new stream, otherwise an update of the expected version.
   */
  readonly writeSnapshot: (sql: Queryable, write: SnapshotWrite<State>) => Fragment
}

export type SnapshotWrite<State> = {
  readonly storeId: string
  readonly id: string
  readonly expectedVersion: number
  readonly version: number
  readonly state: State
  readonly at: Instant
}

/** A state as the database has it. Version 0 means that nothing was ever written. */
export type Versioned<State> = { readonly version: number; readonly state: State }

export type Change<State, Event> = {
  readonly storeId: string
  readonly id: string
  readonly before: Versioned<State>
  readonly events: readonly Event[]
  readonly at: Instant
  /** Told to the merchant if, and only if, the change is committed. */
  readonly webhooks: readonly WebhookRow[]
}

export const fold = <State, Event extends { readonly type: string }>(
  aggregate: Pick<Aggregate<State, Event>, 'evolve'>,
  state: State,
  events: readonly Event[],
  at: Instant,
): State => events.reduce((current, event) => aggregate.evolve(current, event, at), state)

/**
 * Commits a change in ONE statement (one round trip, one commit): the snapshot where its version is still the one the
 * decision was made on, the events, and the webhooks. Returns the new state, or `undefined` where somebody else changed
 * it first: then nothing at all was written, and the caller decides again.
 *
 * A transaction with `select … for update` lost: four round trips instead of one, a pooled connection held across
 * them, and no row to lock for a payment that does not exist yet.
 */
export const commit = async <State, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  change: Change<State, Event>,
): Promise<Versioned<State> | undefined> => {
  const { storeId, id, before, events, at, webhooks } = change
  const state = fold(aggregate, before.state, events, at)
  const version = before.version + events.length
  const write = { storeId, id, expectedVersion: before.version, version, state, at }
  const announced =
    webhooks.length === 0
      ? sql``
      : sql`, announced as (${insertWebhooks(sql, webhooks, sql`exists (select from snapshot)`)})`
  const written = await sql`
    with snapshot as (${aggregate.writeSnapshot(sql, write)}),
    journaled as (
      insert into journal (store_id, stream, stream_id, version, type, data, at)
      select ${storeId}, ${aggregate.stream}, ${id}, ${before.version}::integer + event.position::integer,
             event.data ->> 'type', event.data, ${at}::timestamptz
      from snapshot, jsonb_array_elements(${sql.json(toJson(events))}) with ordinality as event (data, position)
    )
    ${announced}
    select from snapshot`
  return written.count === 0 ? undefined : { version, state }
}

/** States and events are plain data, which their types cannot tell the driver. */
export const toJson = (value: object): JSONValue => value as JSONValue
