import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '../src/db/connect.ts'
import { createTestDatabase } from './support/database.ts'
import { breakableWire } from './support/wire.ts'

test('a wire freezes at a statement, prepared before or not, and with long parameters', async () => {
  await using database = await createTestDatabase()
  await using wire = await breakableWire(database.url)
  const sql = connect(wire.url, { max: 1 })
  const asked = async (text: string) => (await sql`select length(${text}) as length`)[0]?.length
  // Longer than what a socket hands on at once.
  const long = 'word '.repeat(100_000)
  for (const text of ['first', 'second', long, `${long}last`]) {
    const { late } = await wire.freezeAt(['select length', text.slice(-5)], () => asked(text))
    wire.thaw()
    assert.equal(await late, text.length)
  }
  assert.equal(await asked('passes'), 6)
  await sql.end()
})

test('a request that is answered without the statement at which a wire was to freeze says so', async () => {
  await using database = await createTestDatabase()
  await using wire = await breakableWire(database.url)
  const sql = connect(wire.url, { max: 1 })
  await assert.rejects(
    wire.freezeAt(['select 2', 'of'], async () => (await sql`select 1 as found`)[0]),
    /answered and has not said select 2 … of: .*found: 1/,
  )
  assert.equal((await sql`select 2 as of`).length, 1)
  await sql.end()
})
