import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { GatewayCashReceiptState } from '../gateways/port/cash-receipt.ts'
import type { Outcome } from '../gateways/port/terms.ts'
import { day, hour, minute } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { type CashReceiptEvent, type CashReceipts, isInForce, nextDueAt, representative } from './cash-receipt.ts'
import { evolve, noReceipts } from './evolve.ts'
import {
  requestCancel,
  requestIssue,
  settleCancel,
  settleCancelByInquiry,
  settleIssue,
  settleIssueByInquiry,
} from './rules.ts'
import { awaitPayment, checkAfter, followPayment, followRefund, planCheck } from './with-payment.ts'

const start = Date.UTC(2026, 2, 2)
const mayActWithin = minute
const channel = { type: 'TEST', id: 'c', key: 'k', name: 'n', pgProvider: 'TOSSPAYMENTS', pgMerchantId: 'm' } as const
const amount = { total: 11_000, taxFree: 0, vat: 1_000 }
const order = { channel, type: 'PERSONAL', orderName: 'A book', currency: 'KRW', amount } as const
const byHand = (id: string) => ({ id, isManual: true, ...order })
const withPayment = (id: string) => ({ id, isManual: false, transactionId: 'transaction', ...order })
const issued = { pgReceiptId: 'p', issueNumber: '1', url: 'https://receipt.invalid', issuedAt: start }
const failure = { pgCode: 'NO', pgMessage: 'no' }
const nothing = noReceipts('merchant', 'store', 'payment')

const attempt = (phase: Attempt['phase'], refunded: readonly number[] = []): Attempt => ({
  transactionId: 'transaction',
  phase,
  request: { orderName: 'A book', amount, currency: 'KRW', customer: {} },
  origin: { platformType: 'API', ipAddress: '127.0.0.1' },
  channel,
  method: { type: 'PaymentMethodTransfer' },
  requestedAt: start,
  updatedAt: start,
  statusChangedAt: start,
  disputes: [],
  cancellations: refunded.map((totalAmount, index) => ({
    id: String(index),
    status: 'SUCCEEDED',
    isPending: false,
    totalAmount,
    taxFreeAmount: 0,
    vatAmount: Math.round(totalAmount / 11),
    reason: 'changed my mind',
    trigger: 'API',
    requestedAt: start,
  })),
})

/** The state after a decision; a refusal changes nothing. */
const after = (state: CashReceipts, decided: readonly CashReceiptEvent[] | Refusal | 'retry', at = start) =>
  decided instanceof Refusal || decided === 'retry'
    ? state
    : decided.reduce((current, event) => evolve(current, event, at), state)

const issuing = after(nothing, requestIssue(nothing, byHand('a'), start))
const inForce = after(issuing, settleIssue(issuing, 'a', { kind: 'succeeded', value: issued }, start))
const waiting = after(nothing, awaitPayment(nothing, withPayment('w'), start))
const asked = (value: GatewayCashReceiptState): Outcome<GatewayCashReceiptState> => ({ kind: 'succeeded', value })

test('an intent is due again before it is answered, and at rest once it is', () => {
  assert(nextDueAt(issuing) !== undefined)
  assert.equal(nextDueAt(inForce), undefined)
  assert.equal(representative(issuing), undefined)
})

test('a lost answer is settled by what the gateway says later', () => {
  const lost = after(issuing, settleIssue(issuing, 'a', { kind: 'unknown', reason: 'timeout' }, start))
  const denied = (state: CashReceipts) =>
    after(state, settleIssueByInquiry(state, 'a', asked({ state: 'NONE' }), mayActWithin, start))
  const settle = (state: GatewayCashReceiptState, now = start) =>
    settleIssueByInquiry(lost, 'a', asked(state), mayActWithin, now)
  assert.equal(after(lost, settle({ state: 'ISSUED', receipt: issued })).receipts[0]?.status, 'ISSUED')
  assert.equal(after(lost, settle({ state: 'FAILED', failure })).receipts[0]?.status, 'ISSUE_FAILED')
  assert.equal(after(lost, settle({ state: 'NONE' })).receipts[0]?.status, 'ISSUING', 'it may still arrive')
  const askedTwice = denied(denied(lost))
  const answer = settleIssueByInquiry(askedTwice, 'a', asked({ state: 'NONE' }), mayActWithin, start + mayActWithin)
  assert.equal(after(askedTwice, answer).receipts[0]?.status, 'ISSUE_FAILED')
})

