import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, fromIso, realClock, realTime, storeTime, toIso } from './clock.ts'

test('a clock that stands still shows where it stands, whatever its offset', () => {
  assert.equal(storeTime({ offset: day, stoppedAt: 1_000 }), 1_000)
  assert.equal(storeTime({ offset: 0, stoppedAt: 0 }), 0)
})

test('a clock that runs shows real time and its offset', () => {
  const before = realTime()
  const [real, ahead] = [storeTime(realClock), storeTime({ offset: day, stoppedAt: null })]
  const after = realTime()
  assert.ok(real >= before && real <= after)
  assert.ok(ahead - day >= before && ahead - day <= after)
})

test('instants are written in UTC with a Z', () => {
  assert.equal(toIso(1_772_409_600_123), '2026-03-02T00:00:00.123Z')
})

test('date-times are read with any offset', () => {
  for (const text of ['2026-03-02T00:00:00Z', '2026-03-02T09:00:00+09:00', '2026-03-01T19:00:00.000-05:00'])
    assert.equal(fromIso(text), 1_772_409_600_000)
})

test('a fraction finer than milliseconds is cut', () => {
  assert.equal(fromIso('2026-03-02T00:00:00.123999999Z'), 1_772_409_600_123)
})

test('text that is no date-time is not read', () => {
  for (const text of ['', 'yesterday', '2026-13-01T00:00:00Z']) assert.equal(fromIso(text), undefined)
})
