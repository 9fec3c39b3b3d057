import assert from 'node:assert/strict'
import test from 'node:test'
import { withConnection } from '../../test/support/cluster.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startNaru } from '../../test/support/naru.ts'
import { paid } from '../../test/support/paid.ts'
import { readPayment } from '../payment-reading/read.ts'
import type { Sql } from './connect.ts'
import { analyseGrown } from './statistics.ts'

/** PostgreSQL hears from a session what it wrote and read once a second, or when it is told to speak. */
const speak = (sql: Sql) => sql`select pg_stat_force_next_flush()`

test('a table is analysed once it has many rows, and again when it has severalfold as many', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    const write = async (rows: number) => {
      await sql`insert into written select generate_series(1, ${rows}::int)`
      await speak(sql)
    }
    await sql`create table written (number int)`
    await write(199)
    assert.deepEqual(await analyseGrown(sql, new Map()), [])
    await write(1)
    assert.deepEqual(await analyseGrown(sql, new Map()), ['written'])
    await write(599)
    assert.deepEqual(await analyseGrown(sql, new Map()), [])
    await write(1)
    assert.deepEqual(await analyseGrown(sql, new Map()), ['written'])
  })
})

test('a table of few rows is not analysed, however often they change', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    await sql`create table written as select generate_series(1, 100) as number`
    for (let times = 0; times < 5; times++) await sql`update written set number = number + 1`
    await speak(sql)
    assert.deepEqual(await analyseGrown(sql, new Map()), [])
  })
})

test('what is locked is left for the next time', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    await sql`create table written as select generate_series(1, 200) as number`
    await speak(sql)
    await database.sql.begin(async (other) => {
      await other`lock table written in share row exclusive mode`
      assert.deepEqual(await analyseGrown(sql, new Map()), ['written'])
    })
    assert.deepEqual(await analyseGrown(sql, new Map()), ['written'])
    assert.deepEqual(await analyseGrown(sql, new Map()), [])
  })
})

test('a table that cannot be analysed keeps no other one from it, and is not tried again', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    await sql`create table a_broken (number int)`
    await sql`create function broken(number int) returns int immutable language plpgsql as $$ begin
      if number > 150 and current_setting('test.breaks', true) = 'yes' then raise 'broken'; end if; return number; end $$`
    await sql`create index on a_broken (broken(number))`
    await sql`insert into a_broken select generate_series(1, 200)`
    await sql`create table b_whole as select generate_series(1, 200) as number`
    await speak(sql)
    await sql`select set_config('test.breaks', 'yes', false)`
    const failed = new Map<string, unknown>()
    assert.deepEqual(await analyseGrown(sql, failed), ['b_whole'])
    assert.deepEqual([...failed.keys()], ['a_broken'])
    assert.deepEqual(await analyseGrown(sql, failed), [])
  })
})

test('a table is analysed whatever it is called, and not another schema’s in its place', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    await sql`create schema other`
    for (const name of ['"other.t"', 'other.t', '"a ""quoted"" Table"'])
      await sql.unsafe(`create table ${name} as select generate_series(1, 1000) as number`)
    await speak(sql)
    assert.equal((await analyseGrown(sql, new Map())).length, 2)
    const known = await sql<{ name: string }[]>`
      select relname as name from pg_class where relkind = 'r' and reltuples = 1000 order by 1`
    assert.deepEqual(
      known.map(({ name }) => name),
      ['a "quoted" Table', 'other.t'],
    )
  })
})

test('the tables of a schema are found whatever it is called', async () => {
  await using database = await createTestDatabase('empty')
  await withConnection(database.url, async (sql) => {
    await sql`create schema "The Shop"`
    await sql`set search_path = "The Shop"`
    await sql`create table written as select generate_series(1, 200) as number`
    await speak(sql)
    assert.deepEqual(await analyseGrown(sql, new Map()), ['written'])
  })
})

test('a payment is found by its key, however many came since its statement was planned', async () => {
  const naru = await startNaru()
  const store = await naru.newStore()
  const { storeId } = store
  const paymentId = await paid(store)
  await withConnection(naru.database.url, async (sql) => {
    const rowsRead = async () => {
      const [row] = await sql<[{ rows: string }]>`
        select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as rows from pg_stat_user_tables where relname like 'journal%'`
      return Number(row.rows)
    }
    const read = async () => {
      const before = await rowsRead()
      const payment = await readPayment(sql, { storeId, paymentId })
      await speak(sql)
      return { payment, rows: (await rowsRead()) - before }
    }
    // As often as it takes until PostgreSQL plans no more for what is asked.
    for (let times = 0; times < 10; times++) await read()
    await naru.database.sql.begin(async (other) => {
      await other`
        insert into journal select (copy).* from (
          select jsonb_populate_record(j, jsonb_build_object('stream_id', 'copy-' || number)) as copy
          from journal j, generate_series(1, 1000) as number where j.store_id = ${storeId} and j.stream_id = ${paymentId}
        ) as copies`
      await speak(other)
    })
    const isKnown = async () =>
      (await sql`select from pg_class where relname like 'journal%' and relkind = 'r' and reltuples > 1000`).length > 0
    while (!(await isKnown()));
    const { payment, rows } = await read()
    assert(payment !== undefined)
    assert(rows < 50, `${rows} rows were read`)
  })
})
