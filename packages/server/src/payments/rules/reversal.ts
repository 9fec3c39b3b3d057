import { askAgain } from '../../doubt/inquiry.ts'
import type { GatewayCancellation, GatewayCancellationState } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { PaymentEvent } from '../state/event.ts'
import { attemptOf, type Payment } from '../state/payment.ts'

/**
 * A charge that must not stand is refunded at the PG until the PG says it is: the cancel call is repeated with the same
 * reference, which makes it one refund however often it is sent. Only then does the attempt read FAILED.
 */
export const settleReversal = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayCancellation>,
  now: Instant,
): readonly PaymentEvent[] => {
  const { phase, inquiry, failure } = attemptOf(payment, transactionId)
  if (phase !== 'REVERSING' || !inquiry || !failure) return []
  return outcome.kind === 'succeeded'
    ? [{ type: 'AttemptFailed', transactionId, failure }]
    : [{ type: 'InquiryPlanned', transactionId, of: { kind: 'approval' }, inquiry: askAgain(inquiry, now) }]
}

/** Whether the refund is known to be done, from the PG's answer to an inquiry about it. */
export const reversalDone = (outcome: Outcome<GatewayCancellationState>): Outcome<GatewayCancellation> | undefined =>
  outcome.kind === 'succeeded' && outcome.value.state === 'SUCCEEDED'
    ? { kind: 'succeeded', value: outcome.value.cancellation }
    : undefined
