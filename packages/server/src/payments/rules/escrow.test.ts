import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FulfilmentStep, GatewayEscrow } from '../../gateways/port/fulfilment.ts'
import { escrowView } from '../state/fulfilment.ts'
import { approval, done, expectEvents, orderOf, Story } from '../testing/story.ts'
import { settleEscrow } from './escrow.ts'
import { requestFulfilment, settleFulfilment } from './fulfilment.ts'

const shipment = { logistics: { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } } as const
const register = { kind: 'REGISTER_SHIPMENT', shipment } as const

const paid = (isEscrow = true) => {
  const story = new Story()
  const amount = { total: 10_000, taxFree: 0, vat: 909 }
  const transactionId = story.begin({ request: { ...orderOf(amount), isEscrow } })
  story.answer(transactionId, done(approval({ amount: 10_000 })))
  return { story, transactionId }
}

const request = (story: Story, step: FulfilmentStep) =>
  story.decide((payment, now) => requestFulfilment(payment, { reference: step.kind, step }, now))

const answer = (story: Story, transactionId: string, { kind }: FulfilmentStep) =>
  story.decide((payment, now) => settleFulfilment(payment, transactionId, kind, done({ at: now }), now))

const told = (story: Story, transactionId: string, status: GatewayEscrow['status'], isAutomaticallyConfirmed = false) =>
  expectEvents(
    story.decide((payment, now) => {
      const escrow = { status, at: now, isAutomaticallyConfirmed }
      const known = { state: 'APPROVED' as const, approval: approval(), captured: true, escrow }
      return settleEscrow(payment, transactionId, done(known))
    }),
  )

const shipped = () => {
  const { story, transactionId } = paid()
  request(story, register)
  answer(story, transactionId, register)
  return { story, transactionId, status: () => escrowView(story.attempt(transactionId))?.status }
}

test('a word that comes before we know of the shipment is kept until we do', () => {
  const { story, transactionId } = paid()
  request(story, register)
  told(story, transactionId, 'DELIVERED')
  assert.equal(escrowView(story.attempt(transactionId))?.status, 'BEFORE_REGISTERED')
  answer(story, transactionId, register)
  assert.equal(escrowView(story.attempt(transactionId))?.status, 'DELIVERED')
})

test('a payment without escrow, or cancelled, has no goods to hear of', () => {
  const { story, transactionId } = paid(false)
  assert.deepEqual(told(story, transactionId, 'DELIVERED'), [])
  const cancelled = shipped()
  cancelled.story.cancel({})
  assert.deepEqual(told(cancelled.story, cancelled.transactionId, 'DELIVERED'), [])
  assert.equal(cancelled.status(), 'CANCELLED')
})

test('what we confirm stays confirmed by hand, whatever the PG repeats of it', () => {
  const { story, transactionId, status } = shipped()
  const confirm = { kind: 'CONFIRM_ESCROW', fromStore: true } as const
  request(story, confirm)
  told(story, transactionId, 'CONFIRMED')
  answer(story, transactionId, confirm)
  assert.deepEqual(told(story, transactionId, 'CONFIRMED', true), [])
  const escrow = escrowView(story.attempt(transactionId))
  assert.equal(status(), 'CONFIRMED')
  assert(escrow?.status === 'CONFIRMED' && !escrow.isAutomaticallyConfirmed)
})

test('words in whatever order never take the goods back, and the same one twice is no news', () => {
  const rank = {
    BEFORE_REGISTERED: 0,
    REGISTERED: 0,
    DELIVERED: 1,
    CONFIRMED: 2,
    REJECTED: 2,
    REJECT_CONFIRMED: 3,
    CANCELLED: 4,
  }
  const word = fc.constantFrom('DELIVERED', 'CONFIRMED', 'REJECTED', 'REJECT_CONFIRMED')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const { story, transactionId, status } = shipped()
      for (const said of words) {
        const before = status() ?? 'REGISTERED'
        const events = told(story, transactionId, said)
        const after = status() ?? 'REGISTERED'
        assert(rank[after] >= rank[before], `${said} took ${before} to ${after}`)
        assert.equal(events.length > 0, after !== before)
        if (before === 'CONFIRMED') assert.equal(after, 'CONFIRMED')
        assert.deepEqual(told(story, transactionId, said), [])
      }
    }),
  )
})
