import type { Sql } from '../db/connect.ts'
import { isDeadlock } from '../db/overtaken.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import { epochOf } from '../kernel/work.ts'
import type { WebhookRow } from '../webhooks/outbox.ts'
import { isJournaled } from './first-rows.ts'
import { type Aggregate, type DerivedRows, fold, storedState, toJson, type Versioned } from './kind.ts'
import { notesOf, noteWritten, type Write, writeAll, writerOf } from './write.ts'

export type Change<State extends object, Event> = {
  readonly storeId: string
  readonly id: string
  readonly before: Versioned<State>
  readonly events: readonly Event[]
  readonly at: Instant
  /** Told to the merchant if, and only if, the change is committed. */
  readonly webhooks: readonly WebhookRow[]
}
/**
 * Commits a change in ONE statement (one round trip, one commit): the snapshot where its version is still the one the
 * decision was made on, the events, and the webhooks. Returns the new state, or `undefined` where somebody else changed
 * it first: then nothing at all of it was written, and the caller decides again. `dueNow` names the kinds of what has fallen due.
 *
 * A transaction with `select … for update` lost: four round trips instead of one, a pooled connection held across
 * them, and no row to lock for a payment that does not exist yet.
 */
export const commit = async <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  change: Change<State, Event>,
): Promise<(Versioned<State> & { readonly dueNow: readonly string[] }) | undefined> => {
  const write = writeOf(aggregate, change)
  if (!(await writerOf(sql)(aggregate, change.storeId, write))) return undefined
  const due = notesOf(aggregate, [write]).filter(({ at }) => at <= change.at)
  return { ...write.after, dueNow: [...new Set(due.map(({ kind }) => kind))] }
}

/**
 * As `commit`, for changes of several things of one store that belong together: all of them are written, or none, where one of them
 * was changed by somebody else first (`false`).
 */
export const commitTogether = async <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  changes: readonly Change<State, Event>[],
): Promise<boolean> => {
  const [first] = changes
  if (first === undefined) return true
  const writes = changes.map((change) => writeOf(aggregate, change))
  try {
    await sql.begin(async (transaction) => {
      const written = await writeAll(transaction, aggregate, first.storeId, writes)
      if (written.includes(false)) throw new ChangedMeanwhile()
    })
    noteWritten(sql, aggregate, first.storeId, writes)
    return true
  } catch (error) {
    if (error instanceof ChangedMeanwhile || isDeadlock(error) || isJournaled(error)) return false
    throw error
  }
}

class ChangedMeanwhile extends Error {}

const writeOf = <State extends object, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Event>,
  { storeId, id, before, events, at, webhooks }: Change<State, Event>,
): Write & { readonly after: Versioned<State> } => {
  const state = fold(aggregate, before.state, events, at)
  const version = before.version + events.length
  const after = { version, state }
  const row = {
    ...aggregate.columns(state),
    store_id: storeId,
    [aggregate.idColumn]: id,
    version,
    ...storedState(aggregate, after),
    created_at: toIso(at),
    expected: before.version,
    epoch: epochOf(storeId) ?? null,
  }
  const journaled = events.map((event, index) => ({
    store_id: storeId,
    stream: aggregate.stream,
    stream_id: id,
    version: before.version + index + 1,
    type: event.type,
    data: toJson(event),
    at: toIso(at),
  }))
  return {
    id,
    row,
    journaled,
    webhooks,
    derivedRows: changedRows(aggregate, before.state, state),
    isUnderWay: before.version === 0 && aggregate.underWay?.is(state) === true,
    after,
  }
}

const changedRows = <State extends object>(
  { derivedRows }: { readonly derivedRows?: DerivedRows<State> },
  before: State,
  after: State,
): Write['derivedRows'] => {
  if (!derivedRows) return []
  const known = new Set(derivedRows.rows(before).map((row) => JSON.stringify(row)))
  return derivedRows.rows(after).filter((row) => !known.has(JSON.stringify(row)))
}
