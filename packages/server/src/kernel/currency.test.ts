import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Currency } from '@naru/contract'
import { decimal, minorUnitDigits } from './currency.ts'

test('currencies have the minor units of ISO 4217', () => {
  const digits = (currencies: readonly Currency[]) => currencies.map(minorUnitDigits)
  assert.deepEqual(digits(['KRW', 'JPY', 'VND', 'XAF']), [0, 0, 0, 0])
  assert.deepEqual(digits(['USD', 'EUR', 'CNY']), [2, 2, 2])
  assert.deepEqual(digits(['KWD', 'BHD', 'TND']), [3, 3, 3])
  assert.deepEqual(digits(['CLF', 'UYW']), [4, 4])
  assert.deepEqual(digits(['XAU', 'XTS']), [0, 0])
})

test('an amount is written with the digits of its currency', () => {
  assert.equal(decimal(150, 'USD'), '1.50')
  assert.equal(decimal(5, 'USD'), '0.05')
  assert.equal(decimal(-5, 'USD'), '-0.05')
  assert.equal(decimal(1_500, 'KWD'), '1.500')
  assert.equal(decimal(1_000, 'KRW'), '1000')
  assert.equal(decimal(0, 'EUR'), '0.00')
})
