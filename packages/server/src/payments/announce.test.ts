import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestCapture } from './rules/capture.ts'
import { openCheckout, preRegister, requestConfirmation } from './rules/checkout.ts'
import { requestClose, settleClose } from './rules/virtual-account.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  orderOf,
  pending,
  refunded,
  Story,
  unknown,
  virtualAccount,
} from './testing/story.ts'

const approved = { state: 'APPROVED', approval: approval(), captured: true } as const
const skipWebhook = true
const begin = (request = orderOf()) => {
  const story = new Story()
  return { story, transactionId: story.begin({ request }) }
}

test('an announcement says what happened to which payment, in which environment, and when', () => {
  const story = new Story()
  const transactionId = story.pay()
  assert.deepEqual(story.announcements, [
    {
      type: 'Transaction.Paid',
      storeId: 'store-1',
      paymentId: 'order-1',
      transactionId,
      environment: 'TEST',
      at: story.now,
      paymentStatus: 'PAID',
    },
  ])
})

test('each outcome of a call is announced without a trigger', () => {
  for (const [outcome, news] of [
    [done(approval()), ['Transaction.Paid']],
    [done(virtualAccount()), ['Transaction.VirtualAccountIssued']],
    [declined, ['Transaction.Failed']],
    [pending, ['Transaction.PayPending']],
    [unknown, []],
  ] as const) {
    const { story, transactionId } = begin()
    story.answer(transactionId, outcome)
    assert.deepEqual(story.news(), news)
  }
})

test('skipWebhook keeps quiet about a success that the answer tells, and about nothing else', () => {
  for (const [outcome, news] of [
    [done(approval()), []],
    [done(virtualAccount()), []],
    [declined, ['Transaction.Failed']],
    [pending, ['Transaction.PayPending']],
  ] as const) {
    const { story, transactionId } = begin(orderOf({}, { skipWebhook }))
    story.answer(transactionId, outcome)
    assert.deepEqual(story.news(), news)
  }
})

test('a lost answer that is found at once counts as the answer', () => {
  const { story, transactionId } = begin(orderOf({}, { skipWebhook }))
  story.answer(transactionId, unknown)
  story.learn(transactionId, approved)
  assert.deepEqual(story.news(), [])
})

test('a success that is learned only after a crash is announced: nobody was told of it', () => {
  const { story, transactionId } = begin(orderOf({}, { skipWebhook }))
  story.pass(15_000)
  story.learn(transactionId, approved)
  const { id } = story.beginCancel({ skipWebhook })
  story.pass(15_000)
  story.answerCancel(id, refunded(story.now))
  assert.deepEqual(story.news(), ['Transaction.Paid ASYNC_PAY_APPROVED', 'Transaction.Cancelled ASYNC_CANCEL_APPROVED'])
})

test('a result that stays unknown is announced as pending, once, and then as what it came to', () => {
  const { story, transactionId } = begin(orderOf({}, { skipWebhook }))
  story.pass(15_000)
  story.learn(transactionId, unknown)
  story.pass(2_000)
  story.learn(transactionId, unknown)
  story.answer(transactionId, unknown)
  story.learn(transactionId, unknown)
  story.learn(transactionId, { state: 'PENDING', pgTransactionId: 'pg' })
  story.learn(transactionId, approved)
  assert.deepEqual(story.news(), ['Transaction.PayPending ASYNC_PAY_PENDING', 'Transaction.Paid ASYNC_PAY_APPROVED'])
})

test('skipWebhook does not silence an asynchronous result', () => {
  const { story, transactionId } = begin(orderOf({}, { skipWebhook }))
  story.answer(transactionId, pending)
  story.learn(transactionId, approved)
  assert.deepEqual(story.news(), ['Transaction.PayPending', 'Transaction.Paid ASYNC_PAY_APPROVED'])
})

test('skipWebhook of a confirmation counts, not that of the checkout', () => {
  const confirmed = (opened: true | undefined, confirmedWith: true | undefined) => {
    const story = new Story()
    const authentication = { tokenDigest: 'digest', authorization: 'proof' }
    const attempt = attemptStart({ request: orderOf({}, { skipWebhook: opened }), authentication })
    const command = { tokenDigest: 'digest', skipWebhook: confirmedWith }
    story.decide((payment) => openCheckout(payment, attempt))
    story.decide((payment, now) => requestConfirmation(payment, command, now))
    story.answer('transaction', done(approval()))
    return story.news()
  }
  assert.deepEqual(confirmed(true, undefined), ['Transaction.Ready', 'Transaction.Paid'])
  assert.deepEqual(confirmed(undefined, true), ['Transaction.Ready'])
})

test('refunds are announced as partial until the last one', () => {
  const story = new Story()
  story.pay()
  story.cancel({ amount: 1_000 })
  story.cancel({ amount: 1_000 })
  story.cancel()
  assert.deepEqual(story.news().slice(1), [
    'Transaction.PartialCancelled',
    'Transaction.PartialCancelled',
    'Transaction.Cancelled',
  ])
  const ids = story.announcements.map((news) => ('cancellationId' in news ? news.cancellationId : undefined))
  assert.equal(new Set(ids).size, 4)
})

test('skipWebhook of a refund silences its synchronous success alone', () => {
  const story = new Story()
  story.pay()
  story.cancel({ amount: 1_000, skipWebhook })
  const accepted = story.beginCancel({ amount: 1_000, skipWebhook })
  story.answerCancel(accepted.id, pending)
  assert.deepEqual(story.news(), ['Transaction.Paid', 'Transaction.CancelPending'])
})

test('a refused refund is not announced', () => {
  const story = new Story()
  story.pay()
  story.answerCancel(story.beginCancel().id, declined)
  assert.deepEqual(story.news(), ['Transaction.Paid'])
})

test('a closed account is announced as failed, a refused close not at all', () => {
  const story = new Story()
  const account = story.openAccount()
  const close = (outcome: Parameters<typeof settleClose>[2]) => {
    story.decide((payment, now) => requestClose(payment, undefined, now))
    story.decide((payment, now) => settleClose(payment, account, outcome, now))
  }
  close(declined)
  close(done({ at: story.now }))
  assert.deepEqual(story.news(), ['Transaction.VirtualAccountIssued', 'Transaction.Failed'])
})

test('what only we know is not announced: pre-registrations, intents, captures', () => {
  const story = new Story()
  story.decide((payment) => preRegister(payment, {}))
  story.begin()
  assert.deepEqual(story.news(), [])
  const paid = new Story()
  paid.pay()
  paid.decide(requestCapture)
  paid.beginCancel()
  assert.deepEqual(paid.news(), ['Transaction.Paid'])
})

test("the request's own URLs also get what comes later", () => {
  const noticeUrls = ['https://shop.example/hooks']
  const story = new Story()
  story.deposit(story.openAccount({}, { noticeUrls }))
  const { id } = story.beginCancel()
  story.answerCancel(id, refunded(story.now))
  assert.equal(story.announcements.length, 3)
  for (const announcement of story.announcements) assert.deepEqual(announcement.noticeUrls, noticeUrls)
})
