import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { GatewayDispute } from '../../gateways/port/fulfilment.ts'
import type { GatewayPayment } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import { day, hour } from '../../kernel/clock.ts'
import { cancellableBalance } from '../state/amount.ts'
import type { PaymentEvent } from '../state/event.ts'
import type { AttemptPromotion } from '../state/payment.ts'
import { refundableAmount, remainingDiscount } from '../state/promotion.ts'
import { approval, declined, done, expectEvents, orderOf, Story, start, unknown } from '../testing/story.ts'
import { chargedBackParts, mayTellOfDisputes, settleDisputes } from './dispute.ts'

const tenPercent: AttemptPromotion = {
  promotionId: 'promotion-1',
  rule: { policy: { partitions: [{ amountFrom: 1, scheme: { type: 'PERCENT', percent: 10 } }] } },
  discount: 1_000,
  recovers: true,
  heldAmount: 1_000,
}

const discounted = (changes: Partial<AttemptPromotion> = {}, total = 10_000) => {
  const story = new Story()
  const promotion = { ...tenPercent, ...changes }
  const transactionId = story.begin({ request: orderOf({ total, taxFree: 0, vat: 0 }), promotion })
  story.answer(transactionId, done(approval({ amount: total - promotion.discount })))
  return { story, transactionId }
}

const lose = (story: Story, transactionId: string, amount: number, pgDisputeId = 'dispute-1') =>
  expectEvents(
    story.decide((payment, now) => {
      const chargeback = { pgCancellationId: `${pgDisputeId}-chargeback`, amount }
      const dispute = { pgDisputeId, reason: 'not mine', createdAt: now, resolution: { at: now, chargeback } }
      const known = { state: 'APPROVED' as const, approval: approval(), captured: true, disputes: [dispute] }
      return settleDisputes(payment, transactionId, done(known), now)
    }),
  )

/** What the PG says of a payment and of one dispute of it. */
const disputed = (dispute: Partial<GatewayDispute> = {}) => ({
  state: 'APPROVED' as const,
  approval: approval(),
  captured: true,
  disputes: [{ pgDisputeId: 'dispute-1', reason: 'not mine', createdAt: start, ...dispute }],
})

const undisputed = { state: 'APPROVED', approval: approval(), captured: true } as const

const typesOf = (decided: readonly PaymentEvent[]) => decided.map(({ type }) => type)

test('a dispute is told once, looked at again after a day, and told when it ends', () => {
  const story = new Story()
  const transactionId = story.pay()
  const hear = (dispute: Partial<GatewayDispute> = {}) =>
    expectEvents(story.decide((payment, now) => settleDisputes(payment, transactionId, done(disputed(dispute)), now)))
  const nextLook = () => story.attempt(transactionId).disputeInquiry?.nextAt

  assert.deepEqual(typesOf(hear()), ['DisputeCreated'])
  assert.equal(nextLook(), story.now + day)
  story.pass(day - 1)
  assert.deepEqual(hear(), [], 'nothing new, and not yet time to look again')
  story.pass(1)
  assert.deepEqual(typesOf(hear()), ['InquiryPlanned'])
  assert.equal(story.attempt(transactionId).disputeInquiry?.count, 1)
  assert.equal(nextLook(), story.now + day)
  assert.equal(story.attempt(transactionId).disputeInquiry?.inDoubt, false)

  assert.deepEqual(typesOf(hear({ resolution: { at: story.now } })), ['DisputeResolved'])
  assert.equal(story.attempt(transactionId).phase, 'PAID', 'a dispute that was won takes nothing')
  assert.equal(nextLook(), undefined)
  assert.deepEqual(hear({ resolution: { at: story.now } }), [])
})

test('a dispute that was won is heard of and over in one', () => {
  const story = new Story()
  const transactionId = story.pay()
  const won = done(disputed({ resolution: { at: story.now } }))
  const decided = expectEvents(story.decide((payment, now) => settleDisputes(payment, transactionId, won, now)))
  assert.deepEqual(typesOf(decided), ['DisputeCreated', 'DisputeResolved'])
})

