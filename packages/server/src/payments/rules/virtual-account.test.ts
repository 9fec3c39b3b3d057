import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour, minute } from '../../kernel/clock.ts'
import { nextDueAt } from '../state/due.ts'
import {
  declined,
  done,
  expectEvents,
  mayActWithin,
  refusalType,
  Story,
  start,
  unknown,
  virtualAccount,
} from '../testing/story.ts'
import { expire, isExpired, requestClose, settleClose, settleCloseByInquiry } from './virtual-account.ts'

const waiting = { state: 'WAITING_FOR_DEPOSIT', virtualAccount: virtualAccount() } as const
const close = (story: Story) => story.decide((payment, now) => requestClose(payment, undefined, now))
const answerClose = (story: Story, id: string, outcome: Parameters<typeof settleClose>[2]) =>
  story.decide((payment, now) => settleClose(payment, id, outcome, now))
const askAboutClose = (story: Story, id: string, outcome: Parameters<typeof settleCloseByInquiry>[2]) => {
  const decided = settleCloseByInquiry(story.payment, id, outcome, mayActWithin, story.now)
  return decided === 'retry' ? decided : story.decide(() => decided)
}
const runOut = (story: Story, id: string, outcome: Parameters<typeof expire>[2]) =>
  story.decide((payment, now) => expire(payment, id, outcome, mayActWithin, now))

test('an issued account waits until its deadline, and shows the deadline', () => {
  const story = new Story()
  const account = story.openAccount()
  const { phase, method, paidAt } = story.attempt(account)
  assert.deepEqual([phase, paidAt], ['VIRTUAL_ACCOUNT_ISSUED', undefined])
  assert.ok(method?.type === 'PaymentMethodVirtualAccount')
  assert.equal(method.expiredAt, '2026-03-03T00:00:00.000Z')
  assert.equal(nextDueAt(story.payment), start + day)
})

test('a deposit pays at the time of the deposit, and names who paid', () => {
  const story = new Story()
  const account = story.openAccount({}, { skipWebhook: true })
  story.pass(hour)
  story.deposit(account)
  const { phase, paidAt, method } = story.attempt(account)
  assert.deepEqual([phase, paidAt], ['PAID', start + hour])
  assert.ok(method?.type === 'PaymentMethodVirtualAccount')
  assert.equal(method.remitterName, '홍길동')
  assert.deepEqual(story.news(), ['Transaction.Paid VIRTUAL_ACCOUNT_DEPOSIT'])
  assert.deepEqual(story.deposit(account), [], 'the same deposit told twice')
})

test('a deposit may be announced before the issue is answered', () => {
  const story = new Story()
  const transactionId = story.begin()
  story.deposit(transactionId)
  assert.equal(story.attempt(transactionId).phase, 'PAID')
  assert.deepEqual(story.answer(transactionId, done(virtualAccount())), [])
})

test('closing fails the payment', () => {
  const story = new Story()
  const account = story.openAccount()
  expectEvents(close(story))
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
  answerClose(story, account, done({ at: story.now }))
  const { phase, closedAt, failure } = story.attempt(account)
  assert.deepEqual([phase, closedAt, failure?.pgCode], ['FAILED', story.now, 'NARU_ACCOUNT_CLOSED'])
  assert.deepEqual(story.news(), ['Transaction.VirtualAccountIssued', 'Transaction.Failed'])
  assert.equal(nextDueAt(story.payment), undefined)
})

test('closing closes every account of the order that is open, whatever was tried after them', () => {
  const story = new Story()
  const accounts = [story.openAccount(), story.openAccount()]
  story.answer(story.begin(), declined)
  expectEvents(close(story))
  for (const account of accounts) answerClose(story, account, done({ at: story.now }))
  for (const account of accounts) assert.equal(story.attempt(account).phase, 'FAILED')
  assert.equal(nextDueAt(story.payment), undefined)
})

test('also where the order is paid and the PG refused to close an account at first', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pay()
  answerClose(story, account, declined)
  expectEvents(close(story))
  answerClose(story, account, done({ at: story.now }))
  assert.equal(story.attempt(account).phase, 'FAILED')
})

test('nothing is closed while an attempt is undecided that may open another account', () => {
  const story = new Story()
  story.openAccount()
  story.begin()
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
})

test('the same request again closes nothing more', () => {
  const story = new Story()
  const account = story.openAccount()
  const closeOnce = () => story.decide((payment, now) => requestClose(payment, 'request-1', now))
  expectEvents(closeOnce())
  story.pass(minute)
  assert.deepEqual(closeOnce(), [])
  answerClose(story, account, declined)
  assert.deepEqual(closeOnce(), [])
})

