import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readIdempotencyKey } from './idempotency-key.ts'
import { Problem } from './json.ts'

/** Writes a string as RFC 8941 has it. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 256 })

test('any printable ASCII of 16 to 256 characters may stand in quotes', () => {
  fc.assert(fc.property(ascii, (key) => assert.equal(readIdempotencyKey(quoted(key)), key)))
})

test('the recommended characters need no quotes', () => {
  const key = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  assert.equal(readIdempotencyKey(key), key)
  assert.equal(readIdempotencyKey(quoted(key)), key)
})

test('quotes do not count towards the length', () => {
  assert.equal(readIdempotencyKey(quoted('a'.repeat(16))), 'a'.repeat(16))
  assert.ok(readIdempotencyKey(quoted('a'.repeat(15))) instanceof Problem)
  assert.ok(readIdempotencyKey(quoted('a'.repeat(257))) instanceof Problem)
})

test('two keys, unescaped quotes and other characters are refused', () => {
  const refused = [
    '"aaaaaaaaaaaaaaaa"b"',
    '"aaaaaaaaaaaaaaaa\\n"',
    'aaaaaaaa aaaaaaaa',
    'aaaaaaaaaaaaaaaa"',
    'ä'.repeat(20),
    '',
  ]
  for (const header of refused) assert.ok(readIdempotencyKey(header) instanceof Problem, header)
  assert.ok(readIdempotencyKey(['a'.repeat(16), 'b'.repeat(16)]) instanceof Problem)
})
