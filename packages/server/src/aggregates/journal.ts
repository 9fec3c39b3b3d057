import type { Fragment, JSONValue } from 'postgres'
import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import { codeOf } from '../kernel/error-code.ts'
import { epochOf } from '../kernel/work.ts'
import { insertWebhooks, noteWebhooks, type WebhookRow } from '../webhooks/outbox.ts'
import { type DueNote, noteDue } from '../workers/due-work.ts'

/** A kind of thing whose every change is journaled: how its events fold, and where its snapshot is kept. */
export type Aggregate<State extends object, Event extends { readonly type: string }> = {
  /** Names its streams in the journal, such as `payment`. */
  readonly stream: string
  readonly evolve: (state: State, event: Event, at: Instant) => State
  /** The table of snapshots. Besides what `columns` gives it has store_id, version, state, created_at, leased_until. */
  readonly table: string
  readonly idColumn: string
  /** What lists, the due loop and the CHECKs need to see of a state without opening it: every column, every time. */
  readonly columns: (state: State) => Readonly<Record<string, JSONValue>>
  /** The names of those columns. */
  readonly columnNames: readonly string[]
  /** What is listed or falls due by itself has rows of its own. */
  readonly derivedRows?: DerivedRows<State>
}

/** A table of rows read off the states of another, and written in the same statement as these. */
export type DerivedRows<State> = {
  readonly table: string
  /** The column that names the row; its key is (store_id, this). */
  readonly idColumn: string
  /** The column that names the aggregate. */
  readonly ownerColumn: string
  readonly columnNames: readonly string[]
  /** All rows of a state; those that differ from before are written. A row never disappears. */
  readonly rows: (state: State) => readonly Readonly<Record<string, JSONValue>>[]
}

/** A state as the database has it. Version 0 means that nothing was ever written. */
export type Versioned<State> = { readonly version: number; readonly state: State }

export type Change<State extends object, Event> = {
  readonly storeId: string
  readonly id: string
  readonly before: Versioned<State>
  readonly events: readonly Event[]
  readonly at: Instant
  /** Told to the merchant if, and only if, the change is committed. */
  readonly webhooks: readonly WebhookRow[]
}

export const fold = <State extends object, Event extends { readonly type: string }>(
  aggregate: Pick<Aggregate<State, Event>, 'evolve'>,
  state: State,
  events: readonly Event[],
  at: Instant,
): State => events.reduce((current, event) => aggregate.evolve(current, event, at), state)

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
    return true
  } catch (error) {
    if (error instanceof ChangedMeanwhile || isDeadlock(error)) return false
    throw error
  }
}

class ChangedMeanwhile extends Error {}

/** Two of these took the same things in another order: PostgreSQL undid one of them, which may try again. */
const isDeadlock = (error: unknown): boolean => codeOf(error) === '40P01'

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
    state: toJson(state),
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

type Row = Readonly<Record<string, JSONValue>>

type Write = {
  readonly id: string
  readonly row: Row
  readonly journaled: readonly Row[]
  readonly webhooks: readonly WebhookRow[]
  readonly derivedRows: readonly Row[]
}

type Table = Pick<Aggregate<object, { type: string }>, 'table' | 'idColumn' | 'columnNames'> & {
  readonly derivedRows?: Omit<DerivedRows<never>, 'rows'>
}

/** More would only make one slow statement of what two connections could do side by side. */
const batchSize = 64
const parallelBatches = 3

const writerOf = perPool((sql) => {
  const byTable = new Map<string, (storeId: string, write: Write) => Promise<boolean>>()
  return (table: Table, storeId: string, write: Write): Promise<boolean> => {
    const known = byTable.get(table.table)
    if (known) return known(storeId, write)
    const run = (storeId: string, writes: readonly Write[]) => writeAll(sql, table, storeId, writes)
    const writer = batchedByTenant((storeId: string) => storeId, run, { size: batchSize, parallel: parallelBatches })
    byTable.set(table.table, writer)
    return writer(storeId, write)
  }
})

/**
 * Writes changes of different streams of one store with one statement; each is written whole or not at all. The text depends
 * on nothing but the table, so that it stays prepared.
 *
 * Of a sandbox store, only what was decided in its present epoch: a reset lets versions begin at 1 again, which what was under
 * way before would match. The lock makes a reset wait for this statement, or this statement for the reset.
 */
