import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from '../../kernel/clock.ts'
import { cancellableBalance } from '../state/amount.ts'
import { statusOf } from '../state/payment.ts'
import {
  declined,
  done,
  expectEvents,
  mayActWithin,
  pending,
  refunded,
  refusalType,
  Story,
  unknown,
} from '../testing/story.ts'
import { type CancelCommand, maximumCancellations } from './cancellation.ts'
import { settleCancellationByInquiry } from './settle-cancellation.ts'
import { requestStop, settleStop } from './stop-cancellation.ts'

type Amounts = Pick<CancelCommand, 'amount' | 'taxFreeAmount' | 'vatAmount' | 'currentCancellableAmount'>

const partsOf = ({ totalAmount, taxFreeAmount, vatAmount }: ReturnType<Story['cancel']>) => [
  totalAmount,
  taxFreeAmount,
  vatAmount,
]

const paid = (amount: { total: number; taxFree: number; vat: number }) => {
  const story = new Story()
  return { story, transactionId: story.pay(amount) }
}

const half = () => {
  const { story, transactionId } = paid({ total: 55_000, taxFree: 33_000, vat: 2_000 })
  story.cancel({ amount: 11_000, taxFreeAmount: 11_000 })
  story.cancel({ amount: 5_000 })
  return { story, transactionId }
}

test('partial refunds of a mixed order: each takes its parts, the last takes all that is left', () => {
  const { story, transactionId } = paid({ total: 55_000, taxFree: 33_000, vat: 2_000 })
  const balance = () => Object.values(cancellableBalance(story.attempt(transactionId)))
  assert.deepEqual(partsOf(story.cancel({ amount: 11_000, taxFreeAmount: 11_000 })), [11_000, 11_000, 0])
  assert.deepEqual(balance(), [44_000, 22_000, 22_000, 2_000])
  assert.deepEqual(partsOf(story.cancel({ amount: 5_000 })), [5_000, 0, 455])
  assert.deepEqual(balance(), [39_000, 22_000, 17_000, 1_545])
  assert.equal(story.attempt(transactionId).phase, 'PARTIAL_CANCELLED')
  assert.deepEqual(partsOf(story.cancel()), [39_000, 22_000, 1_545])
  assert.deepEqual(balance(), [0, 0, 0, 0])
  assert.equal(story.attempt(transactionId).phase, 'CANCELLED')
})

