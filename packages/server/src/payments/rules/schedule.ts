import type { PaymentFailure } from '@naru/contract'
import { failureOf } from '../../doubt/failure.ts'
import { intent } from '../../doubt/inquiry.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { AttemptStart, PaymentEvent } from '../state/event.ts'
import { type Payment, paidAttempt, type Schedule, undecidedAttempt } from '../state/payment.ts'
import { scheduleStatus, schedulesOf, unexecutedSchedule } from '../state/schedule.ts'
import { refuseUnexpectedAmount } from './approval.ts'
import { maximumAttempts } from './limits.ts'

export type ScheduleRefusal = Refusal<'ALREADY_PAID_OR_WAITING' | 'PAYMENT_SCHEDULE_ALREADY_EXISTS' | 'INVALID_REQUEST'>

/** Plans a payment for later. Neither channel nor promotion nor PG is asked before its time has come. */
export const createSchedule = (
  payment: Payment,
  schedule: Omit<Schedule, 'createdAt'>,
  now: Instant,
): readonly PaymentEvent[] | ScheduleRefusal => {
  if (schedule.timeToPay <= now)
    return refuse('INVALID_REQUEST', `timeToPay must be in the future; the store's time is ${toIso(now)}.`)
  const existing = unexecutedSchedule(payment)
  if (existing) return scheduleExists(payment, existing)
  if (paidAttempt(payment) || payment.attempts.some(({ phase }) => isWaiting(phase)))
    return refuse(
      'ALREADY_PAID_OR_WAITING',
      `The payment ${payment.paymentId} is paid, or waits for its result. Use a new paymentId for a new order.`,
    )
  if (schedulesOf(payment).length >= maximumAttempts)
    return refuse(
      'INVALID_REQUEST',
      `The payment ${payment.paymentId} was scheduled ${maximumAttempts} times. Use a new paymentId.`,
    )
  if (payment.attempts.length >= maximumAttempts)
    return refuse(
      'INVALID_REQUEST',
      `The payment ${payment.paymentId} was tried ${maximumAttempts} times. Use a new paymentId.`,
    )
  return refuseUnexpectedAmount(payment, schedule.request) ?? [{ type: 'ScheduleCreated', schedule }]
}

const isWaiting = (phase: Payment['attempts'][number]['phase']): boolean =>
  phase === 'APPROVING' || phase === 'REVERSING' || phase === 'PAY_PENDING' || phase === 'VIRTUAL_ACCOUNT_ISSUED'

const scheduleExists = (payment: Payment, { id, timeToPay }: Schedule): Refusal<'PAYMENT_SCHEDULE_ALREADY_EXISTS'> =>
  refuse(
    'PAYMENT_SCHEDULE_ALREADY_EXISTS',
    `The payment ${payment.paymentId} is scheduled for ${toIso(timeToPay)} (schedule ${id}). Revoke the schedule first.`,
  )

/** The schedule, if its time has come and nobody started or revoked it. */
export const dueSchedule = (payment: Payment, now: Instant): Schedule | undefined =>
  schedulesOf(payment).find(
    (schedule) => schedule.timeToPay <= now && scheduleStatus(payment, schedule) === 'SCHEDULED',
  )

/**
 * Starts a schedule: one commit makes it STARTED and its attempt's intent durable. No event where it was started or
 * revoked meanwhile, whoever did it: this is what makes it run exactly once.
 */
export const beginSchedule = (
  payment: Payment,
  scheduleId: string,
  start: AttemptStart,
  now: Instant,
): readonly PaymentEvent[] => {
  if (dueSchedule(payment, now)?.id !== scheduleId) return []
  const begun = { type: 'ApprovalRequested', attempt: { ...start, scheduleId }, inquiry: intent(now) } as const
  // A checkout that was open when the order was scheduled may have been paid since.
  const isTaken = paidAttempt(payment) !== undefined || undecidedAttempt(payment) !== undefined
  return isTaken ? [begun, { type: 'AttemptFailed', transactionId: start.transactionId, failure: taken }] : [begun]
}

const taken = failureOf(naruFailure('NARU_ALREADY_PAID'))

/** A schedule that cannot even reach a PG (its key was deleted, its channels are gone) fails for good. */
export const failSchedule = (
  payment: Payment,
  scheduleId: string,
  start: AttemptStart,
  failure: PaymentFailure,
  now: Instant,
): readonly PaymentEvent[] => {
  const begun = beginSchedule(payment, scheduleId, start, now)
  return begun.length !== 1 ? begun : [...begun, { type: 'AttemptFailed', transactionId: start.transactionId, failure }]
}

export type RevokeRefusal = Refusal<'PAYMENT_SCHEDULE_ALREADY_PROCESSED' | 'PAYMENT_SCHEDULE_ALREADY_REVOKED'>

/** Takes a schedule back before its time. */
export const revokeSchedule = (
  payment: Payment,
  scheduleId: string,
  requestKey: string | undefined,
): readonly PaymentEvent[] | RevokeRefusal => {
  const schedule = schedulesOf(payment).find(({ id }) => id === scheduleId)
  if (!schedule) throw new Error(`payment ${payment.paymentId} has no schedule ${scheduleId}`)
  const status = scheduleStatus(payment, schedule)
  if (status === 'REVOKED')
    return requestKey !== undefined && schedule.revokeRequestKey === requestKey
      ? []
      : refuse('PAYMENT_SCHEDULE_ALREADY_REVOKED', `The schedule ${scheduleId} is already revoked.`)
  if (status !== 'SCHEDULED')
    return refuse(
      'PAYMENT_SCHEDULE_ALREADY_PROCESSED',
      `The schedule ${scheduleId} is ${status}: what was started cannot be revoked. Cancel the payment instead.`,
    )
  return [{ type: 'ScheduleRevoked', scheduleId, requestKey }]
}
