import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDueAt } from '../state/due.ts'
import { tokenLifetime, windowLifetime } from '../state/window.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  expectEvents,
  orderOf,
  refusalType,
  Story,
  virtualAccount,
} from '../testing/story.ts'
import {
  authenticateShopper,
  type ConfirmCommand,
  expireWindows,
  leaveCheckout,
  openCheckout,
  preRegister,
  requestConfirmation,
} from './checkout.ts'
import { maximumAttempts } from './limits.ts'

/** A payment whose shopper has authenticated; the token's digest is `digest`. */
const authenticated = (story = new Story(), digest = 'digest') => {
  const transactionId = story.newId('transaction')
  const attempt = attemptStart({ transactionId, authentication: { tokenDigest: digest, authorization: 'proof' } })
  expectEvents(story.decide((payment) => openCheckout(payment, attempt)))
  return { story, transactionId }
}

const confirm = (story: Story, command: Partial<ConfirmCommand> = {}) =>
  story.decide((payment, now) => requestConfirmation(payment, { tokenDigest: 'digest', ...command }, now))

test('an open checkout is READY, is announced, and charges nothing', () => {
  const { story, transactionId } = authenticated()
  assert.equal(story.attempt(transactionId).phase, 'READY')
  assert.deepEqual(story.news(), ['Transaction.Ready'])
})

test('a window that the shopper left is READY and FAILED at once, for as often as an order may be tried', () => {
  const story = new Story()
  const leave = () => {
    const attempt = attemptStart({ transactionId: story.newId('transaction') })
    return story.decide((payment) => leaveCheckout(payment, attempt, { pgCode: 'PAY_PROCESS_CANCELED' }))
  }
  expectEvents(leave())
  assert.deepEqual(story.news(), ['Transaction.Ready', 'Transaction.Failed'])
  assert.deepEqual([story.payment.attempts[0]?.phase, nextDueAt(story.payment)], ['FAILED', undefined])
  for (let count = 1; count < maximumAttempts; count++) expectEvents(leave())
  assert.equal(refusalType(leave()), 'MAX_TRANSACTION_COUNT_REACHED')
})

test('confirming approves what the shopper agreed to', () => {
  const { story, transactionId } = authenticated()
  expectEvents(
    confirm(story, { txId: transactionId, totalAmount: 10_000, taxFreeAmount: 0, currency: 'KRW', isTest: true }),
  )
  assert.equal(story.attempt(transactionId).phase, 'APPROVING')
  story.answer(transactionId, done(approval()))
  assert.equal(story.attempt(transactionId).phase, 'PAID')
})

test('confirming a virtual account issues it', () => {
  const { story, transactionId } = authenticated()
  expectEvents(confirm(story))
  story.answer(transactionId, done(virtualAccount()))
  assert.equal(story.attempt(transactionId).phase, 'VIRTUAL_ACCOUNT_ISSUED')
})

for (const [field, differing] of Object.entries({
  txId: 'another',
  totalAmount: 9_999,
  taxFreeAmount: 1,
  currency: 'USD',
  isTest: false,
} satisfies Partial<ConfirmCommand>))
  test(`another ${field} charges nothing and leaves the token usable`, () => {
    const { story, transactionId } = authenticated()
    assert.equal(refusalType(confirm(story, { [field]: differing })), 'INFORMATION_MISMATCH')
    assert.equal(story.attempt(transactionId).phase, 'READY')
    expectEvents(confirm(story))
  })

test('a token that is unknown, too old or used is refused', () => {
  const { story, transactionId } = authenticated()
  assert.equal(refusalType(confirm(story, { tokenDigest: 'another' })), 'INVALID_PAYMENT_TOKEN')
  story.pass(tokenLifetime)
  assert.equal(refusalType(confirm(story)), 'INVALID_PAYMENT_TOKEN')
  story.pass(-1)
  expectEvents(confirm(story))
  story.answer(transactionId, declined)
  assert.equal(refusalType(confirm(story)), 'INVALID_PAYMENT_TOKEN')
})