test('a lost cancellation that did not happen leaves the receipt in force', () => {
  const cancelling = after(inForce, requestCancel(inForce, 'key', start))
  const lost = after(cancelling, settleCancel(cancelling, 'a', { kind: 'unknown', reason: 'timeout' }, start))
  const settle = (state: CashReceipts, value: GatewayCashReceiptState, now: number) =>
    after(state, settleCancelByInquiry(state, 'a', asked(value), mayActWithin, now))
  const once = settle(lost, { state: 'ISSUED', receipt: issued }, start)
  assert.equal(once.receipts[0]?.status, 'CANCELLING')
  const twice = settle(once, { state: 'ISSUED', receipt: issued }, start)
  const believed = settle(twice, { state: 'ISSUED', receipt: issued }, start + mayActWithin)
  assert.equal(believed.receipts[0]?.status, 'ISSUED')
  const cancelled = settle(lost, { state: 'CANCELLED', receipt: issued, cancelledAt: start }, start)
  assert.equal(cancelled.receipts[0]?.status, 'CANCELLED')
})

test('a receipt that waits for its payment follows it', () => {
  const look = (of: Attempt | undefined, now = start + hour) =>
    followPayment(waiting, 'w', of, now).map(({ type }) => type)
  assert.deepEqual(look(attempt('PAID'), start), [], 'not due yet')
  assert.deepEqual(look(attempt('VIRTUAL_ACCOUNT_ISSUED')), ['CheckPlanned'])
  assert.deepEqual(look(attempt('PAID')), ['AwaitedIssueRequested'])
  assert.deepEqual(look(attempt('CANCELLED', [11_000])), ['Dropped'])
  assert.deepEqual(look(attempt('FAILED')), ['CheckPlanned'], 'a late deposit may come')
  assert.deepEqual(look(attempt('FAILED'), start + day), ['Dropped'])
  assert.deepEqual(look(undefined), ['Dropped'])
})

test('what was refunded before the receipt is no part of it', () => {
  const [event] = followPayment(waiting, 'w', attempt('PARTIAL_CANCELLED', [5_500]), start + hour)
  assert(event?.type === 'AwaitedIssueRequested')
  assert.deepEqual(event.amount, { total: 5_500, taxFree: 0, vat: 500 })
})

test('a receipt for a schedule waits for its time, is issued where it was paid, and is dropped where a card was charged', () => {
  const planned = after(
    nothing,
    awaitPayment(nothing, { ...byHand('s'), isManual: false, scheduleId: 'schedule' }, start),
  )
  const timeToPay = start + 40 * day
  const [look] = followPayment(planned, 's', undefined, start + hour, timeToPay)
  assert(look?.type === 'CheckPlanned' && look.checkAt > timeToPay)
  assert.deepEqual(planCheck(planned, { scheduleId: 'another' }, start), [])
  assert.equal(planCheck(planned, { transactionId: 'any', scheduleId: 'schedule' }, start).length, 1)
  const elsewhere = { ...channel, id: 'c2', key: 'k2' }
  const paidElsewhere = followPayment(planned, 's', { ...attempt('PAID'), channel: elsewhere }, start + hour)
  assert.deepEqual(after(planned, paidElsewhere).receipts[0]?.channel, elsewhere, 'the PG that was paid issues it')
  const byCard: Attempt = { ...attempt('PAID'), method: { type: 'PaymentMethodCard' } }
  const dropped = followPayment(planned, 's', byCard, start + hour)
  assert.deepEqual(
    dropped.map(({ type }) => type),
    ['Dropped'],
  )
})

test('a receipt that the gateway never heard of is asked for again where it comes with a payment', () => {
  const begun = after(waiting, followPayment(waiting, 'w', attempt('PAID'), start + hour), start + hour)
  const late = start + hour + mayActWithin
  const ask = (state: CashReceipts) => settleIssueByInquiry(state, 'w', asked({ state: 'NONE' }), mayActWithin, late)
  const once = after(begun, ask(begun))
  assert.equal(ask(after(once, ask(once))), 'retry')
})