test('only an account that waits can be closed', () => {
  const story = new Story()
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_FOUND')
  const transactionId = story.begin()
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
  story.answer(transactionId, declined)
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
  story.deposit(story.openAccount())
  assert.equal(refusalType(close(story)), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
})

test('a refused close leaves the account waiting', () => {
  const story = new Story()
  const account = story.openAccount()
  close(story)
  answerClose(story, account, declined)
  assert.equal(story.attempt(account).phase, 'VIRTUAL_ACCOUNT_ISSUED')
  assert.equal(nextDueAt(story.payment), start + day)
  expectEvents(close(story))
})

test('a close whose answer is lost is asked about: closed, deposited first, or to be closed again', () => {
  const lost = () => {
    const story = new Story()
    const account = story.openAccount()
    close(story)
    answerClose(story, account, unknown)
    assert.equal(nextDueAt(story.payment), story.now)
    return { story, account }
  }
  const closed = lost()
  askAboutClose(closed.story, closed.account, done({ state: 'CLOSED', closedAt: start }))
  assert.equal(closed.story.attempt(closed.account).phase, 'FAILED')
  const deposited = lost()
  const deposit = { state: 'DEPOSITED', virtualAccount: virtualAccount(), deposit: { paidAt: start } } as const
  askAboutClose(deposited.story, deposited.account, done(deposit))
  assert.equal(deposited.story.attempt(deposited.account).phase, 'PAID')
  assert.equal(deposited.story.attempt(deposited.account).closing, undefined)
  const open = lost()
  assert.equal(askAboutClose(open.story, open.account, done(waiting)), 'retry')
})

test('a close that never gets an answer is repeated with growing patience', () => {
  const story = new Story()
  const account = story.openAccount()
  close(story)
  const waits: number[] = []
  for (let call = 0; call < 6; call++) {
    answerClose(story, account, unknown)
    const due = story.attempt(account).closing?.inquiry.nextAt ?? 0
    waits.push((due - story.now) / 1_000)
    story.now = due
  }
  assert.deepEqual(waits, [0, 2, 5, 15, 60, 300])
})

test('an account expires at its deadline, not before', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pass(day - 1)
  assert.equal(isExpired(story.attempt(account), story.now), false)
  assert.deepEqual(runOut(story, account, done(waiting)), [])
  story.pass(1)
  runOut(story, account, done(waiting))
  assert.equal(story.attempt(account).phase, 'FAILED')
  assert.equal(story.attempt(account).failure?.pgMessage, 'The virtual account expired before the deposit was made.')
})

test('a deposit made before the deadline and never announced still counts', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pass(day)
  const deposit = { paidAt: start + day - minute }
  runOut(story, account, done({ state: 'DEPOSITED', virtualAccount: virtualAccount(), deposit }))
  assert.equal(story.attempt(account).paidAt, start + day - minute)
})

test('an account whose PG does not answer at the deadline is closed there first', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pass(day)
  runOut(story, account, unknown)
  assert.ok(story.attempt(account).closing)
  assert.equal(askAboutClose(story, account, done(waiting)), 'retry')
  answerClose(story, account, done({ at: story.now }))
  assert.equal(story.attempt(account).phase, 'FAILED')
})

test('a deposit that the PG took although the account was closed is money all the same', () => {
  const story = new Story()
  const account = story.openAccount()
  story.pass(day)
  runOut(story, account, done(waiting))
  story.deposit(account)
  const { phase, failure, closedAt } = story.attempt(account)
  assert.deepEqual([phase, failure, closedAt], ['PAID', undefined, undefined])
})

test('when one attempt is paid, the open accounts of the others are closed at once', () => {
  const story = new Story()
  const [first, second] = [story.openAccount(), story.openAccount()]
  story.pay()
  for (const account of [first, second]) assert.equal(story.attempt(account).closing?.inquiry.nextAt, story.now)
  answerClose(story, first, done({ at: story.now }))
  assert.equal(story.attempt(first).phase, 'FAILED')
})

test('so is an account that is only issued after the order was paid', () => {
  const story = new Story()
  const first = story.openAccount()
  const second = story.begin()
  story.deposit(first)
  story.answer(second, done(virtualAccount()))
  assert.equal(story.attempt(second).phase, 'VIRTUAL_ACCOUNT_ISSUED')
  assert.equal(story.attempt(second).closing?.inquiry.nextAt, story.now)
})

test('a deposit that the bank takes back changes nothing, nor does one that follows it', () => {
  const story = new Story()
  const account = story.openAccount()
  story.deposit(account)
  const paid = story.payment
  assert.deepEqual(story.learn(account, waiting), [])
  assert.deepEqual(story.deposit(account), [])
  assert.equal(story.payment, paid)
  assert.equal(nextDueAt(story.payment), undefined)
})
