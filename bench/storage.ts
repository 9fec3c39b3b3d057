import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from '../packages/server/src/db/connect.ts'
import { startEmbedded } from '../packages/server/src/db/embedded/embedded.ts'
import {
  cardPayment,
  issueBillingKey,
  keyPayment,
  type PaymentKind,
  paying,
  print,
  printRow,
  printTarget,
  ratio,
  type Server,
  startServer,
  temporaryDirectory,
  withDatabase,
} from './support.ts'

const connections = 64
const rounds = 3

/**
 * What a payment costs in storage: bytes on disk and in the WAL, by table, and how many updates write no index (HOT). The
 * baseline is the same rows, as they are in the end, written once into tables that have nothing but their primary key.
 */
export const benchStorage = async (seconds: number): Promise<void> => {
  const receiver = await startReceiver()
  const directory = await temporaryDirectory()
  const database = await startEmbedded({ dataDirectory: directory, settings: { wal_keep_size: '8GB' } })
  const server = await startServer({ directory })
  try {
    await withDatabase(directory, async (sql) => {
      await sql`create extension if not exists pg_walinspect`
      print('Storage of a payment by card (POST /payments/{paymentId}/instant)')
      await measure(sql, server, cardPayment, seconds)
      const billingKey = await issueBillingKey(server)
      print('Storage of a payment with a billing key, told by a webhook')
      await measure(sql, server, withNotice(keyPayment(billingKey), receiver.url), seconds)
    })
  } finally {
    await server.stop()
    await database.stop()
    await rm(directory, { recursive: true, force: true })
    receiver.close()
  }
}

