import type { Fragment, JSONValue } from 'postgres'
import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { wroteRows } from '../db/kept.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { insertWebhooks, noteWebhooks, type WebhookRow } from '../webhooks/outbox.ts'
import { type DueNote, noteDue } from '../workers/due-work.ts'
import { firstRowsOf, isJournaled } from './first-rows.ts'
import { type Aggregate, type DerivedRows, stateColumn } from './kind.ts'

export type Row = Readonly<Record<string, JSONValue>>

export type Write = {
  readonly id: string
  readonly row: Row
  readonly journaled: readonly Row[]
  readonly webhooks: readonly WebhookRow[]
  readonly derivedRows: readonly Row[]
  /** The row is one of `underWay`. */
  readonly isUnderWay: boolean
}

type Table = Pick<Aggregate<object, { type: string }>, 'table' | 'idColumn' | 'columnNames' | 'keptState'> & {
  readonly derivedRows?: Omit<DerivedRows<never>, 'rows'>
  readonly underWay?: { readonly table: string }
}

/** More would only make one slow statement of what two connections could do side by side. */
const batchSize = 64

const parallelBatches = 3

export const writerOf = perPool((sql) => {
  const byTable = new Map<string, (storeId: string, write: Write) => Promise<boolean>>()
  return (table: Table, storeId: string, write: Write): Promise<boolean> => {
    const known = byTable.get(table.table)
    if (known) return known(storeId, write)
    const run = async (storeId: string, writes: readonly Write[]) => {
      const written = await writeAll(sql, table, storeId, writes).catch((error: unknown) => {
        if (writes.length === 1 && isJournaled(error)) return [false]
        throw error
      })
      noteWritten(sql, table, storeId, writes)
      return written
    }
    const writer = batchedByTenant((storeId: string) => storeId, run, { size: batchSize, parallel: parallelBatches })
    byTable.set(table.table, writer)
    return writer(storeId, write)
  }
})

/** What lists keep is not up to date any more. */
export const noteWritten = (
  sql: Sql,
  { table, derivedRows }: Table,
  storeId: string,
  writes: readonly Write[],
): void => {
  wroteRows(sql, table, storeId, writes.length)
  const derived = writes.reduce((sum, write) => sum + write.derivedRows.length, 0)
  if (derivedRows && derived > 0) wroteRows(sql, derivedRows.table, storeId, derived)
  const announced = writes.reduce((sum, write) => sum + write.webhooks.length, 0)
  if (announced > 0) wroteRows(sql, 'webhooks', storeId, announced)
}

/**
 * Writes changes of different streams of one store with one statement; each is written whole or not at all. The text depends
 * on nothing but the table, so that it stays prepared.
 *
 * Of a sandbox store, only what was decided in its present epoch: a reset lets versions begin at 1 again, which what was under
 * way before would match. The lock makes a reset wait for this statement, or this statement for the reset.
 */
export const writeAll = async (
  sql: Queryable,
  table: Table,
  storeId: string,
  given: readonly Write[],
): Promise<readonly boolean[]> => {
  const { idColumn, columnNames } = table
  const id = sql(idColumn)
  // In one order, so that two servers' batches do not wait for each other in a circle.
  const writes = given.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const names = [...columnNames, 'version', stateColumn(table)]
  const listed = sql.unsafe(names.join(', '))
  const rows = sql`jsonb_populate_recordset(null::${sql(table.table)}, ${sql.json(writes.map(({ row }) => row))})`
  const expectations = sql`jsonb_to_recordset(${sql.json(
    writes.map(({ row, isUnderWay }) => ({
      id: row[idColumn],
      expected: row.expected,
      epoch: row.epoch,
      is_under_way: isUnderWay,
    })),
  )}) as expectation (id text, expected integer, epoch integer, is_under_way boolean)`
  const first = firstRowsOf(sql, table, storeId, listed)
  const webhooks = writes.flatMap((write) => write.webhooks)
  const announced =
    webhooks.length === 0
      ? sql``
      : sql`, announced as (${insertWebhooks(sql, storeId, webhooks, sql`exists (select from written where written.id = planned.${sql(idColumn)})`)})`
  const written = await sql<{ id: string }[]>`
    with noted as (${noteDue(sql, storeId, notesOf(table, writes))}), sandbox as materialized (
      select epoch from stores where store_id = ${storeId} and mode = 'SANDBOX' for key share
    ), given as materialized (
      select row_given.*, expectation.expected, expectation.is_under_way from ${rows} as row_given
      join ${expectations} on expectation.id = row_given.${id}
      left join sandbox on true
      where sandbox.epoch is null or expectation.epoch is null or sandbox.epoch = expectation.epoch
    ) ${first.begun}, inserted as (
      insert into ${sql(table.table)} (store_id, ${id}, ${listed}, created_at)
      select ${storeId}, ${id}, ${listed}, ${first.createdAt} from given ${first.ended} where ${first.isNew}
      on conflict (store_id, ${id}) do nothing returning ${id} as id
    ), updated as (
      update ${sql(table.table)} target set ${sql.unsafe(assignments(names))}, leased_until = null
      from given where given.expected > 0 and target.store_id = ${storeId} and target.${id} = given.${id}
        and target.version = given.expected
      returning target.${id} as id
    ), written as (
      select * from inserted union all select * from updated ${first.written}
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
export const notesOf = ({ table, derivedRows, underWay }: Table, writes: readonly Write[]): readonly DueNote[] => {
  const noted = (kind: string, rows: readonly Row[]) =>
    rows.flatMap(({ due_at: at }) => (typeof at === 'string' ? [{ kind, at: Date.parse(at) }] : []))
  return writes.flatMap((write) => [
    ...noted(underWay && write.isUnderWay ? underWay.table : table, [write.row]),
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