const refusals: readonly (Amounts & { readonly type: string; readonly why: string })[] = [
  { amount: 20_000, type: 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT', why: '20 000 > 17 000 taxable' },
  {
    amount: 30_000,
    taxFreeAmount: 23_000,
    type: 'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
    why: '23 000 > 22 000 tax-free',
  },
  {
    amount: 1_000,
    taxFreeAmount: 800,
    vatAmount: 300,
    type: 'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
    why: '1 100 > 1 000',
  },
  { amount: 39_001, type: 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT', why: '39 001 > 39 000' },
  { currentCancellableAmount: 40_000, type: 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN', why: '39 000 is left' },
  {
    amount: 17_000,
    vatAmount: 1_546,
    type: 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
    why: 'VAT 1 545 is left',
  },
]

for (const { type, why, ...amounts } of refusals)
  test(`${JSON.stringify(amounts)} of what is left is refused with ${type}: ${why}`, () => {
    const { story } = half()
    const before = story.payment
    assert.equal(refusalType(story.requestCancel(amounts)), type)
    assert.equal(story.payment, before)
  })

test('the checks come in order: consistency, parts, amount, tax-free, tax', () => {
  const { story } = half()
  const wrong = { currentCancellableAmount: 1, amount: 50_000, taxFreeAmount: 40_000, vatAmount: 20_000 }
  const type = (amounts: Amounts) => refusalType(story.requestCancel(amounts))
  assert.equal(type(wrong), 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN')
  const consistent = { ...wrong, currentCancellableAmount: 39_000 }
  assert.equal(type(consistent), 'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT')
  assert.equal(type({ ...consistent, vatAmount: 2_000 }), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
  const smaller = { ...consistent, amount: 39_000, vatAmount: 2_000, taxFreeAmount: 37_000 }
  assert.equal(type(smaller), 'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT')
  assert.equal(type({ ...smaller, taxFreeAmount: 22_000 }), 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT')
})

test('VAT does not drift: 1 000 cancelled as 333 + 333 + rest takes 30 + 30 + 31', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const cancel = (amount?: number) => story.cancel(amount === undefined ? {} : { amount }).vatAmount
  assert.deepEqual([cancel(333), cancel(333), cancel()], [30, 30, 31])
})

test('the last part takes the rest of the VAT when its amount is given, too', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  story.cancel({ amount: 666 })
  assert.equal(story.cancel({ amount: 334 }).vatAmount, 30)
  assert.equal(story.attempt(story.payment.attempts[0]?.transactionId ?? '').phase, 'CANCELLED')
})

test('refunds too small to carry VAT leave no more VAT than money', () => {
  const { story } = paid({ total: 100, taxFree: 0, vat: 9 })
  for (let index = 0; index < 18; index++) assert.equal(story.cancel({ amount: 5 }).vatAmount, 0)
  assert.deepEqual(partsOf(story.cancel({ amount: 5 })), [5, 0, 4])
  assert.deepEqual(partsOf(story.cancel()), [5, 0, 5])
})

test('a merchant may give VAT of its own, also one that leaves some over at the end', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  for (const amount of [333, 333, 334]) assert.equal(story.cancel({ amount, vatAmount: 30 }).vatAmount, 30)
  assert.equal(story.payment.attempts[0]?.phase, 'CANCELLED')
})

test('VAT that was given too low leaves a rest that can still be refunded', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  assert.deepEqual(partsOf(story.cancel({ amount: 950, vatAmount: 0 })), [950, 0, 0])
  assert.deepEqual(partsOf(story.cancel()), [50, 0, 50])
})

test('without an amount, tax-free and VAT are all that is left too, unless given', () => {
  const taxFreeOnly = paid({ total: 1_000, taxFree: 1_000, vat: 0 })
  assert.deepEqual(partsOf(taxFreeOnly.story.cancel()), [1_000, 1_000, 0])
  const mixed = paid({ total: 1_000, taxFree: 500, vat: 45 })
  assert.equal(
    refusalType(mixed.story.requestCancel({ taxFreeAmount: 0 })),
    'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
  )
  assert.deepEqual(partsOf(mixed.story.cancel({ taxFreeAmount: 500 })), [1_000, 500, 45])
})

test('what is not paid cannot be cancelled', () => {
  const story = new Story()
  assert.equal(refusalType(story.requestCancel()), 'PAYMENT_NOT_FOUND')
  const transactionId = story.begin()
  assert.equal(refusalType(story.requestCancel()), 'PAYMENT_NOT_PAID')
  story.answer(transactionId, declined)
  assert.equal(refusalType(story.requestCancel()), 'PAYMENT_NOT_PAID')
  story.openAccount()
  assert.equal(refusalType(story.requestCancel()), 'PAYMENT_NOT_PAID')
})

test('a payment cancelled in full is ALREADY_CANCELLED, whatever the amounts', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  story.cancel()
  for (const amounts of [{ amount: 1 }, { currentCancellableAmount: 5 }, { taxFreeAmount: 9_999 }])
    assert.equal(refusalType(story.requestCancel(amounts)), 'PAYMENT_ALREADY_CANCELLED')
})

test('cancelling in full goes from PAID to CANCELLED at once and announces only that', () => {
  const { story, transactionId } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  story.cancel()
  assert.equal(story.attempt(transactionId).phase, 'CANCELLED')
  assert.deepEqual(story.news(), ['Transaction.Paid', 'Transaction.Cancelled'])
})

test('money paid into a virtual account is refunded only to an account; a card needs none', () => {
  const card = paid({ total: 1_000, taxFree: 0, vat: 91 })
  assert.ok(Array.isArray(card.story.requestCancel({ refundAccountFault: 'none' })))
  const story = new Story()
  story.deposit(story.openAccount())
  assert.equal(refusalType(story.requestCancel({ refundAccountFault: 'none' })), 'INVALID_REQUEST')
  assert.equal(story.cancel().status, 'SUCCEEDED')
})

test('a payment takes so many cancellations and no more, failed ones included', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  for (let index = 0; index < maximumCancellations; index++)
    story.answerCancel(story.beginCancel({ amount: 1 }).id, declined)
  assert.equal(refusalType(story.requestCancel({ amount: 1 })), 'MAX_CANCEL_COUNT_REACHED')
})