const startReceiver = async (): Promise<{ readonly url: string; close(): void }> => {
  const receiver = createServer((_request, response) => response.end('{"received":true}')).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const address = receiver.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/webhooks`, close: () => receiver.close() }
}

const withNotice = ({ way, body }: PaymentKind, url: string): PaymentKind => ({
  way,
  body: JSON.stringify({ ...JSON.parse(body), noticeUrls: [url] }),
})

/** Vacuumed after each round, as a database at work is: the room of rows that were updated is used again. */
const measure = async (sql: Sql, server: Server, kind: PaymentKind, seconds: number): Promise<void> => {
  await fill(sql, server, kind, seconds)
  await sql`checkpoint`
  const before = await look(sql)
  for (let round = 0; round < rounds; round++) await fill(sql, server, kind, seconds)
  const after = await look(sql)
  const count = after.payments - before.payments
  const wal = await walBetween(sql, before.lsn, after.lsn)
  const baseline = await writtenOnce(sql, before.payments)
  printTables(before, after, wal, count)
  const size = (of: (table: Size) => number): number =>
    (sum(after.tables.values(), of) - sum(before.tables.values(), of)) / count
  const onDisk = size(({ heap, indexes, toast }) => heap + indexes + toast)
  const logged = sum(wal.values(), ({ bytes }) => bytes) / count
  const images = sum(wal.values(), ({ images }) => images) / count
  const updates = size((table) => table.updates)
  printTarget('on disk', onDisk, { bound: 'at most', limit: 5_000, show: bytes })
  printTarget('WAL', logged, { bound: 'at most', limit: 8_000, show: bytes })
  printRow('  of it images of whole pages', bytes(images))
  printTarget('updates that write indexes', updates - size((table) => table.hot), atMostHalf)
  printRow('  of updates altogether', updates.toFixed(2))
  printRow('the same rows written once, primary keys alone', `${bytes(baseline.size)}, ${bytes(baseline.wal)} of WAL`)
  printRow('ratio on disk, in the WAL', `${ratio(onDisk / baseline.size)}, ${ratio(logged / baseline.wal)}`)
}

const fill = async (sql: Sql, server: Server, kind: PaymentKind, seconds: number): Promise<void> => {
  const { failures } = await paying(server, kind, connections, seconds)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
  while ((await waiting(sql)) > 0) await delay(100)
  await sql`vacuum`
}

const waiting = async (sql: Sql): Promise<number> => {
  const [row] = await sql<[{ count: number }]>`select count(*)::int as count from webhooks where due_at is not null`
  return row.count
}

type Size = {
  readonly heap: number
  readonly indexes: number
  readonly toast: number
  readonly updates: number
  readonly hot: number
}

type Look = { readonly payments: number; readonly lsn: string; readonly tables: ReadonlyMap<string, Size> }

const look = async (sql: Sql): Promise<Look> => {
  const [row] = await sql<[{ payments: number; lsn: string }]>`
    select count(*)::int as payments, pg_current_wal_lsn()::text as lsn from payments`
  const tables = await sql<(Size & { name: string })[]>`
    select relname as name, pg_relation_size(relid) as heap, pg_indexes_size(relid) as indexes,
      pg_table_size(relid) - pg_relation_size(relid) as toast, n_tup_upd as updates, n_tup_hot_upd as hot
    from pg_stat_user_tables where schemaname = 'public'`
  return { ...row, tables: new Map(tables.map((table) => [table.name, table])) }
}

type Logged = { readonly bytes: number; readonly images: number }

/** By table, indexes and TOAST included; what belongs to none, such as commits, is named `transactions`. */
const walBetween = async (sql: Sql, from: string, until: string): Promise<ReadonlyMap<string, Logged>> => {
  const tables = await sql<(Logged & { name: string })[]>`
    with relations as (
      select pg_relation_filenode(c.oid) as node,
        coalesce(owner.relname, toasted.relname, toasted_by_index.relname, c.relname)::text as name
      from pg_class c
      left join pg_index i on i.indexrelid = c.oid
      left join pg_class owner on owner.oid = i.indrelid and owner.relkind = 'r'
      left join pg_class toasted on toasted.reltoastrelid = c.oid
      left join pg_class toasted_by_index on toasted_by_index.reltoastrelid = i.indrelid
    )
    select coalesce(r.name, 'others') as name, sum(b.record_length) filter (where b.first) as bytes,
      sum(b.block_fpi_length) as images
    from (
      select relfilenode, record_length, block_fpi_length,
        row_number() over (partition by start_lsn order by block_id) = 1 as first
      from pg_get_wal_block_info(${from}::pg_lsn, ${until}::pg_lsn, false)
    ) b left join relations r on r.node = b.relfilenode
    group by 1`
  const [rest] = await sql<[{ bytes: number }]>`
    select coalesce(sum(record_length), 0) as bytes from pg_get_wal_records_info(${from}::pg_lsn, ${until}::pg_lsn)
    where block_ref is null or block_ref = ''`
  return new Map([
    ...tables.map(({ name, bytes, images }) => [name, { bytes: Number(bytes), images: Number(images) }] as const),
    ['transactions', { bytes: Number(rest.bytes), images: 0 }],
  ])
}

/** The rows that were written since there were so many payments. */
const writtenOnce = async (sql: Sql, skipped: number): Promise<{ readonly size: number; readonly wal: number }> => {
  await sql`drop schema if exists once cascade`
  await sql`create schema once`
  const sources = {
    payments: sql`payments p`,
    journal: sql`journal p`,
    sandbox_transactions: sql`sandbox_transactions p`,
    webhooks: sql`webhooks p`,
  }
  const [first] = await sql<[{ at: string }]>`
    select created_at::text as at from payments order by created_at offset ${skipped} limit 1`
  const [count] = await sql<[{ count: number }]>`
    select count(*)::int as count from payments where created_at >= ${first.at}::text::timestamptz`
  for (const table of Object.keys(sources)) {
    await sql`create table ${sql(`once.${table}`)} (like ${sql(table)} including storage)`
    const [key] = await sql<[{ definition: string }]>`
      select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = ${table}::regclass and contype = 'p'`
    await sql`alter table ${sql(`once.${table}`)} add ${sql.unsafe(key.definition)}`
  }
  await sql`checkpoint`
  const [before] = await sql<[{ lsn: string }]>`select pg_current_wal_lsn()::text as lsn`
  for (const [table, source] of Object.entries(sources)) {
    const time = table === 'journal' ? sql`p.at` : sql`p.created_at`
    await sql`insert into ${sql(`once.${table}`)} select p.* from ${source} where ${time} >= ${first.at}::text::timestamptz order by ${time}`
  }
  const [after] = await sql<[{ wal: number; size: number }]>`
    select (pg_current_wal_lsn() - ${before.lsn}::pg_lsn)::float8 as wal,
      (select sum(pg_total_relation_size(relid))::float8 from pg_stat_user_tables where schemaname = 'once') as size`
  return { size: after.size / count.count, wal: after.wal / count.count }
}

const printTables = (before: Look, after: Look, wal: ReadonlyMap<string, Logged>, count: number): void => {
  for (const name of new Set([...after.tables.keys(), ...wal.keys()])) {
    const grown = (of: keyof Size): number =>
      ((after.tables.get(name)?.[of] ?? 0) - (before.tables.get(name)?.[of] ?? 0)) / count
    const logged = wal.get(name) ?? { bytes: 0, images: 0 }
    const size = grown('heap') + grown('indexes') + grown('toast')
    if (size < 1 && logged.bytes / count < 10) continue
    const parts = `heap ${bytes(grown('heap'))}, indexes ${bytes(grown('indexes'))}, TOAST ${bytes(grown('toast'))}`
    const log = `WAL ${bytes(logged.bytes / count)} (pages ${bytes(logged.images / count)})`
    printRow(name, `${parts}; ${log}; ${grown('hot').toFixed(2)} of ${grown('updates').toFixed(2)} updates HOT`)
  }
}

const atMostHalf = { bound: 'at most', limit: 0.5, show: (value: number) => `${value.toFixed(2)} a payment` } as const

const bytes = (value: number): string => `${Math.round(value).toLocaleString('en')} B`

const sum = <Item>(items: Iterable<Item>, of: (item: Item) => number): number =>
  [...items].reduce((total, item) => total + of(item), 0)
