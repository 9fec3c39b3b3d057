import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { add, ceiling, expand, floor, fraction, integer, multiply, nearest, subtract, truncate } from './fraction.ts'

describe('a fraction', () => {
  it('is in lowest terms, with a positive denominator', () => {
    assert.deepEqual(fraction(6n, -4n), { numerator: -3n, denominator: 2n })
    assert.deepEqual(fraction(0n, 7n), { numerator: 0n, denominator: 1n })
    assert.throws(() => fraction(1n, 0n), RangeError)
  })

  for (const [name, round, results] of [
    ['floor', floor, [-3n, -3n, -2n, 2n, 2n, 3n]],
    ['ceiling', ceiling, [-2n, -2n, -2n, 3n, 3n, 3n]],
    ['truncate', truncate, [-2n, -2n, -2n, 2n, 2n, 3n]],
    ['expand', expand, [-3n, -3n, -2n, 3n, 3n, 3n]],
    ['nearest', nearest, [-3n, -2n, -2n, 2n, 3n, 3n]],
  ] as const)
    it(`rounds by ${name}`, () => {
      const values = [
        fraction(-5n, 2n),
        fraction(-9n, 4n),
        integer(-2n),
        fraction(9n, 4n),
        fraction(5n, 2n),
        integer(3n),
      ]
      assert.deepEqual(values.map(round), results)
    })

  it('adds, subtracts and multiplies exactly at any size', () => {
    const anyFraction = fc.tuple(fc.bigInt(), fc.bigInt({ min: 1n })).map(([n, d]) => fraction(n, d))
    fc.assert(
      fc.property(anyFraction, anyFraction, anyFraction, (a, b, c) => {
        assert.deepEqual(subtract(add(a, b), b), a)
        assert.deepEqual(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))
      }),
    )
  })
})
