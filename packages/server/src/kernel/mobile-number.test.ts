import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mobileNumber } from './mobile-number.ts'

test('a Korean mobile number is the same however it is written', () => {
  for (const text of [
    '01012345678',
    '010-1234-5678',
    '010 1234 5678',
    '010.1234.5678',
    '(010) 1234-5678',
    '+821012345678',
    '+82 10-1234-5678',
    '+82 (0)10-1234-5678',
    '82-10-1234-5678',
    '0082 10 1234 5678',
  ])
    assert.equal(mobileNumber(text), '01012345678', text)
  assert.equal(mobileNumber('011-234-5678'), '0112345678')
})

test('what is none is refused', () => {
  for (const text of [
    '',
    '0',
    '02-123-4567',
    '01O-1234-5678',
    '010-1234-56789',
    '+1 201 555 0123',
    '++821012345678',
    '010-1234-5678 x',
    '010-1234-5678\0',
    `010${'-'.repeat(100)}12345678`,
    '０１０１２３４５６７８',
  ])
    assert.equal(mobileNumber(text), undefined, text)
})
