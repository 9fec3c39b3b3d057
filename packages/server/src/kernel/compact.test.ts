import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compact } from './compact.ts'

test('what is undefined is left out; what is empty, false, zero or null stays', () => {
  const given = { a: undefined, b: '', c: false, d: 0, e: null, f: [] }
  assert.deepEqual(compact(given), { b: '', c: false, d: 0, e: null, f: [] })
  assert.ok('a' in given)
})
