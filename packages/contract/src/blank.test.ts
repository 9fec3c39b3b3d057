import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBlank } from './blank.ts'

test('text that shows nothing is blank, and text with anything to see is not', () => {
  for (const text of [
    '',
    ' ',
    '\t\u3000',
    '\u200b\u200d',
    '\u202e\u2066',
    '\u00ad\ufeff',
    '\u3164\uffa0',
    '\u2800',
    '\u{e0020}',
  ])
    assert.ok(isBlank(text), JSON.stringify(text))
  for (const text of ['귤', ' x ', '\u202eabc', '👨‍👩‍👧', '.', '\u0301'])
    assert.ok(!isBlank(text), JSON.stringify(text))
})