test('an answer tells of disputes where it speaks of them, or where one is being watched', () => {
  const story = new Story()
  const transactionId = story.pay()
  const tells = (outcome: Outcome<GatewayPayment>) => mayTellOfDisputes(story.attempt(transactionId), outcome)
  assert.deepEqual([tells(done(disputed())), tells(done(undisputed)), tells(unknown)], [true, false, false])
  assert.deepEqual([tells(done({ state: 'NONE' })), tells(declined)], [false, false])
  story.decide((payment, now) => settleDisputes(payment, transactionId, done(disputed()), now))
  assert.deepEqual([tells(done(undisputed)), tells(unknown)], [true, true])
  assert.deepEqual(
    expectEvents(story.decide((payment, now) => settleDisputes(payment, transactionId, unknown, now))),
    [],
    'no answer is no news',
  )
})

test('a chargeback of all the money cancels all of a discounted order, and its discount goes back', () => {
  const { story, transactionId } = discounted()
  lose(story, transactionId, 9_000)
  const attempt = story.attempt(transactionId)
  assert.equal(attempt.phase, 'CANCELLED')
  const [cancellation] = attempt.cancellations
  assert.equal(cancellation?.totalAmount, 10_000)
  assert.deepEqual(cancellation?.promotion, { option: 'RELEASE', refundAmount: 9_000, releasedDiscount: 1_000 })
})

test('a chargeback of a part takes as much of the order and leaves the discount to the rest', () => {
  const { story, transactionId } = discounted()
  lose(story, transactionId, 4_000)
  const attempt = story.attempt(transactionId)
  assert.equal(attempt.phase, 'PARTIAL_CANCELLED')
  assert.deepEqual(
    [cancellableBalance(attempt).total, refundableAmount(attempt), remainingDiscount(attempt)],
    [6_000, 5_000, 1_000],
  )
})

test('a chargeback says nothing about the option of a later partial cancellation', () => {
  const { story, transactionId } = discounted()
  lose(story, transactionId, 1_000)
  assert.equal(story.cancel({ amount: 1_000, promotionDiscountRetainOption: 'RELEASE' }).status, 'SUCCEEDED')
})

test('a chargeback of money that a refund under way still holds waits until the PG refuses that refund', () => {
  const { story, transactionId } = discounted()
  const refund = story.beginCancel({ amount: 5_000 })
  lose(story, transactionId, 9_000)
  const statuses = () => story.attempt(transactionId).disputes.map(({ status }) => status)
  assert.deepEqual(statuses(), ['UNRESOLVED'])
  story.pass(hour)
  story.answerCancel(refund.id, declined)
  assert.equal(story.attempt(transactionId).disputeInquiry?.nextAt, story.now, 'asked about at once')
  lose(story, transactionId, 9_000)
  assert.deepEqual(statuses(), ['RESOLVED'])
  assert.equal(story.attempt(transactionId).phase, 'CANCELLED')
})

test('the same chargeback heard twice is one', () => {
  const { story, transactionId } = discounted()
  lose(story, transactionId, 4_000)
  assert.deepEqual(
    lose(story, transactionId, 4_000).filter(({ type }) => type === 'CancellationRequested'),
    [],
  )
  assert.equal(story.attempt(transactionId).cancellations.length, 1)
})

test('whatever is taken back, no part of the order gets below 0, and all the money is all of the order', () => {
  const amounts = fc.record({
    total: fc.integer({ min: 2, max: 300 }),
    taxFree: fc.nat(300),
    vat: fc.nat(300),
    discount: fc.nat(299),
    taken: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 }),
  })
  fc.assert(
    fc.property(amounts, ({ total, taken, ...wanted }) => {
      const taxFree = wanted.taxFree % (total + 1)
      const vat = wanted.vat % (total - taxFree + 1)
      const discount = wanted.discount % total
      const story = new Story()
      const promotion = { ...tenPercent, discount, heldAmount: discount }
      const transactionId = story.begin({ request: orderOf({ total, taxFree, vat }), promotion })
      story.answer(transactionId, done(approval({ amount: total - discount })))
      const attempt = () => story.attempt(transactionId)
      for (const [index, wish] of [...taken, total].entries()) {
        const amount = Math.min(wish, refundableAmount(attempt()))
        if (amount === 0) continue
        const before = cancellableBalance(attempt())
        const parts = chargedBackParts(attempt(), amount)
        assert(parts.taxFree >= 0 && parts.taxFree <= before.taxFree)
        assert(parts.vat >= 0 && parts.vat <= parts.total - parts.taxFree)
        lose(story, transactionId, amount, `dispute-${index}`)
      }
      assert.equal(attempt().phase, 'CANCELLED')
      assert.deepEqual([cancellableBalance(attempt()).total, remainingDiscount(attempt())], [0, 0])
    }),
  )
})
