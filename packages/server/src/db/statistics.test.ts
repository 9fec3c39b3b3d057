import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Sql } from './connect.ts'
import { rowsBeforeLook, wroteTo } from './statistics.ts'

const knownRows = async (sql: Sql): Promise<number> => {
  const [row] = await sql<[{ rows: number }]>`select reltuples::int as rows from pg_class where relname = 'written'`
  return row.rows
}

test('once enough was written to a table that nobody analysed, it is analysed, and no second time', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const enough = rowsBeforeLook
  await sql`create table written as select number from generate_series(1, ${enough}::int) as number`
  await wroteTo(sql, 'written', enough - 1)
  assert.equal(await knownRows(sql), -1)
  await wroteTo(sql, 'written', 1)
  assert.equal(await knownRows(sql), enough)
  await sql`insert into written select number from written`
  await wroteTo(sql, 'written', enough)
  assert.equal(await knownRows(sql), enough)
})

test('a server that starts later leaves the statistics that are there to PostgreSQL', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table written as select 1 as number`
  await sql`analyze written`
  await sql`insert into written values (2)`
  await wroteTo(sql, 'written', rowsBeforeLook)
  assert.equal(await knownRows(sql), 1)
})

test('what cannot be analysed fails nothing', async () => {
  await using database = await createTestDatabase('empty')
  await wroteTo(database.sql, 'there_is_no_such_table', rowsBeforeLook)
})