const writeAll = async (
  sql: Queryable,
  table: Table,
  storeId: string,
  given: readonly Write[],
): Promise<readonly boolean[]> => {
  const { idColumn, columnNames } = table
  const id = sql(idColumn)
  // In one order, so that two servers' batches do not wait for each other in a circle.
  const writes = given.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const names = [...columnNames, 'version', 'state']
  const listed = sql.unsafe(names.join(', '))
  const rows = sql`jsonb_populate_recordset(null::${sql(table.table)}, ${sql.json(writes.map(({ row }) => row))})`
  const expectations = sql`jsonb_to_recordset(${sql.json(
    writes.map(({ row }) => ({ id: row[idColumn], expected: row.expected, epoch: row.epoch })),
  )}) as expectation (id text, expected integer, epoch integer)`
  const webhooks = writes.flatMap((write) => write.webhooks)
  const announced =
    webhooks.length === 0
      ? sql``
      : sql`, announced as (${insertWebhooks(sql, storeId, webhooks, sql`exists (select from written where written.id = planned.${sql(idColumn)})`)})`
  const written = await sql<{ id: string }[]>`
    with noted as (${noteDue(sql, storeId, notesOf(table, writes))}), sandbox as materialized (
      select epoch from stores where store_id = ${storeId} and mode = 'SANDBOX' for key share
    ), given as materialized (
      select row_given.*, expectation.expected from ${rows} as row_given
      join ${expectations} on expectation.id = row_given.${id}
      left join sandbox on true
      where sandbox.epoch is null or expectation.epoch is null or sandbox.epoch = expectation.epoch
    ), inserted as (
      insert into ${sql(table.table)} (store_id, ${id}, ${listed}, created_at)
      select ${storeId}, ${id}, ${listed}, created_at from given where expected = 0
      on conflict (store_id, ${id}) do nothing returning ${id} as id
    ), updated as (
      update ${sql(table.table)} target set ${sql.unsafe(assignments(names))}, leased_until = null
      from given where given.expected > 0 and target.store_id = ${storeId} and target.${id} = given.${id}
        and target.version = given.expected
      returning target.${id} as id
    ), written as (
      select * from inserted union all select * from updated
    ), journaled as (
      insert into journal (store_id, stream, stream_id, version, type, data, at)
      select ${storeId}, event.stream, event.stream_id, event.version, event.type, event.data, event.at
      from written join jsonb_populate_recordset(null::journal, ${sql.json(writes.flatMap(({ journaled }) => journaled))})
        as event on event.stream_id = written.id
    )
    ${announced}
    ${writeDerivedRows(sql, table, storeId, writes)}
    select id from written`
  const done = new Set(written.map((row) => row.id))
  return given.map((write) => done.has(write.id))
}

/** All that falls due by these writes. */
const notesOf = ({ table, derivedRows }: Table, writes: readonly Write[]): readonly DueNote[] => {
  const noted = (kind: string, rows: readonly Row[]) =>
    rows.flatMap(({ due_at: at }) => (typeof at === 'string' ? [{ kind, at: Date.parse(at) }] : []))
  return writes.flatMap((write) => [
    ...noted(table, [write.row]),
    ...(derivedRows ? noted(derivedRows.table, write.derivedRows) : []),
    ...noteWebhooks(write.webhooks),
  ])
}

/** Absent where there are none, so that aggregates without derived rows keep a short statement. */
const writeDerivedRows = (
  sql: Queryable,
  { derivedRows: table }: Table,
  storeId: string,
  writes: readonly Write[],
): Fragment => {
  const rows = writes.flatMap((write) => write.derivedRows)
  if (!table || rows.length === 0) return sql``
  const names = [...table.columnNames, table.ownerColumn]
  const updates = table.columnNames.map((name) => `${name} = excluded.${name}`).join(', ')
  return sql`, derived as (
    insert into ${sql(table.table)} (store_id, ${sql(table.idColumn)}, ${sql.unsafe(names.join(', '))})
    select ${storeId}, row.${sql(table.idColumn)}, ${sql.unsafe(names.map((name) => `row.${name}`).join(', '))}
    from written join jsonb_populate_recordset(null::${sql(table.table)}, ${sql.json(rows)}) as row
      on row.${sql(table.ownerColumn)} = written.id
    on conflict (store_id, ${sql(table.idColumn)}) do update set ${sql.unsafe(updates)}, leased_until = null
  )`
}

const assignments = (names: readonly string[]): string => names.map((name) => `${name} = given.${name}`).join(', ')

/** States and events are plain data, which their types cannot tell the driver. */
export const toJson = (value: object): JSONValue => value as JSONValue
