import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minute } from '../kernel/clock.ts'
import { maxExecutionCount, retryDelay } from './retry.ts'

test('the waits are 1, 4, 16, 64 and 256 minutes, and the sixth failure is the last', () => {
  const almostOne = 1 - 2 ** -48
  const waits = [1, 2, 3, 4, 5, 6].map((executionCount) => retryDelay(executionCount, almostOne))
  assert.deepEqual(waits, [...[1, 4, 16, 64, 256].map((minutes) => minutes * minute - 1), undefined])
  assert.equal(maxExecutionCount, 6)
})

test('chance shortens every wait to anything down to none, in whole milliseconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (executionCount, chance) => {
        const delay = retryDelay(executionCount, chance)
        assert.ok(delay !== undefined && Number.isSafeInteger(delay))
        assert.ok(delay >= 0 && delay < 4 ** (executionCount - 1) * minute)
      },
    ),
  )
})
