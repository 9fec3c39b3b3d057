import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertAmount, ratioRoundedDown, ratioRoundedHalfUp, sum, sumAtAnySize } from './money.ts'

const amounts = fc.maxSafeInteger()
const positive = fc.integer({ min: 1, max: 10_000 })
/** At most 1, so that the result stays an exact amount. */
const ratios = fc.tuple(positive, positive).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])

test('halves are rounded away from zero', () => {
  assert.deepEqual(
    [5, -5, 4, -4, 6].map((amount) => ratioRoundedHalfUp(amount, 1, 10)),
    [1, -1, 0, 0, 1],
  )
})

test('rounding to the nearest is off by half at most, at any size', () => {
  fc.assert(
    fc.property(amounts, ratios, (amount, [numerator, denominator]) => {
      const [rounded, d] = [BigInt(ratioRoundedHalfUp(amount, numerator, denominator)), BigInt(denominator)]
      const off = 2n * (rounded * d - BigInt(amount) * BigInt(numerator))
      assert.ok(off >= -d && off <= d)
    }),
  )
})

test('rounding down goes towards minus infinity, at any size', () => {
  assert.deepEqual(
    [19, -19, 20, -20, -1].map((amount) => ratioRoundedDown(amount, 1, 10)),
    [1, -2, 2, -2, -1],
  )
  fc.assert(
    fc.property(amounts, ratios, (amount, [numerator, denominator]) => {
      const [rounded, d] = [BigInt(ratioRoundedDown(amount, numerator, denominator)), BigInt(denominator)]
      const left = BigInt(amount) * BigInt(numerator) - rounded * d
      assert.ok(left >= 0n && left < d)
    }),
  )
})

test('a result that is no exact amount is an error, not a wrong number', () => {
  assert.throws(() => ratioRoundedHalfUp(Number.MAX_SAFE_INTEGER, 2, 1), RangeError)
  assert.throws(() => ratioRoundedDown(Number.MIN_SAFE_INTEGER, 2, 1), RangeError)
  assert.throws(() => sum([Number.MAX_SAFE_INTEGER, 1]), RangeError)
  for (const value of [0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])
    assert.throws(() => assertAmount(value), RangeError)
})

test('a sum is exact, and that of nothing is 0', () => {
  assert.equal(sum([]), 0)
  assert.equal(sum(new Set([1, 2, 3])), 6)
})

test('what somebody else gave us is added up at any size', () => {
  assert.equal(sumAtAnySize([]), 0n)
  assert.equal(sumAtAnySize([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]), 2n * BigInt(Number.MAX_SAFE_INTEGER))
})
