import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realTime } from './clock.ts'
import { chance, prefixedId, randomToken, sha256, timeOrderedId } from './ids.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

test('time-ordered ids are UUIDs of version 7, and sort as they were made', () => {
  const ids = Array.from({ length: 1_000 }, timeOrderedId)
  for (const id of ids) {
    assert.match(id, uuid)
    assert.equal(id[14], '7')
  }
  assert.deepEqual(ids.toSorted(), ids)
  assert.equal(new Set(ids).size, ids.length)
})

test('time-ordered ids sort as they were made, also where the clock is turned back', (context) => {
  const now = realTime() + 1_000
  context.mock.timers.enable({ apis: ['Date'], now })
  const ids = [timeOrderedId(), timeOrderedId()]
  context.mock.timers.setTime(now - 500)
  ids.push(timeOrderedId(), timeOrderedId())
  assert.deepEqual(ids.toSorted(), ids)
  for (const id of ids) assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), now)
})

test('prefixed ids carry their prefix before a UUID', () => {
  const id = prefixedId('channel-key')
  assert.ok(id.startsWith('channel-key-'))
  assert.match(id.slice('channel-key-'.length), uuid)
})

test('tokens are URL-safe, as long as asked for, and never the same', () => {
  assert.match(randomToken(), /^[A-Za-z0-9_-]{43}$/)
  assert.equal(Buffer.from(randomToken(16), 'base64url').length, 16)
  assert.notEqual(randomToken(), randomToken())
})

test('chance lies in [0, 1)', () => {
  for (let times = 0; times < 1_000; times++) {
    const drawn = chance()
    assert.ok(drawn >= 0 && drawn < 1)
  }
})

test('the digest of a text is its SHA-256', () => {
  assert.equal(sha256('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
