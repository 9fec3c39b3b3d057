import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endAllLeases } from '../workers/abandoned.ts'
import { findWork } from '../workers/due-work.ts'
import { webhookDue } from './due.ts'
import { addStore, announcePaid, openFixture } from './testing/fixture.ts'

test('what a dead server had claimed is found and claimed at once by one that is alone, whatever the store', async () => {
  await using fixture = await openFixture()
  const { sql, parts } = fixture
  const dead = webhookDue(parts)
  const stores = ['store-1', 'store-2'] as const
  for (const storeId of stores) {
    await addStore(sql, storeId)
    await announcePaid(sql, storeId, ['http://receiver.example'])
    assert.equal((await dead.claim(storeId, 10)).length, 1)
  }
  // It looked once more before it died: nothing was left, so the next look is when the leases end.
  await sql`update due_work set look_at = look_at - interval '1 minute'`
  for (const storeId of stores) await dead.settle(storeId)
  await sql`update due_work set quiet_since = quiet_since - interval '1 hour'`
  assert.equal((await findWork(sql, '', 10)).length, 0)

  const alone = webhookDue(parts)
  for (const storeId of stores) assert.equal((await alone.claim(storeId, 10)).length, 0)
  await endAllLeases(sql, [alone])
  const found = await findWork(sql, '', 10)
  assert.deepEqual(
    found.map(({ storeId }) => storeId),
    stores,
  )
  for (const storeId of stores) assert.equal((await alone.claim(storeId, 10)).length, 1)
})
