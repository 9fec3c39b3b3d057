import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InexactNumber, isExactNumber, parseExactly } from './exact-number.ts'

test('numbers that survive are kept', () => {
  const exact = [
    '0',
    '-0',
    '0.0',
    '1000',
    '1000.00',
    '1e3',
    '1.5E+3',
    '-1.50e-3',
    '0.1',
    '9007199254740991',
    '1e15',
    '5e-324',
  ]
  for (const source of exact) assert.ok(isExactNumber(source), source)
})

test('numbers that would be rounded are not', () => {
  const inexact = [
    ...[
      '1000.0000000000000001',
      '0.10000000000000001',
      '9007199254740992',
      '-9007199254740993',
      '1e16',
      '1e400',
      '1e-400',
    ],
    ...['1.7976931348623159e308', '123456789.123456789'],
  ]
  for (const source of inexact) assert.ok(!isExactNumber(source), source)
})

test('whatever JavaScript writes of a number that is no large integer is exact', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(isExactNumber(String(value)), !Number.isInteger(value) || Number.isSafeInteger(value))
    }),
  )
})

test('parsing is that of JSON, but for numbers that would be rounded', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const inexact = (value: unknown): unknown =>
        typeof value === 'number' && !isExactNumber(String(value)) ? new InexactNumber() : value
      assert.deepEqual(
        parseExactly(text),
        JSON.parse(text, (_key, value) => inexact(value)),
      )
    }),
  )
  assert.deepEqual(parseExactly('{"a":[1000.0000000000000001,{"b":"1234567890123456"}]}'), {
    a: [new InexactNumber(), { b: '1234567890123456' }],
  })
  for (const inexact of ['1e400', '-9007199254740993', '1000.0000000000000001', '0.1E-400', '-12e99']) {
    for (const text of [
      inexact,
      `\t${inexact}`,
      `[${inexact}]`,
      `[0,${inexact}]`,
      `{"a": ${inexact}}`,
      `{"a":\r\n${inexact}}`,
    ])
      assert.deepEqual(JSON.stringify(parseExactly(text)), text.replace(inexact, '{}').replaceAll(/\s/g, ''), text)
  }
})
