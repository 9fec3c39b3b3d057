import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { nextDueAt } from '../state/due.ts'
import { statusOf } from '../state/payment.ts'
import { reversalReference } from '../state/reversal.ts'
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
import { knownReversal, type settleReversal } from './reversal.ts'

const settle = (story: Story, id: string, outcome: Parameters<typeof settleReversal>[2]) =>
  story.answerReversal(id, outcome)

const refusalMessage = (decided: unknown) => (decided instanceof Refusal ? decided.body.message : decided)

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
  for (const outcome of [unknown, unknown, unknown]) {
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

/** A charge of another amount that the PG accepts to give back, later. */
const accepting = () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, done(approval({ amount: 10_001 })))
  settle(story, transactionId, pending)
  return { story, transactionId, attempt: () => story.attempt(transactionId) }
}

test('where the PG accepts to, the attempt fails with its cause, holds up no other, and is looked at until it is done', () => {
  const { story, transactionId, attempt } = accepting()
  const { phase, failure, failedAt, pgTransactionId } = attempt()
  assert.deepEqual([phase, failure?.pgCode, failedAt], ['FAILED', 'NARU_AMOUNT_MISMATCH', story.now])
  assert.deepEqual(story.news(), ['Transaction.Failed'])
  assert.match(String(refusalMessage(story.requestCancel())), /has accepted to refund it: there is nothing to do/)
  // Another server, which has asked at the same moment.
  for (const outcome of [pending, unknown]) assert.deepEqual(settle(story, transactionId, outcome), [])
  story.pay()
  const reference = reversalReference(attempt())
  for (const outcome of [pending, unknown, pending]) {
    const due = nextDueAt(story.payment) ?? 0
    assert.ok(due >= story.now + 5 * minute)
    story.now = due
    settle(story, transactionId, outcome)
    assert.deepEqual([attempt().phase, attempt().failure], ['FAILED', failure])
    assert.deepEqual([reversalReference(attempt()), attempt().pgTransactionId], [reference, pgTransactionId])
  }
  const told = story.news()
  settle(story, transactionId, refunded(story.now))
  assert.deepEqual([attempt().returnedAt, attempt().failedAt, attempt().failure], [story.now, failedAt, failure])
  assert.deepEqual(story.news(), told)
  assert.equal(nextDueAt(story.payment), undefined)
  assert.deepEqual(settle(story, transactionId, declined), [])
})

test('one that it accepted and does not make after all is asked for again, as one that it refused', () => {
  const { story, transactionId, attempt } = accepting()
  const { failedAt } = attempt()
  const first = reversalReference(attempt())
  story.now = nextDueAt(story.payment) ?? 0
  settle(story, transactionId, declined)
  assert.deepEqual([attempt().phase, attempt().failedAt], ['FAILED', failedAt])
  assert.match(
    attempt().failure?.pgMessage ?? '',
    /charged 10001 .+\(NARU_AMOUNT_MISMATCH\).+ \[DECLINED\] Card declined$/,
  )
  assert.deepEqual(story.news(), ['Transaction.Failed', 'Transaction.Failed'])
  assert.equal(reversalReference(attempt()), `${first}-2`)
  assert.equal(nextDueAt(story.payment), story.now + 5 * minute)
  // The other server, which heard of the same failure.
  assert.deepEqual(story.answerReversal(transactionId, declined, first), [])
  settle(story, transactionId, refunded(story.now))
  assert.deepEqual([attempt().failure?.pgCode, attempt().returnedAt], ['NARU_AMOUNT_MISMATCH', story.now])
  assert.equal(story.news().length, 3)
  assert.equal(nextDueAt(story.payment), undefined)
})

/** A charge of another amount that the PG refuses to give back. */
const refusing = () => {
  const story = new Story()
  const transactionId = story.begin()
  story.answer(transactionId, done(approval({ amount: 10_001 })))
  settle(story, transactionId, declined)
  return { story, transactionId, attempt: () => story.attempt(transactionId) }
}

