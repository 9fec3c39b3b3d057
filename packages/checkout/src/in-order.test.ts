import assert from 'node:assert/strict'
import test from 'node:test'
import { inOrder } from './in-order.ts'

test('a text of the shop turns nothing around, and letters keep the direction that is theirs', () => {
  assert.equal(inOrder('\u202e000,1 귤\u202c 한 상자'), '000,1 귤 한 상자')
  assert.equal(inOrder('\u2067مرحبا\u2069 10'), 'مرحبا 10')
})