test('a window that holds a discount expires: what nobody agreed to after half an hour, what nobody confirmed after an hour', () => {
  const held = { promotionId: 'spring', discount: 1_000, recovers: true, heldAmount: 1_000 }
  const scheme = { type: 'AMOUNT', amount: 1_000 } as const
  const rule = { policy: { partitions: [{ amountFrom: 1, scheme }] } }
  const opened = (authentication?: { tokenDigest: string; authorization: string }) => {
    const story = new Story()
    const promotion = { ...held, rule }
    const attempt = attemptStart({
      transactionId: story.newId('transaction'),
      promotion,
      ...(authentication && { authentication }),
    })
    expectEvents(story.decide((payment) => openCheckout(payment, attempt)))
    return { story, attempt, expire: () => expectEvents(story.decide(expireWindows)) }
  }
  const empty = opened()
  empty.story.pass(windowLifetime - 1)
  assert.deepEqual(empty.expire(), [])
  empty.story.pass(1)
  assert.equal(nextDueAt(empty.story.payment), empty.story.now)
  assert.deepEqual(empty.expire(), [{ type: 'WindowExpired', transactionId: empty.attempt.transactionId }])
  assert.deepEqual(empty.story.news(), ['Transaction.Ready'])
  const proof = { tokenDigest: 'digest', authorization: 'proof' }
  const late = empty.story.decide((payment) =>
    authenticateShopper(payment, empty.attempt.transactionId, proof, undefined),
  )
  assert.deepEqual(late, [])
  const agreed = opened(proof)
  agreed.story.pass(tokenLifetime - 1)
  assert.deepEqual(agreed.expire(), [])
  agreed.story.pass(1)
  assert.equal(agreed.expire().length, 1)
  // Whatever a clock says afterwards.
  agreed.story.pass(-tokenLifetime)
  assert.equal(refusalType(confirm(agreed.story)), 'INVALID_PAYMENT_TOKEN')
  const confirmed = opened(proof)
  expectEvents(confirm(confirmed.story))
  confirmed.story.pass(tokenLifetime)
  assert.deepEqual(confirmed.expire(), [])
})

test('a window that holds nothing is READY for ever, and is never looked at', () => {
  const { story } = authenticated()
  story.pass(2 * tokenLifetime)
  assert.equal(nextDueAt(story.payment), undefined)
  assert.deepEqual(story.decide(expireWindows), [])
})

test('confirming twice is ALREADY_PAID, while it is being approved and after', () => {
  const { story, transactionId } = authenticated()
  expectEvents(confirm(story))
  assert.equal(refusalType(confirm(story)), 'ALREADY_PAID')
  story.answer(transactionId, done(approval()))
  assert.equal(refusalType(confirm(story)), 'ALREADY_PAID')
})

test('confirming while another attempt is being approved is ALREADY_PAID: the two must not race', () => {
  const { story } = authenticated()
  const other = story.begin()
  assert.equal(refusalType(confirm(story)), 'ALREADY_PAID')
  story.answer(other, declined)
  expectEvents(confirm(story))
})

test('one of two open checkouts is paid; the other cannot be any more', () => {
  const { story } = authenticated()
  const second = authenticated(story, 'second')
  expectEvents(confirm(story, { tokenDigest: 'second' }))
  story.answer(second.transactionId, done(approval()))
  assert.equal(refusalType(confirm(story)), 'ALREADY_PAID')
})

test('what was pre-registered holds when the checkout opens, and when it is confirmed', () => {
  const story = new Story()
  const expect = (totalAmount: number) => story.decide((payment) => preRegister(payment, { totalAmount }))
  expect(9_999)
  const attempt = attemptStart({ request: orderOf() })
  assert.equal(refusalType(story.decide((payment) => openCheckout(payment, attempt))), 'INVALID_REQUEST')
  expect(10_000)
  authenticated(story)
  expect(9_999)
  assert.equal(refusalType(confirm(story)), 'INFORMATION_MISMATCH')
  expect(10_000)
  expectEvents(confirm(story))
})

test('another amount cannot be pre-registered while the PG decides about this one, which can', () => {
  const story = new Story()
  const expect = (totalAmount: number) => story.decide((payment) => preRegister(payment, { totalAmount }))
  authenticated(story)
  expectEvents(expect(9_999))
  expectEvents(expect(10_000))
  expectEvents(confirm(story))
  assert.equal(refusalType(expect(9_999)), 'ALREADY_PAID')
  assert.deepEqual(expect(10_000), [])
})

test('a payment that is not there cannot be confirmed', () => {
  assert.equal(refusalType(confirm(new Story())), 'PAYMENT_NOT_FOUND')
})
