import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { boundedRows, PageTooLarge } from './bounded-rows.ts'
import { connect } from './connect.ts'

test('a page of few, large documents is given up before all of them are read', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create sequence made`
  const documents = sql`
    select nextval('made') as number, jsonb_build_object('text', array[repeat('x', 65536)]) as state
    from generate_series(1, 1000)`
  const most = 8 * 1024 * 1024
  await assert.rejects(boundedRows(sql, documents, 1_000, most), PageTooLarge)
  const [{ made }] = await sql<[{ made: number }]>`select last_value as made from made`
  assert.ok(made <= 200, `${made} documents were read`)
  assert.equal((await boundedRows(sql, sql`${documents} limit 110`, 1_000, most)).length, 110)
})

test('a page has all of its rows in order, however many there are of how many it may have', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  for (const size of [1, 100, 101, 1_000])
    for (const count of [0, 1, 99, 100, 101, 200, 350].filter((count) => count <= size)) {
      const rows = await boundedRows<{ number: number }>(
        sql,
        sql`select number, jsonb_build_object('number', number) as state from generate_series(1, ${count}::integer) as number`,
        size,
      )
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        Array.from({ length: count }, (_, index) => ({ number: index + 1, state: { number: index + 1 } })),
      )
    }
})

test('a page is read again where its prepared statement became invalid, and fails where a later slice does', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 1 })
  await sql`create table things as select number from generate_series(1, 250) as number`
  const things = () => boundedRows<{ number: number }>(sql, sql`select * from things order by number`, 1_000)
  assert.equal((await things()).length, 250)
  await database.sql`alter table things add column note text default 'none'`
  const rows = await things()
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    Array.from({ length: 250 }, (_, index) => ({ number: index + 1, note: 'none' })),
  )
  const failing = sql`select 1 / (150 - number) as state from generate_series(1, 250) as number`
  await assert.rejects(boundedRows(sql, failing, 1_000), /division by zero/)
  assert.equal((await things()).length, 250)
  await sql.end()
})
