import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redactCards, redactDeep } from './redact.ts'

test('a card number is reduced to six digits and four, wherever it stands and however it is written', () => {
  const cases = [
    ['4242424242424242', '424242******4242'],
    ['card4242424242424242x', 'card424242******4242x'],
    ['{"4242 4242 4242 4242": 1}', '{"424242******4242": 1}'],
    ['4242-4242-4242-4242 and 5555555555554444', '424242******4242 and 555555******4444'],
    ['378282246310005, 3782 822463 10005', '378282*****0005, 378282*****0005'],
    ['9490940000000005', '949094******0005'],
  ] as const
  for (const [text, expected] of cases) assert.equal(redactCards(text), expected)
})

test('what is no card number stays readable', () => {
  const texts = [
    'order-20260131123456789',
    '1764321357000',
    '4242424242424241',
    '01a22192-8d0d-733c-aca3-e145334eb685',
    '9007199254740991 is the largest',
    '010-1234-5678',
    '4242424242424242424242',
    '',
  ]
  for (const text of texts) assert.equal(redactCards(text), text)
})

test('values are redacted inside, and keys with them', () => {
  const error = new Error('as it is')
  assert.deepEqual(redactDeep({ a: [{ '4242424242424242': '4242424242424242', n: 1 }], error, none: null }), {
    a: [{ '424242******4242': '424242******4242', n: 1 }],
    error,
    none: null,
  })
})
