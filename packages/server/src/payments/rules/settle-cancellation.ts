import { failureOf } from '../../doubt/failure.ts'
import { askAgain, awaitNotification, doubt, provesNotExecuted } from '../../doubt/inquiry.ts'
import type { GatewayCancellation, GatewayCancellationState } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment } from '../state/payment.ts'
import { askForChargeback } from './dispute.ts'

/** Applies the PG's answer to a cancel call. */
export const settleCancellation = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<GatewayCancellation>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const cancellation = cancellationOf(attempt, cancellationId)
  if (cancellation.status !== 'REQUESTED' || cancellation.isPending) return []
  const ids = { transactionId, cancellationId }
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'CancellationSucceeded', ...ids, ...outcome.value }]
    case 'failed':
      return [
        { type: 'CancellationFailed', ...ids, failure: failureOf(outcome.failure) },
        ...askForChargeback(attempt, now),
      ]
    case 'pending':
      return [{ type: 'CancellationPending', ...ids, inquiry: awaitNotification(now) }]
    case 'unknown':
      return [planned(ids, doubt(cancellation.inquiry, now))]
  }
}

/** Applies what the PG says about a cancellation when asked. */
export const settleCancellationByInquiry = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<GatewayCancellationState>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const { status, isPending, stopping, inquiry } = cancellationOf(attempt, cancellationId)
  if (status !== 'REQUESTED' || !inquiry) return []
  const ids = { transactionId, cancellationId }
  const again = [planned(ids, askAgain(inquiry, now))]
  if (outcome.kind !== 'succeeded') return again
  const known = outcome.value
  switch (known.state) {
    case 'NONE':
      return !isPending && provesNotExecuted(inquiry, mayActWithin, now)
        ? [{ type: 'CancellationFailed', ...ids, failure: notExecuted }, ...askForChargeback(attempt, now)]
        : again
    case 'PENDING':
      if (stopping) return [{ type: 'CancellationStopRefused', ...ids }, ...again]
      return isPending ? again : [{ type: 'CancellationPending', ...ids, inquiry: awaitNotification(now) }]
    case 'SUCCEEDED':
      return [{ type: 'CancellationSucceeded', ...ids, ...known.cancellation }]
    case 'FAILED':
      return [
        { type: 'CancellationFailed', ...ids, failure: failureOf(known.failure) },
        ...askForChargeback(attempt, now),
      ]
    case 'STOPPED':
      return [{ type: 'CancellationStopped', ...ids, stoppedAt: known.stoppedAt }, ...askForChargeback(attempt, now)]
  }
}

export const cancellationOf = (attempt: Attempt, cancellationId: string): Cancellation => {
  const cancellation = attempt.cancellations.find(({ id }) => id === cancellationId)
  if (!cancellation) throw new Error(`transaction ${attempt.transactionId} has no cancellation ${cancellationId}`)
  return cancellation
}

const planned = (
  ids: { transactionId: string; cancellationId: string },
  inquiry: ReturnType<typeof askAgain>,
): PaymentEvent => ({
  type: 'InquiryPlanned',
  transactionId: ids.transactionId,
  of: { kind: 'cancellation', cancellationId: ids.cancellationId },
  inquiry,
})

const notExecuted = failureOf(naruFailure('NARU_NOT_EXECUTED'))
