import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, minute } from '../../kernel/clock.ts'
import { representative, statusOf } from '../state/payment.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  mayActWithin,
  orderOf,
  pending,
  refusalType,
  Story,
  start,
  unknown,
  virtualAccount,
} from '../testing/story.ts'
import { requestApproval } from './approval.ts'
import { preRegister } from './checkout.ts'
import { maximumAttempts } from './limits.ts'

const tryAgain = (story: Story, request = orderOf()) => {
  const attempt = attemptStart({ transactionId: story.newId('transaction'), request })
  return story.decide((payment, now) => requestApproval(payment, attempt, now))
}

const status = (story: Story) => {
  const shown = representative(story.payment)
  return shown && statusOf(shown)
}

test('an approval pays', () => {
  const story = new Story()
  const transactionId = story.pay()
  const { phase, paidAt, pgTransactionId, inquiry } = story.attempt(transactionId)
  assert.deepEqual(
    { phase, paidAt, pgTransactionId, inquiry },
    { phase: 'PAID', paidAt: start, pgTransactionId: 'pg-1', inquiry: undefined },
  )
  assert.deepEqual(story.news(), ['Transaction.Paid'])
})

test('a refusal fails the attempt, and shows as [code] text', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, declined)
  assert.deepEqual(story.attempt(transactionId).failure, {
    reason: '[DECLINED] Card declined',
    pgCode: 'DECLINED',
    pgMessage: 'Card declined',
  })
  assert.equal(status(story), 'FAILED')
})

test('a failed payment may be tried again, under a new transaction that stands for it', () => {
  const story = new Story()
  const first = story.begin()
  story.answer(first, declined)
  const second = story.pay()
  assert.notEqual(first, second)
  assert.equal(representative(story.payment)?.transactionId, second)
  assert.equal(status(story), 'PAID')
})

test('the paid attempt stands for the payment, even when a later one exists', () => {
  const story = new Story()
  const account = story.openAccount()
  story.answer(story.begin(), declined)
  assert.equal(status(story), 'FAILED')
  story.deposit(account)
  assert.equal(representative(story.payment)?.transactionId, account)
})

test('what is paid, in whatever state since, is never paid again', () => {
  const story = new Story()
  story.pay()
  const refused = () => assert.equal(refusalType(tryAgain(story)), 'ALREADY_PAID')
  refused()
  story.cancel({ amount: 1 })
  refused()
  story.cancel()
  refused()
})

test('an attempt whose result is out blocks others; a waiting account does not', () => {
  const approving = new Story()
  const transactionId = approving.begin()
  assert.equal(refusalType(tryAgain(approving)), 'ALREADY_PAID')
  approving.answer(transactionId, pending)
  assert.equal(statusOf(approving.attempt(transactionId)), 'PAY_PENDING')
  assert.equal(refusalType(tryAgain(approving)), 'ALREADY_PAID')
  const waiting = new Story()
  waiting.openAccount()
  assert.ok(Array.isArray(tryAgain(waiting)))
})

test('a payment is tried so many times and no more', () => {
  const story = new Story()
  for (let index = 0; index < maximumAttempts; index++) story.answer(story.begin(), declined)
  assert.equal(refusalType(tryAgain(story)), 'MAX_TRANSACTION_COUNT_REACHED')
})

test('what was pre-registered must be what is paid; only what was given is compared, and the last one counts', () => {
  const story = new Story()
  const announce = (expected: Parameters<typeof preRegister>[1]) =>
    story.decide((payment) => preRegister(payment, expected))
  announce({ totalAmount: 9_999 })
  assert.equal(refusalType(tryAgain(story)), 'INVALID_REQUEST')
  announce({ taxFreeAmount: 1 })
  assert.equal(refusalType(tryAgain(story)), 'INVALID_REQUEST')
  announce({ currency: 'USD' })
  assert.equal(refusalType(tryAgain(story)), 'INVALID_REQUEST')
  assert.equal(representative(story.payment), undefined, 'a payment that is only announced cannot be seen')
  announce({ totalAmount: 10_000 })
  story.pay()
  assert.equal(refusalType(announce({})), 'ALREADY_PAID')
})

test('a pending approval is PAY_PENDING until the PG says how it ended', () => {
  for (const [known, phase, news] of [
    [{ state: 'APPROVED', approval: approval(), captured: true }, 'PAID', 'Transaction.Paid ASYNC_PAY_APPROVED'],
    [{ state: 'FAILED', failure: declined.failure }, 'FAILED', 'Transaction.Failed ASYNC_PAY_FAILED'],
  ] as const) {
    const story = new Story()
    const transactionId = story.begin()
    story.answer(transactionId, pending)
    story.pass(minute)
    story.learn(transactionId, { state: 'PENDING', pgTransactionId: 'pg' })
    story.learn(transactionId, known)
    assert.equal(story.attempt(transactionId).phase, phase)
    assert.deepEqual(story.news(), ['Transaction.PayPending', news])
  }
})

