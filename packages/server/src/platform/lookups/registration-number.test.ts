import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { hasValidCheckDigit } from './registration-number.ts'

describe('the check digit of a business registration number', () => {
  test('is right in numbers that the tax office has given out', () => {
    // Samsung Electronics, Naver, Kakao.
    for (const number of ['1248100998', '2208162517', '1208147521']) assert.ok(hasValidCheckDigit(number), number)
  })

  test('is wrong in the number of PortOne’s samples', () => assert.equal(hasValidCheckDigit('1234567890'), false))

  test('is one of ten, whatever the other digits', () => {
    const nine = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 })
      .map((digits) => digits.join(''))
    fc.assert(
      fc.property(nine, (digits) => {
        const valid = Array.from({ length: 10 }, (_, last) => `${digits}${last}`).filter(hasValidCheckDigit)
        assert.equal(valid.length, 1)
      }),
    )
  })

  test('needs ten digits', () => {
    for (const number of ['', '124810099', '12481009980', '124-81-00998', '124810099a'])
      assert.equal(hasValidCheckDigit(number), false, number)
  })
})
