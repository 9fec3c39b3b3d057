import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDueAt } from '../state/due.ts'
import {
  approval,
  declined,
  done,
  expectEvents,
  refusalType,
  Story,
  unknown,
  virtualAccount,
} from '../testing/story.ts'
import { requestCapture, settleCapture, settleCaptureByInquiry } from './capture.ts'

const begun = () => {
  const story = new Story()
  const transactionId = story.pay()
  expectEvents(story.decide(requestCapture))
  return { story, transactionId }
}
const settle = (story: Story, id: string, outcome: Parameters<typeof settleCapture>[2]) =>
  story.decide((payment, now) => settleCapture(payment, id, outcome, now))

test('capturing keeps the status and happens once', () => {
  const { story, transactionId } = begun()
  settle(story, transactionId, done({ at: story.now }))
  assert.deepEqual(story.attempt(transactionId).capture, { capturedAt: story.now })
  assert.equal(story.attempt(transactionId).phase, 'PAID')
  assert.deepEqual(story.decide(requestCapture), [])
  assert.equal(nextDueAt(story.payment), undefined)
})

test('a refused capture can be asked for again', () => {
  const { story, transactionId } = begun()
  settle(story, transactionId, declined)
  assert.equal(story.attempt(transactionId).capture, undefined)
  assert.equal(expectEvents(story.decide(requestCapture)).length, 1)
})

test('a capture whose answer is lost is asked about: done, or to be asked for again', () => {
  const { story, transactionId } = begun()
  settle(story, transactionId, unknown)
  assert.equal(nextDueAt(story.payment), story.now)
  const ask = (captured: boolean) =>
    settleCaptureByInquiry(
      story.payment,
      transactionId,
      done({ state: 'APPROVED', approval: approval(), captured }),
      story.now,
    )
  assert.equal(ask(false), 'retry')
  // Of a deposit there is nothing to capture: asked for again, the PG says so.
  const deposited = { state: 'DEPOSITED', virtualAccount: virtualAccount(), deposit: { paidAt: story.now } } as const
  assert.equal(settleCaptureByInquiry(story.payment, transactionId, done(deposited), story.now), 'retry')
  assert.deepEqual(ask(true), [{ type: 'Captured', transactionId, capturedAt: story.now }])
  const silent = settleCaptureByInquiry(story.payment, transactionId, unknown, story.now)
  assert.notEqual(silent, 'retry')
})

test('only what is paid and not refunded in full can be captured', () => {
  const story = new Story()
  assert.equal(refusalType(story.decide(requestCapture)), 'PAYMENT_NOT_FOUND')
  story.openAccount()
  assert.equal(refusalType(story.decide(requestCapture)), 'PAYMENT_NOT_PAID')
  story.pay()
  story.cancel({ amount: 1 })
  assert.equal(expectEvents(story.decide(requestCapture)).length, 1)
  story.cancel()
  assert.equal(refusalType(story.decide(requestCapture)), 'PAYMENT_NOT_PAID')
})
