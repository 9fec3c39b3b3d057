import type { PaymentFailure } from '@naru/contract'
import { intent } from '../../doubt/inquiry.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { AttemptStart, PaymentEvent } from '../state/event.ts'
import { type Attempt, type Payment, type PaymentRequest, paidAttempt, undecidedAttempt } from '../state/payment.ts'
import { unexecutedSchedule } from '../state/schedule.ts'
import { refuseTooMany, refuseTooManyFrom } from './limits.ts'

export type NewAttemptRefusal = Refusal<
  'ALREADY_PAID' | 'PAYMENT_SCHEDULE_ALREADY_EXISTS' | 'MAX_TRANSACTION_COUNT_REACHED' | 'INVALID_REQUEST'
>

/**
 * Commits to calling the PG for a new attempt: from here on the outcome will be known, whatever crashes. Decides on nothing
 * where the same request began one before; see `attemptBy`.
 */
export const requestApproval = (
  payment: Payment,
  start: AttemptStart,
  now: Instant,
): readonly PaymentEvent[] | NewAttemptRefusal => {
  if (attemptBy(payment, start.requestKey)) return []
  const refusal = refuseNewAttempt(payment, start.request) ?? refuseTooManyFrom(payment, start.origin)
  return refusal ?? [{ type: 'ApprovalRequested', attempt: start, inquiry: intent(now) }]
}

/**
 * Records that what a request was to begin failed before any PG was asked, and so keeps it from beginning later. Nothing where
 * it began one before, or where the order is paid by something else, or may be: a failure would stand for the payment.
 */
export const failUnbegun = (
  payment: Payment,
  start: AttemptStart,
  failure: PaymentFailure,
  now: Instant,
): readonly PaymentEvent[] =>
  attemptBy(payment, start.requestKey) || paidAttempt(payment) || undecidedAttempt(payment)
    ? []
    : [
        { type: 'ApprovalRequested', attempt: start, inquiry: intent(now) },
        { type: 'AttemptFailed', transactionId: start.transactionId, failure },
      ]

/** The attempt that a request began, by its key. */
export const attemptBy = ({ attempts }: Payment, requestKey: string | undefined): Attempt | undefined =>
  requestKey === undefined ? undefined : attempts.find((attempt) => attempt.requestKey === requestKey)

/** Whether this payment may be tried (again), and for this. */
export const refuseNewAttempt = (payment: Payment, request: PaymentRequest): NewAttemptRefusal | undefined =>
  refuseAnyAttempt(payment) ?? refuseUnexpectedAmount(payment, request)

/** Whether this payment may be tried at all. A waiting virtual account does not block: whichever is paid first wins. */
const refuseAnyAttempt = (payment: Payment): NewAttemptRefusal | undefined => {
  if (paidAttempt(payment))
    return refuse(
      'ALREADY_PAID',
      `The payment ${payment.paymentId} is already paid. Use a new paymentId for a new order.`,
    )
  if (undecidedAttempt(payment))
    return refuse(
      'ALREADY_PAID',
      `An earlier attempt at the payment ${payment.paymentId} is still waiting for the payment gateway's result. ` +
        'Read the payment again instead of paying twice.',
    )
  const schedule = unexecutedSchedule(payment)
  if (schedule)
    return refuse(
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
      `The payment ${payment.paymentId} is scheduled for ${toIso(schedule.timeToPay)} (schedule ${schedule.id}). ` +
        'Revoke the schedule to pay now.',
    )
  return refuseTooMany(payment)
}

/** Of an order that cannot be paid whatever its amounts this is told, not that they do not add up (our choice). */
export const refusedOrder = <R extends Refusal>(payment: Payment, refusal: R): R | NewAttemptRefusal =>
  (refusal.body.type === 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT' && refuseAnyAttempt(payment)) || refusal

/** What differs from what the merchant's server announced beforehand, of what it announced. */
export const unexpected = (
  { preRegistered: expected }: Payment,
  { amount, currency }: PaymentRequest,
): 'amount.total' | 'amount.taxFree' | 'currency' | undefined => {
  if (expected?.totalAmount !== undefined && expected.totalAmount !== amount.total) return 'amount.total'
  if (expected?.taxFreeAmount !== undefined && expected.taxFreeAmount !== amount.taxFree) return 'amount.taxFree'
  return expected?.currency !== undefined && expected.currency !== currency ? 'currency' : undefined
}

export const refuseUnexpectedAmount = (
  payment: Payment,
  request: PaymentRequest,
): Refusal<'INVALID_REQUEST'> | undefined => {
  const differing = unexpected(payment, request)
  if (!differing) return undefined
  return refuse(
    'INVALID_REQUEST',
    `${differing} differs from what was pre-registered for the payment ${payment.paymentId}.`,
  )
}
