import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responseCheck } from './response-check.ts'

const violations = (body: unknown): readonly string[] => {
  const noted: string[] = []
  responseCheck((violation) => void noted.push(violation))('capturePayment', {
    status: 200,
    body: JSON.stringify(body),
  })
  responseCheck((violation) => void noted.push(violation))('cancelCashReceiptByPaymentId', {
    status: 200,
    body: JSON.stringify({ cancelledAmount: 1, cancelledAt: '2026-01-01T00:00:00Z', ...Object(body) }),
  })
  return noted
}

test('an answer that fits the contract is nothing to tell', () => {
  assert.deepEqual(violations({}), [])
})

test('what the contract does not promise is told: another field, another type, a null', () => {
  assert.equal(violations({ extra: 1 }).length, 2)
  assert.equal(violations({ cancelledAt: 'yesterday' }).length, 2)
  assert.equal(violations({ extra: null }).length, 2)
})
