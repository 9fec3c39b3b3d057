import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { market } from '../../testing/market.ts'
import { snapshotReader } from './snapshot-reader.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

test('sheets share what they have read, and one that begins shows nothing older than itself', async () => {
  const place = await market(sql, 'sheets')
  for (const id of ['a', 'b']) await place.partner(id)
  const { platform } = place.request()
  const [a, b] = ['a', 'b'].map((id) => ({ kind: 'PARTNER', id, version: 1 }) as const)
  assert(a && b)
  using first = snapshotReader(sql, platform)
  assert.equal((await first.read([a, b]))('PARTNER', a).connectionStatus, 'NOT_CONNECTED')
  await sql`update platform_entities set connection_status = 'CONNECTED' where merchant_id = 'sheets'`
  using second = snapshotReader(sql, platform)
  // The second forgets while the first reads: it still has both.
  const [both] = await Promise.all([first.read([a, b]), second.read([b])])
  for (const key of [a, b]) assert.equal(both('PARTNER', key).connectionStatus, 'CONNECTED')
  await sql`update platform_entities set connection_status = 'NOT_CONNECTED' where merchant_id = 'sheets'`
  const shared = await second.read([a, b])
  for (const key of [a, b]) assert.equal(shared('PARTNER', key).connectionStatus, 'CONNECTED')
})
