import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimit } from './rate-limit.ts'

test('so many at once and no more; each source has its own, and gets new ones with time', () => {
  let now = 0
  const limit = rateLimit(3, () => now)
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limit.allows('a')),
    [true, true, true, false],
  )
  assert.ok(limit.allows('b'))
  now += 20_000
  assert.ok(limit.allows('a'))
  assert.ok(!limit.allows('a'))
})
