import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDate, isDateTime } from './formats.ts'

test('an instant may have any offset and a fraction of any length', () => {
  for (const text of [
    '2024-02-29T23:59:59Z',
    '2024-01-01T00:00:00.123456789Z',
    '2024-01-01T09:00:00+09:00',
    '2024-01-01T00:00:00-23:59',
    '2024-01-01t00:00:00z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
  ])
    assert.ok(isDateTime(text), text)
})

test('an instant that does not exist or is not complete is refused', () => {
  for (const text of [
    '2023-02-29T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00+0900',
    '2024-01-01T00:00:00Z\n',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2024-01-01',
    '',
  ])
    assert.equal(isDateTime(text), false, text)
})

test('a date must be a day of the calendar', () => {
  for (const text of ['2024-02-29', '2000-02-29', '2024-12-31']) assert.ok(isDate(text), text)
  for (const text of [
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-1-1',
    '20240101',
    '0000-01-01',
  ])
    assert.equal(isDate(text), false, text)
})
