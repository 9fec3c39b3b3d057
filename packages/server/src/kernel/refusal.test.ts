import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuse, refusedByGateway } from './refusal.ts'

test('a message quotes an id without its control characters; what a PG said stays as it was', () => {
  const { message } = refuse('PAYMENT_NOT_FOUND', 'There is no payment a\0\n\u001b[31m\u2028\u202e나루 👩‍🌾.').body
  assert.equal(message, 'There is no payment a\\u0000\\u000a\\u001b[31m\\u2028\\u202e나루 👩‍🌾.')
  assert.equal(refusedByGateway({ pgCode: 'X', pgMessage: 'a\nb' }).body.pgMessage, 'a\nb')
})
