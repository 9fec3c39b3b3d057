import { failureOf } from '../../doubt/failure.ts'
import { askAgain, doubt, intent } from '../../doubt/inquiry.ts'
import type { GatewayPayment } from '../../gateways/port/payment.ts'
import type { Completion, Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment, representative, statusOf, undecidedAttempt } from '../state/payment.ts'
import { paymentNotFound } from './not-found.ts'
import { settleByInquiry } from './settle-approval.ts'

/**
 * Commits to closing every account of the order that is open, also those of earlier attempts: money can come in by each.
 * Decides on nothing where the same request did so before; see `closedBy`.
 */
export const requestClose = (
  payment: Payment,
  requestKey: string | undefined,
  now: Instant,
): readonly PaymentEvent[] | Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_WAITING_FOR_DEPOSIT'> => {
  const { paymentId, attempts } = payment
  if (attempts.length === 0) return paymentNotFound(paymentId)
  if (closedBy(payment, requestKey).length > 0) return []
  const undecided = undecidedAttempt(payment)
  const open = attempts.filter(({ phase, closing }) => phase === 'VIRTUAL_ACCOUNT_ISSUED' && !closing)
  if (undecided || open.length === 0) return refuse('PAYMENT_NOT_WAITING_FOR_DEPOSIT', whyNotClosed(payment, undecided))
  return open.map(({ transactionId }) => ({
    type: 'VirtualAccountCloseRequested',
    transactionId,
    requestKey,
    inquiry: intent(now),
  }))
}

/** The attempts whose accounts a request began to close, by its key. */
export const closedBy = ({ attempts }: Payment, requestKey: string | undefined): readonly Attempt[] =>
  requestKey === undefined ? [] : attempts.filter(({ closeRequestKey }) => closeRequestKey === requestKey)

/** An attempt whose result is not known may still open an account: closing the others would not close the order. */
const whyNotClosed = (payment: Payment, undecided: Attempt | undefined): string => {
  const { paymentId, attempts } = payment
  if (undecided)
    return `The latest attempt at the payment ${paymentId} is not decided yet. Close again when the payment is no longer PAY_PENDING.`
  if (attempts.some(({ closing }) => closing))
    return `The virtual account of the payment ${paymentId} is being closed already. Read the payment to see how that ends.`
  const attempt = representative(payment)
  const status = attempt ? `is ${statusOf(attempt)}, not VIRTUAL_ACCOUNT_ISSUED` : 'has no virtual account'
  return `The payment ${paymentId} ${status}: there is no virtual account to close.${refundInstead(attempt)}`
}

const refundInstead = (attempt: Attempt | undefined): string =>
  attempt && (attempt.phase === 'PAID' || attempt.phase === 'PARTIAL_CANCELLED')
    ? ' To refund it, cancel the payment.'
    : ''

/** Applies the PG's answer to a close call. */
export const settleClose = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<Completion>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  if (!attempt.closing) return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'VirtualAccountClosed', transactionId, closedAt: outcome.value.at, failure: closed }]
    case 'failed':
      return [{ type: 'VirtualAccountCloseRefused', transactionId }]
    case 'pending':
    case 'unknown':
      return [
        {
          type: 'InquiryPlanned',
          transactionId,
          of: { kind: 'closing' },
          inquiry: doubt(attempt.closing.inquiry, now),
        },
      ]
  }
}

/**
 * A close whose answer was lost: the PG's word on the account decides. Still open means the close did not happen, and
 * closing again is safe (`retry`), because closing twice is one close.
 */
export const settleCloseByInquiry = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] | 'retry' => {
  const attempt = attemptOf(payment, transactionId)
  if (!attempt.closing) return []
  if (outcome.kind === 'succeeded' && outcome.value.state === 'WAITING_FOR_DEPOSIT') return 'retry'
  if (outcome.kind === 'succeeded' && (outcome.value.state === 'CLOSED' || outcome.value.state === 'DEPOSITED'))
    return settleByInquiry(payment, transactionId, outcome, mayActWithin, now)
  return [
    { type: 'InquiryPlanned', transactionId, of: { kind: 'closing' }, inquiry: askAgain(attempt.closing.inquiry, now) },
  ]
}

/**
 * The deposit deadline passed. PortOne does not say what happens then; our choice: the attempt fails, and the merchant
 * hears of it. A deposit that the PG took just before the deadline, and whose notice was lost, still counts.
 */
export const expire = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  if (!isExpired(attempt, now)) return []
  if (outcome.kind === 'succeeded' && outcome.value.state === 'DEPOSITED')
    return settleByInquiry(payment, transactionId, outcome, mayActWithin, now)
  if (outcome.kind === 'succeeded')
    return [{ type: 'VirtualAccountClosed', transactionId, closedAt: now, failure: expired }]
  return [{ type: 'VirtualAccountCloseRequested', transactionId, inquiry: doubt(undefined, now) }]
}

export const isExpired = (attempt: Attempt, now: Instant): boolean =>
  attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED' &&
  attempt.closing === undefined &&
  attempt.virtualAccount !== undefined &&
  attempt.virtualAccount.expiresAt <= now

const closed = failureOf(naruFailure('NARU_ACCOUNT_CLOSED'))
const expired = failureOf(naruFailure('NARU_ACCOUNT_EXPIRED'))
