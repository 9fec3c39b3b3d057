import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInRange, readAddressRange } from './address-range.ts'

test('an address is a range of one, and a prefix says how many bits count', () => {
  for (const [text, inside, outside] of [
    ['10.1.2.3', '10.1.2.3', '10.1.2.4'],
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['::1', '::1', '127.0.0.1'],
    ['fd00::/8', 'fd12::1', 'fe80::1'],
  ] as const) {
    const range = readAddressRange(text)
    assert(range, text)
    assert.deepEqual([isInRange(range, inside), isInRange(range, outside)], [true, false], text)
  }
})

test('what is no range is none', () => {
  for (const text of [
    '',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/0',
    '10.0.0.0/08',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '::/0',
    '::/129',
    'a.b',
  ])
    assert.equal(readAddressRange(text), undefined, text)
})
