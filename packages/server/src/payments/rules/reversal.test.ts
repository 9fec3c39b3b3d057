import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDueAt } from '../state/due.ts'
import { statusOf } from '../state/payment.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  pending,
  refunded,
  refusalType,
  Story,
  unknown,
  virtualAccount,
} from '../testing/story.ts'
import { requestApproval } from './approval.ts'
import { reversalDone, settleReversal } from './reversal.ts'

const settle = (story: Story, id: string, outcome: Parameters<typeof settleReversal>[2]) =>
  story.decide((payment, now) => settleReversal(payment, id, outcome, now))

test('a charge of another amount is given back at once, and the attempt fails only when it is', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, done(approval({ amount: 10_001 })))
  assert.equal(story.attempt(transactionId).phase, 'REVERSING')
  assert.equal(statusOf(story.attempt(transactionId)), 'PAY_PENDING')
  assert.equal(nextDueAt(story.payment), story.now)
  assert.deepEqual(story.news(), [])
  settle(story, transactionId, refunded(story.now))
  assert.equal(story.attempt(transactionId).failure?.pgCode, 'NARU_AMOUNT_MISMATCH')
  assert.deepEqual(story.news(), ['Transaction.Failed'])
  assert.equal(nextDueAt(story.payment), undefined)
})

test('it is asked for until the PG says that it is done, and no other attempt begins meanwhile', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, done(approval({ amount: 9_999 })))
  for (const outcome of [declined, pending, unknown, declined]) {
    settle(story, transactionId, outcome)
    assert.equal(story.attempt(transactionId).phase, 'REVERSING')
    const due = nextDueAt(story.payment)
    assert.ok(due !== undefined && due > story.now)
    story.now = due
  }
  const again = attemptStart({ transactionId: 'again' })
  assert.equal(refusalType(story.decide((payment, now) => requestApproval(payment, again, now))), 'ALREADY_PAID')
  settle(story, transactionId, refunded(story.now))
  assert.equal(story.attempt(transactionId).phase, 'FAILED')
})

test('a second success on an order that is paid is given back', () => {
  const story = new Story()
  const account = story.openAccount()
  const card = story.begin()
  story.deposit(account)
  story.answer(card, done(approval()))
  assert.equal(story.attempt(account).phase, 'PAID')
  assert.equal(story.attempt(card).phase, 'REVERSING')
  assert.equal(story.attempt(card).failure?.pgCode, 'NARU_ALREADY_PAID')
})

test('so is a deposit into an account that is being closed because the order was paid otherwise', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pay()
  assert.ok(story.attempt(account).closing)
  story.deposit(account)
  assert.equal(story.attempt(account).phase, 'REVERSING')
  assert.equal(story.attempt(account).closing, undefined)
  settle(story, account, refunded(story.now))
  assert.equal(story.attempt(account).phase, 'FAILED')
  assert.equal(nextDueAt(story.payment), undefined)
})

test('what was given back is not given back again when the PG tells of the charge once more', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, done(approval({ amount: 10_001 })))
  settle(story, transactionId, refunded(story.now))
  const told = { state: 'APPROVED', approval: approval({ amount: 10_001 }), captured: true } as const
  assert.deepEqual(story.learn(transactionId, told), [])
  const deposit = { state: 'DEPOSITED', virtualAccount: virtualAccount(), deposit: { paidAt: story.now } } as const
  assert.deepEqual(story.learn(transactionId, deposit), [])
})

test('only a refund that succeeded is known to be done', () => {
  const cancellation = { pgCancellationId: 'pg', cancelledAt: 1 }
  assert.deepEqual(reversalDone(done({ state: 'SUCCEEDED', cancellation })), done(cancellation))
  assert.equal(reversalDone(done({ state: 'PENDING' })), undefined)
  assert.equal(reversalDone(unknown), undefined)
})

test('answers about a reversal that is not under way change nothing', () => {
  const story = new Story()
  assert.deepEqual(settle(story, story.pay(), refunded(story.now)), [])
})