test('where the PG refuses, the attempt fails, says what the PG has, and holds up no other', () => {
  const { story, attempt } = refusing()
  const { phase, failure, failedAt } = attempt()
  assert.deepEqual([phase, failure?.pgCode, failedAt], ['FAILED', 'NARU_NOT_REFUNDED', story.now])
  assert.match(failure?.pgMessage ?? '', /charged 10001 .+\(NARU_AMOUNT_MISMATCH\).+ \[DECLINED\] Card declined$/)
  assert.deepEqual(story.news(), ['Transaction.Failed'])
  assert.match(
    String(refusalMessage(story.requestCancel())),
    /refuses to refund it: settle it with the payment gateway/,
  )
  story.pay()
  assert.equal(story.payment.attempts.at(-1)?.phase, 'PAID')
})

test('it is asked again, ever less often, each time as another refund; once it gives the money back nothing is due', () => {
  const { story, transactionId, attempt } = refusing()
  const references: string[] = []
  const waits: number[] = []
  for (const outcome of [declined, unknown, pending, declined]) {
    const due = nextDueAt(story.payment) ?? 0
    waits.push((due - story.now) / minute)
    story.now = due
    references.push(reversalReference(attempt()))
    settle(story, transactionId, outcome)
    assert.deepEqual([attempt().phase, attempt().failure?.pgCode], ['FAILED', 'NARU_NOT_REFUNDED'])
  }
  const [first, ...others] = references.map((reference) => reference.replace(transactionId, ''))
  assert.deepEqual([first, ...others], ['-reversal-2', '-reversal-3', '-reversal-3', '-reversal-3'])
  assert.equal(waits[0], 5)
  assert.deepEqual(story.news(), ['Transaction.Failed'])
  const { failedAt } = attempt()
  story.pass(minute)
  settle(story, transactionId, refunded(story.now))
  assert.deepEqual([attempt().failure?.pgCode, attempt().failedAt], ['NARU_AMOUNT_MISMATCH', failedAt])
  assert.deepEqual([attempt().returnedAt, attempt().refusedReversal], [story.now, undefined])
  assert.deepEqual(story.news(), ['Transaction.Failed', 'Transaction.Failed'])
  assert.equal(nextDueAt(story.payment), undefined)
  assert.match(String(refusalMessage(story.requestCancel())), /has been refunded/)
})

test('of two servers that ask at once, a refusal counts once, and a success whichever comes first', () => {
  const { story, transactionId, attempt } = refusing()
  const first = `${transactionId}-reversal`
  for (const outcome of [declined, unknown, pending])
    assert.deepEqual(story.answerReversal(transactionId, outcome, first), [])
  story.answerReversal(transactionId, refunded(story.now), first)
  assert.equal(attempt().failure?.pgCode, 'NARU_AMOUNT_MISMATCH')
  assert.deepEqual(story.answerReversal(transactionId, declined, first), [])
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

test('a refund is asked for where the PG knows of none, and not again while it has accepted it', () => {
  const cancellation = { pgCancellationId: 'pg', cancelledAt: 1 }
  const { failure } = declined
  assert.deepEqual(knownReversal(done({ state: 'SUCCEEDED', cancellation })), done(cancellation))
  assert.deepEqual(knownReversal(done({ state: 'FAILED', failure })), declined)
  assert.equal(knownReversal(done({ state: 'PENDING' }))?.kind, 'pending')
  assert.equal(knownReversal(done({ state: 'STOPPED', stoppedAt: 1 }))?.kind, 'failed')
  assert.equal(knownReversal(done({ state: 'NONE' })), undefined)
  assert.equal(knownReversal(unknown), undefined)
})

test('answers about a reversal that is not under way change nothing', () => {
  const story = new Story()
  assert.deepEqual(settle(story, story.pay(), refunded(story.now)), [])
})
