import { intent } from '../../doubt/inquiry.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { PaymentEvent } from '../state/event.ts'
import { attemptOf, type Cancellation, type Payment } from '../state/payment.ts'
import { askForChargeback } from './dispute.ts'
import { paymentNotFound } from './not-found.ts'
import { cancellationOf } from './settle-cancellation.ts'

/**
 * Asks the PG to withdraw a refund that it accepted and has not carried out. Decides on nothing where the same request did so
 * before.
 */
export const requestStop = (
  payment: Payment,
  cancellationId: string,
  now: Instant,
  requestKey?: string,
):
  | readonly PaymentEvent[]
  | Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_PENDING'> => {
  if (payment.attempts.length === 0) return paymentNotFound(payment.paymentId)
  const attempt = payment.attempts.find(({ cancellations }) => cancellations.some(({ id }) => id === cancellationId))
  if (!attempt)
    return refuse(
      'PAYMENT_CANCELLATION_NOT_FOUND',
      `The payment ${payment.paymentId} has no cancellation ${cancellationId}.`,
    )
  const cancellation = cancellationOf(attempt, cancellationId)
  if (requestKey !== undefined && cancellation.stopRequestKey === requestKey) return []
  if (cancellation.status !== 'REQUESTED' || !cancellation.isPending || cancellation.stopping)
    return refuse('PAYMENT_CANCELLATION_NOT_PENDING', notPendingMessage(cancellation))
  return [
    {
      type: 'CancellationStopRequested',
      transactionId: attempt.transactionId,
      cancellationId,
      requestKey,
      inquiry: intent(now),
    },
  ]
}

const notPendingMessage = ({ status, stopping }: Cancellation): string => {
  if (stopping) return 'The cancellation is being stopped already. Read the payment to see how that ends.'
  return status === 'REQUESTED'
    ? 'The payment gateway has not said yet that it does the cancellation later, and only such a one can be stopped.'
    : `The cancellation is ${status}: nothing is left to stop.`
}

/** Applies the PG's answer to a stop call. A lost answer leaves the cancellation as it is, with an inquiry planned. */
export const settleStop = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<{ at: Instant }>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  if (!cancellationOf(attempt, cancellationId).stopping) return []
  const ids = { transactionId, cancellationId }
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'CancellationStopped', ...ids, stoppedAt: outcome.value.at }, ...askForChargeback(attempt, now)]
    case 'failed':
      return [{ type: 'CancellationStopRefused', ...ids }]
    case 'pending':
    case 'unknown':
      return []
  }
}
