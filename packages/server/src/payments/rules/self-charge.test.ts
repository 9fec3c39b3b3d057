import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watch } from '../../doubt/inquiry.ts'
import { minute } from '../../kernel/clock.ts'
import { nextDueAt } from '../state/due.ts'
import { approval, attemptStart, expectEvents, refunded, Story, virtualAccount } from '../testing/story.ts'
import { declineByMerchant, declineCheckout, openCheckout, preRegister } from './checkout.ts'
import { reportSelfCharge } from './self-charge.ts'
import { refuseCharge } from './unwanted-charge.ts'

const closed = { pgCode: 'PAY_PROCESS_CLOSED', pgMessage: 'The shop closed this payment' }
const left = { pgCode: 'PAY_PROCESS_CANCELED' }

/** An order whose shopper is in a window in which the PG charges. */
const opened = (story = new Story()) => {
  const id = story.newId('transaction')
  const selfCharge = { until: story.now + 20 * minute, inquiry: watch(story.now) }
  const attempt = attemptStart({ transactionId: id, selfCharge })
  expectEvents(story.decide((payment) => openCheckout(payment, attempt)))
  return {
    story,
    id,
    report: () => story.decide((payment, now) => reportSelfCharge(payment, id, now)),
    leave: () => story.decide((payment) => declineCheckout(payment, id, left)),
    close: () => story.decide((payment) => declineByMerchant(payment, id, closed)),
    withdraw: () => story.decide((payment) => refuseCharge(payment, id)),
    announce: (totalAmount: number) =>
      expectEvents(story.decide((payment) => preRegister(payment, { totalAmount, currency: 'KRW' }))),
    charge: () => story.learn(id, { state: 'APPROVED', approval: approval(), captured: false }).map(({ type }) => type),
    phase: () => story.attempt(id).phase,
    giveBack: () => {
      story.answerReversal(id, refunded(story.now))
      const { phase, failure } = story.attempt(id)
      return [phase, failure?.pgCode]
    },
  }
}

type Opened = ReturnType<typeof opened>

const unwanted: Readonly<Record<string, (window: Opened) => void>> = {
  'the merchant closed': ({ close }) => close(),
  'the shopper left and the merchant closed then': ({ leave, withdraw }) => [leave(), withdraw()],
  'the merchant closed while it was asked about': ({ report, withdraw }) => [report(), withdraw()],
  'was replaced by a pre-registration of another amount': ({ announce }) => announce(50_000),
  'the shopper left and another amount was pre-registered for': ({ leave, announce }) => [leave(), announce(50_000)],
}

for (const [name, end] of Object.entries(unwanted))
  test(`what a PG charges in a window that ${name} is given back, once, and the order can be paid`, () => {
    const window = opened()
    const { story, charge, phase, giveBack } = window
    end(window)
    assert.deepEqual(charge(), ['ReversalRequested'])
    assert.equal(phase(), 'REVERSING')
    assert.deepEqual(charge(), [])
    assert.deepEqual(giveBack(), ['FAILED', 'NARU_ORDER_CHANGED'])
    assert.deepEqual(charge(), [])
    assert.equal(nextDueAt(story.payment), undefined)
    assert.deepEqual(
      story.news().filter((news) => news === 'Transaction.Paid'),
      [],
    )
    const { preRegistered } = story.payment
    story.pay({ total: preRegistered?.totalAmount ?? 10_000 })
    assert.equal(story.payment.attempts.at(-1)?.phase, 'PAID')
  })

const wanted: Readonly<Record<string, (window: Opened) => void>> = {
  'is open': () => undefined,
  'the shopper left': ({ leave }) => leave(),
  'the shopper left, with the same amount pre-registered': ({ leave, announce }) => [leave(), announce(10_000)],
  'is to be paid for what was pre-registered last': ({ announce }) => [announce(50_000), announce(10_000)],
}

for (const [name, end] of Object.entries(wanted))
  test(`what a PG charges in a window that ${name} pays the order, and closing it then changes nothing`, () => {
    const window = opened()
    end(window)
    assert.deepEqual(window.charge(), ['Approved'])
    assert.deepEqual([window.close(), window.withdraw()], [[], []])
    assert.equal(window.phase(), 'PAID')
  })

test('a window that is closed stays so when the PG says that it is over, and is asked about no more', () => {
  const { story, id, close, withdraw, charge } = opened()
  close()
  assert.deepEqual(withdraw(), [])
  story.learn(id, { state: 'FAILED', failure: closed })
  assert.equal(nextDueAt(story.payment), undefined)
  assert.deepEqual(charge(), ['ReversalRequested'])
})

test('an account that is opened in a window that was closed takes no money', () => {
  const { story, id, close, phase } = opened()
  close()
  story.learn(id, { state: 'WAITING_FOR_DEPOSIT', virtualAccount: virtualAccount() })
  assert.notEqual(story.attempt(id).closing, undefined)
  story.deposit(id)
  assert.equal(phase(), 'REVERSING')
})

test('another amount than the order’s is given back as of an order that is changed, since it cannot be paid again', () => {
  const { story, id, close, giveBack } = opened()
  close()
  story.learn(id, { state: 'APPROVED', approval: approval({ amount: 10_001 }), captured: false })
  assert.deepEqual(giveBack(), ['FAILED', 'NARU_ORDER_CHANGED'])
  const paid = opened()
  paid.leave()
  paid.story.pay()
  paid.story.learn(paid.id, { state: 'APPROVED', approval: approval({ amount: 10_001 }), captured: false })
  assert.deepEqual(paid.giveBack(), ['FAILED', 'NARU_ALREADY_PAID'])
})