test('an attempt in doubt takes whatever the PG says of it', () => {
  for (const [known, phase] of [
    [{ state: 'APPROVED', approval: approval(), captured: true }, 'PAID'],
    [{ state: 'FAILED', failure: declined.failure }, 'FAILED'],
    [{ state: 'PENDING', pgTransactionId: 'pg' }, 'PAY_PENDING'],
    [{ state: 'WAITING_FOR_DEPOSIT', virtualAccount: virtualAccount() }, 'VIRTUAL_ACCOUNT_ISSUED'],
    [{ state: 'DEPOSITED', virtualAccount: virtualAccount(), deposit: { paidAt: start } }, 'PAID'],
    [{ state: 'CLOSED', closedAt: start }, 'FAILED'],
    [unknown, 'APPROVING'],
  ] as const) {
    const story = new Story()
    const transactionId = story.begin()
    story.answer(transactionId, unknown)
    story.learn(transactionId, known)
    assert.equal(story.attempt(transactionId).phase, phase)
    assert.equal(story.attempt(transactionId).inquiry !== undefined, phase === 'APPROVING' || phase === 'PAY_PENDING')
  }
})

test('a pending issue that ends in an account, or in none, is decided', () => {
  const pendingStory = () => {
    const story = new Story()
    const transactionId = story.begin()
    story.answer(transactionId, pending)
    return { story, transactionId }
  }
  const open = pendingStory()
  open.story.learn(open.transactionId, { state: 'WAITING_FOR_DEPOSIT', virtualAccount: virtualAccount() })
  assert.equal(open.story.attempt(open.transactionId).phase, 'VIRTUAL_ACCOUNT_ISSUED')
  const closed = pendingStory()
  closed.story.learn(closed.transactionId, { state: 'CLOSED', closedAt: start })
  assert.equal(closed.story.attempt(closed.transactionId).phase, 'FAILED')
})

test('"no such transaction" counts only once the PG cannot be executing the call any more', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, unknown)
  story.learn(transactionId, { state: 'NONE' })
  story.pass(mayActWithin - 1)
  story.learn(transactionId, { state: 'NONE' })
  assert.equal(story.attempt(transactionId).phase, 'APPROVING')
  story.pass(1)
  story.learn(transactionId, { state: 'NONE' })
  assert.equal(story.attempt(transactionId).failure?.pgCode, 'NARU_NOT_EXECUTED')
})

test('a pending payment that the PG forgot is never given up', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, pending)
  story.pass(day)
  story.learn(transactionId, { state: 'NONE' })
  assert.equal(story.attempt(transactionId).phase, 'PAY_PENDING')
})

test('a charge that turns out to have been made after all is paid: the money did move', () => {
  const notified = new Story()
  const refused = notified.begin()
  notified.answer(refused, declined)
  notified.learn(refused, { state: 'APPROVED', approval: approval(), captured: true })
  assert.equal(notified.attempt(refused).phase, 'PAID')
  assert.equal(notified.attempt(refused).failure, undefined)
  assert.deepEqual(notified.news(), ['Transaction.Failed', 'Transaction.Paid ASYNC_PAY_APPROVED'])
  const answeredLate = new Story()
  const slow = answeredLate.begin()
  answeredLate.pass(mayActWithin)
  for (let asked = 0; asked < 3; asked++) answeredLate.learn(slow, { state: 'NONE' })
  assert.equal(answeredLate.attempt(slow).phase, 'FAILED')
  answeredLate.answer(slow, done(approval()))
  assert.equal(answeredLate.attempt(slow).phase, 'PAID')
})

test("the PG's own answer counts when an inquiry learned before that it is pending", () => {
  for (const [outcome, phase] of [
    [done(approval()), 'PAID'],
    [declined, 'FAILED'],
    [unknown, 'PAY_PENDING'],
    [pending, 'PAY_PENDING'],
  ] as const) {
    const story = new Story()
    const transactionId = story.begin()
    story.learn(transactionId, { state: 'PENDING', pgTransactionId: 'pg' })
    story.answer(transactionId, outcome)
    assert.equal(story.attempt(transactionId).phase, phase)
  }
})

test('answers about an attempt that is decided change nothing', () => {
  const story = new Story()
  const transactionId = story.pay()
  for (const outcome of [done(approval()), done(virtualAccount()), declined, pending, unknown])
    assert.deepEqual(story.answer(transactionId, outcome), [])
})
