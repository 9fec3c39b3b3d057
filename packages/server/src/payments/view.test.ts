import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute, toIso } from '../kernel/clock.ts'
import { requestStop, settleStop } from './rules/stop-cancellation.ts'
import { representative } from './state/payment.ts'
import { declined, done, expectEvents, pending, Story, start } from './testing/story.ts'
import { eventView, paymentView, transactionView } from './view.ts'

const shown = (story: Story) => {
  const attempt = representative(story.payment)
  assert.ok(attempt)
  return paymentView(story.payment, attempt, [])
}

test('a paid payment shows its disputes, possibly none, and its transaction does not', () => {
  const story = new Story()
  const transactionId = story.pay()
  const payment = shown(story)
  assert.ok(payment.status === 'PAID')
  assert.deepEqual([payment.disputes, payment.cancellations, payment.paidAt], [[], undefined, toIso(start)])
  const transaction = transactionView(story.payment, story.attempt(transactionId), [])
  assert.deepEqual([transaction.id, transaction.paymentId], [transactionId, 'order-1'])
  assert.ok(!('disputes' in transaction) && !('origin' in transaction))
})

test('a paid payment shows the refunds that failed or are under way', () => {
  const story = new Story()
  story.pay()
  story.answerCancel(story.beginCancel({ amount: 1 }).id, declined)
  story.answerCancel(story.beginCancel({ amount: 2 }).id, pending)
  const payment = shown(story)
  assert.ok(payment.status === 'PAID')
  assert.deepEqual(
    payment.cancellations?.map(({ status }) => status),
    ['FAILED', 'REQUESTED'],
  )
})

test('a cancelled payment shows when the last refund completed, and still what it paid', () => {
  const story = new Story()
  story.pay()
  story.cancel({ amount: 1 })
  story.pass(minute)
  story.cancel()
  const payment = shown(story)
  assert.ok(payment.status === 'CANCELLED')
  assert.equal(payment.cancelledAt, toIso(start + minute))
  assert.deepEqual([payment.amount.paid, payment.amount.cancelled], [10_000, 10_000])
  assert.ok(!('disputes' in payment) && !('pgResponse' in payment))
})

test('a failed payment shows why', () => {
  const story = new Story()
  story.answer(story.begin(), declined)
  const payment = shown(story)
  assert.ok(payment.status === 'FAILED')
  assert.equal(payment.failure.reason, '[DECLINED] Card declined')
  assert.equal(payment.amount.paid, 10_000)
})

test('absent fields are left out, never null or undefined', () => {
  const story = new Story()
  story.pay()
  const payment = shown(story)
  assert.deepEqual(JSON.parse(JSON.stringify(payment)), payment)
  assert.ok(!Object.values(payment).includes(undefined))
})

test('pay 10 000, cancel 3 000, cancel the rest: events of +10 000, −3 000 and −7 000, each as of then', () => {
  const story = new Story()
  story.pay()
  story.cancel({ amount: 3_000 })
  story.cancel()
  const events = story.journal.flatMap(({ event, at, after }) => {
    if (event.type !== 'Approved' && event.type !== 'CancellationSucceeded') return []
    const cancellationId = event.type === 'CancellationSucceeded' ? event.cancellationId : undefined
    return [eventView({ payment: after, transactionId: event.transactionId, cancellationId, at }, [])]
  })
  assert.deepEqual(
    events.map(({ type, eventAmount, totalAmount }) => [type, eventAmount, totalAmount.cancelled]),
    [
      ['PAID', 10_000, 0],
      ['PARTIAL_CANCELLED', -3_000, 3_000],
      ['CANCELLED', -7_000, 10_000],
    ],
  )
})

test('a deposit shows how far its refund has come; a card has nothing of the kind', () => {
  const story = new Story()
  story.deposit(story.openAccount())
  const status = () => {
    const { method } = shown(story)
    assert.ok(method?.type === 'PaymentMethodVirtualAccount')
    return method.refundStatus
  }
  assert.equal(status(), undefined)
  const part = story.beginCancel({ amount: 1_000 })
  assert.equal(status(), 'PENDING')
  story.answerCancel(part.id, declined)
  assert.equal(status(), 'PARTIAL_REFUND_FAILED')
  story.answerCancel(story.beginCancel().id, declined)
  assert.equal(status(), 'FAILED')
  story.cancel({ amount: 1_000 })
  assert.equal(status(), 'COMPLETED')
  const last = story.beginCancel()
  story.answerCancel(last.id, pending)
  assert.equal(status(), 'PENDING')
  const { transactionId } = story.attemptWith(last.id)
  expectEvents(story.decide((payment, now) => requestStop(payment, last.id, now)))
  story.decide((payment, now) => settleStop(payment, transactionId, last.id, done({ at: now }), now))
  assert.equal(status(), 'COMPLETED', 'what was withdrawn did not fail')
  const card = new Story()
  card.pay()
  card.cancel()
  assert.ok(!JSON.stringify(shown(card)).includes('refundStatus'))
})
