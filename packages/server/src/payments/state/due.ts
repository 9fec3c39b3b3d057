import type { Instant } from '../../kernel/clock.ts'
import type { Payment } from './payment.ts'
import { unsettledHold } from './promotion.ts'
import { consentDueAt, windowExpiresAt } from './window.ts'

/** When this payment next needs attention without anybody asking; `undefined` when it is at rest. */
export const nextDueAt = (payment: Payment): Instant | undefined => {
  const instants = payment.attempts.flatMap((attempt) => [
    attempt.inquiry?.nextAt,
    attempt.selfCharge?.inquiry?.nextAt,
    attempt.closing?.inquiry.nextAt,
    attempt.capture?.inquiry?.nextAt,
    // A promotion's budget has yet to be told: at once, that is since the attempt changed.
    unsettledHold(attempt) && attempt.updatedAt,
    windowExpiresAt(attempt),
    consentDueAt(attempt),
    attempt.disputeInquiry?.nextAt,
    attempt.fulfilment?.pending?.inquiry.nextAt,
    ...attempt.cancellations.map((cancellation) => cancellation.inquiry?.nextAt),
    attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED' && !attempt.closing ? attempt.virtualAccount?.expiresAt : undefined,
  ])
  const planned = instants.filter((instant) => instant !== undefined)
  return planned.length === 0 ? undefined : Math.min(...planned)
}