test('a full refund cancels the receipt that came with the payment, a partial one does not', () => {
  const begun = after(waiting, followPayment(waiting, 'w', attempt('PAID'), start + hour), start + hour)
  const came = after(begun, settleIssue(begun, 'w', { kind: 'succeeded', value: issued }, start))
  const at = checkAfter(
    {
      type: 'CancellationSucceeded',
      transactionId: 'transaction',
      cancellationId: '0',
      pgCancellationId: 'p',
      cancelledAt: start,
    },
    start,
  )
  assert.equal(at, start)
  const planned = after(came, planCheck(came, { transactionId: 'transaction' }, start))
  assert.equal(nextDueAt(planned), start)
  const partial = after(planned, followRefund(planned, 'w', attempt('PARTIAL_CANCELLED', [1]), start))
  assert.deepEqual([partial.receipts[0]?.status, nextDueAt(partial)], ['ISSUED', undefined])
  const full = after(planned, followRefund(planned, 'w', attempt('CANCELLED', [11_000]), start))
  assert.equal(full.receipts[0]?.status, 'CANCELLING')
  const refused = after(full, settleCancel(full, 'w', { kind: 'failed', failure }, start))
  assert.equal(nextDueAt(refused), start + day, 'the gateway is asked again')
  const done = after(full, settleCancel(full, 'w', { kind: 'succeeded', value: { at: start } }, start))
  assert.deepEqual([done.receipts[0]?.status, nextDueAt(done)], ['CANCELLED', undefined])
})

const answers = fc.constantFrom('succeeded', 'failed', 'unknown')
const known = fc.constantFrom<GatewayCashReceiptState>(
  { state: 'NONE' },
  { state: 'ISSUED', receipt: issued },
  { state: 'FAILED', failure },
  { state: 'CANCELLED', receipt: issued, cancelledAt: start },
)
const phases = fc.constantFrom<Attempt['phase']>('VIRTUAL_ACCOUNT_ISSUED', 'PAID', 'CANCELLED', 'FAILED')
const step = fc.oneof(
  fc.record({ kind: fc.constant('issue' as const) }),
  fc.record({ kind: fc.constant('await' as const) }),
  fc.record({ kind: fc.constant('cancel' as const) }),
  fc.record({ kind: fc.constant('answer' as const), answer: answers }),
  fc.record({ kind: fc.constant('inquire' as const), known }),
  fc.record({ kind: fc.constant('follow' as const), phase: phases }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const take = (state: CashReceipts, taken: Step, index: number): CashReceipts => {
  const now = start + index * hour
  const each = (decide: (current: CashReceipts, id: string) => readonly CashReceiptEvent[] | 'retry') =>
    state.receipts.reduce((current, { id }) => after(current, decide(current, id), now), state)
  switch (taken.kind) {
    case 'issue':
      return after(state, requestIssue(state, byHand(`m${index}`), now), now)
    case 'await':
      return after(state, awaitPayment(state, withPayment(`w${index}`), now), now)
    case 'cancel':
      return after(state, requestCancel(state, undefined, now), now)
    case 'answer': {
      const outcome =
        taken.answer === 'failed'
          ? ({ kind: 'failed', failure } as const)
          : ({ kind: 'unknown', reason: 'timeout' } as const)
      const isDone = taken.answer === 'succeeded'
      const settled = each((current, id) =>
        settleIssue(current, id, isDone ? { kind: 'succeeded', value: issued } : outcome, now),
      )
      return settled.receipts.reduce(
        (current, { id }) =>
          after(
            current,
            settleCancel(current, id, isDone ? { kind: 'succeeded', value: { at: now } } : outcome, now),
            now,
          ),
        settled,
      )
    }
    case 'inquire':
      return each((current, id) => settleIssueByInquiry(current, id, asked(taken.known), mayActWithin, now))
    case 'follow':
      return each((current, id) =>
        current.receipts.find((receipt) => receipt.id === id)?.status === 'WAITING'
          ? followPayment(current, id, attempt(taken.phase), now)
          : followRefund(current, id, attempt(taken.phase), now),
      )
  }
}

test('whatever happens, at most one receipt is in force, and what is undecided is looked at again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state = nothing
      for (const [index, taken] of steps.entries()) {
        state = take(state, taken, index)
        assert(state.receipts.filter(isInForce).length <= 1)
        for (const { status, inquiry, checkAt } of state.receipts) {
          assert.equal(inquiry !== undefined, status === 'ISSUING' || status === 'CANCELLING')
          if (status === 'WAITING') assert(checkAt !== undefined)
          if (status === 'DROPPED' || status === 'CANCELLED' || status === 'ISSUE_FAILED')
            assert.equal(checkAt, undefined)
        }
      }
    }),
  )
})
