import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../port/terms.ts'
import { type IdempotencyRule, idempotencyRules } from './repetition.ts'
import { cancelRequest, cardCharge, createTestSandbox } from './testing/sandbox.ts'

const said = (outcome: Outcome<unknown>) => (outcome.kind === 'failed' ? outcome.failure.pgCode : outcome.kind)

/** What a charge and its refund are answered when they come again: the same, and then something else. */
const repeats = async (idempotency: IdempotencyRule) => {
  await using sandbox = await createTestSandbox()
  const contextOf = (reference: string) => {
    const context = sandbox.context(reference)
    return { ...context, channel: { ...context.channel, credentials: { idempotency } } }
  }
  const charge = async (amount: number) =>
    said(await sandbox.gateway.authorize(contextOf('charge'), cardCharge({ amount })))
  const refund = async (amount: number) =>
    said(await sandbox.gateway.cancel(contextOf('refund'), { reference: 'charge' }, cancelRequest(amount)))
  const answers = [
    [await charge(10_000), await charge(10_000), await charge(20_000)],
    [await refund(1_000), await refund(1_000), await refund(2_000)],
  ]
  const books = await sandbox.control.ledgerOf('store')
  const charged = books.reduce((sum, { amount }) => sum + amount, 0)
  const refunded = books.reduce((sum, { cancelledAmount }) => sum + cancelledAmount, 0)
  return { answers, charged, refunded }
}

const all = ['succeeded', 'succeeded', 'succeeded']
const mismatch = ['succeeded', 'succeeded', 'SBX_IDEMPOTENCY_MISMATCH']

test('a PG does once, answers again, or does again what comes under a reference that it knows', async () => {
  assert.deepEqual(idempotencyRules, ['toss', 'stripe', 'none'])
  const once = { charged: 10_000, refunded: 1_000 }
  assert.deepEqual(await repeats('toss'), { answers: [all, all], ...once })
  assert.deepEqual(await repeats('stripe'), { answers: [mismatch, mismatch], ...once })
  assert.deepEqual(await repeats('none'), { answers: [all, all], charged: 40_000, refunded: 4_000 })
})
