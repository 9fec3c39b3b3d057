import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'

test('numbers, instants and dates come back as they went', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table things (amount bigint, at timestamptz, day date, times timestamptz[], data jsonb)`
  const thing = {
    amount: 9_007_199_254_740_991,
    at: 1_790_000_000_123,
    day: '2026-02-28',
    times: [0, -62_135_596_800_000],
    data: sql.json({ at: 1 }),
  }
  await sql`insert into things ${sql(thing)}`
  const [row] =
    await sql`select * from things where at = ${thing.at} and at = any(${[thing.at]}) and day = ${thing.day}`
  assert.deepEqual({ ...row }, { ...thing, data: { at: 1 } })
})