test('two cancellations at once never share the same money', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  story.beginCancel({ amount: 600 })
  assert.equal(refusalType(story.requestCancel({ amount: 600 })), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
  story.beginCancel({ amount: 400 })
  assert.equal(refusalType(story.requestCancel()), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
})

test('a refused refund gives its amount back and changes no status', () => {
  const { story, transactionId } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const { id } = story.beginCancel({ amount: 600 })
  story.answerCancel(id, declined)
  assert.equal(story.cancellation(id).status, 'FAILED')
  assert.equal(story.attempt(transactionId).phase, 'PAID')
  story.cancel()
  assert.equal(story.attempt(transactionId).phase, 'CANCELLED')
})

const inquire = (story: Story, id: string, outcome: Parameters<typeof settleCancellationByInquiry>[3]) =>
  story.decide((payment, now) =>
    settleCancellationByInquiry(payment, story.attemptWith(id).transactionId, id, outcome, mayActWithin, now),
  )

test('an accepted refund keeps the status, and completes when the PG says so', () => {
  const { story, transactionId } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const { id } = story.beginCancel({ skipWebhook: true })
  story.answerCancel(id, pending)
  assert.equal(statusOf(story.attempt(transactionId)), 'PAID')
  assert.equal(story.cancellation(id).status, 'REQUESTED')
  inquire(story, id, done({ state: 'SUCCEEDED', cancellation: { pgCancellationId: 'pg', cancelledAt: story.now } }))
  assert.equal(story.attempt(transactionId).phase, 'CANCELLED')
  assert.deepEqual(story.news().slice(1), ['Transaction.CancelPending', 'Transaction.Cancelled ASYNC_CANCEL_APPROVED'])
})

test('a refund whose answer is lost is asked about at once, and fails only when the PG cannot execute it any more', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const { id } = story.beginCancel()
  story.answerCancel(id, unknown)
  assert.equal(story.cancellation(id).inquiry?.nextAt, story.now)
  inquire(story, id, done({ state: 'NONE' }))
  story.pass(mayActWithin - 1)
  inquire(story, id, done({ state: 'NONE' }))
  assert.equal(story.cancellation(id).status, 'REQUESTED')
  story.pass(1)
  inquire(story, id, done({ state: 'NONE' }))
  assert.equal(story.cancellation(id).status, 'FAILED')
  assert.equal(story.cancellation(id).failure?.pgCode, 'NARU_NOT_EXECUTED')
})

test('only a refund that the PG has pending can be stopped; stopping gives its amount back', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const stop = (id: string) => story.decide((payment, now) => requestStop(payment, id, now))
  assert.equal(refusalType(stop('nothing')), 'PAYMENT_CANCELLATION_NOT_FOUND')
  const { id } = story.beginCancel()
  assert.equal(refusalType(stop(id)), 'PAYMENT_CANCELLATION_NOT_PENDING')
  story.answerCancel(id, pending)
  expectEvents(stop(id))
  assert.equal(refusalType(stop(id)), 'PAYMENT_CANCELLATION_NOT_PENDING')
  const { transactionId } = story.attemptWith(id)
  story.decide((payment, now) => settleStop(payment, transactionId, id, done({ at: story.now }), now))
  assert.equal(story.cancellation(id).status, 'FAILED')
  assert.equal(story.cancellation(id).stoppedAt, story.now)
  story.cancel()
  assert.equal(refusalType(stop(id)), 'PAYMENT_CANCELLATION_NOT_PENDING')
  assert.equal(refusalType(new Story().decide((payment, now) => requestStop(payment, id, now))), 'PAYMENT_NOT_FOUND')
})

test('a stop that is refused or lost leaves the refund pending, and asked about', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const { id } = story.beginCancel()
  story.answerCancel(id, pending)
  const { transactionId } = story.attemptWith(id)
  for (const outcome of [declined, unknown]) {
    expectEvents(story.decide((payment, now) => requestStop(payment, id, now)))
    story.decide((payment, now) => settleStop(payment, transactionId, id, outcome, now))
    assert.equal(story.cancellation(id).status, 'REQUESTED')
    assert.ok(story.cancellation(id).inquiry)
  }
  assert.equal(story.cancellation(id).stopping, true)
  story.pass(minute)
  inquire(story, id, done({ state: 'PENDING' }))
  assert.equal(story.cancellation(id).stopping, undefined)
  inquire(story, id, done({ state: 'STOPPED', stoppedAt: story.now }))
  assert.equal(story.cancellation(id).status, 'FAILED')
})

test('answers about a refund that is decided change nothing', () => {
  const { story } = paid({ total: 1_000, taxFree: 0, vat: 91 })
  const { id } = story.cancel({ amount: 400 })
  for (const outcome of [refunded(story.now), declined, pending, unknown])
    assert.deepEqual(story.answerCancel(id, outcome), [])
  for (const state of ['NONE', 'PENDING'] as const) assert.deepEqual(inquire(story, id, done({ state })), [])
})
