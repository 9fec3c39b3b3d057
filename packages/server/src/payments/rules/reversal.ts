import { failureOf } from '../../doubt/failure.ts'
import { askAgain, type Inquiry, watch, watchOn } from '../../doubt/inquiry.ts'
import type { GatewayCancellation, GatewayCancellationState } from '../../gateways/port/payment.ts'
import type { GatewayFailure, Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment } from '../state/payment.ts'
import { chargedAtGateway, isBeingReversed, reversalReference } from '../state/reversal.ts'

/**
 * A charge that must not stand is refunded at the PG until the PG says it is: as long as the answer is not known, the cancel call
 * is repeated with the same reference, which makes it one refund however often it is sent.
 *
 * Where the PG has answered, there is no doubt left to wait for: the attempt fails at once, and holds up neither the shopper nor the
 * order. A refund that the PG accepts for later is looked at until it is made. One that it refuses, then or later, is asked for again
 * from time to time, and the attempt says that the money is still at the PG.
 */
export const settleReversal = (
  payment: Payment,
  { transactionId, reference }: { readonly transactionId: string; readonly reference: string },
  outcome: ReversalOutcome,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const { phase, inquiry, failure } = attempt
  if (!isBeingReversed(attempt) || !inquiry || !failure) return []
  if (outcome.kind === 'succeeded')
    return phase === 'REVERSING'
      ? [{ type: 'AttemptFailed', transactionId, failure }]
      : [{ type: 'ReversalSucceeded', transactionId }]
  // An answer to a request that another server has seen refused.
  if (reference !== reversalReference(attempt)) return []
  if (outcome.kind === 'failed') return [refused(attempt, failure, outcome.failure, now)]
  // Not put off by another server that has asked at the same moment.
  if (phase !== 'REVERSING') return inquiry.nextAt > now ? [] : [planned(transactionId, watchOn(inquiry, now))]
  return outcome.kind === 'pending'
    ? [{ type: 'ReversalAccepted', transactionId, inquiry: watch(now) }]
    : [planned(transactionId, askAgain(inquiry, now))]
}

/** What the PG says to a refund, or when it is asked about it: an acceptance needs no id there. */
export type ReversalOutcome = Exclude<Outcome<GatewayCancellation>, { kind: 'pending' }> | { readonly kind: 'pending' }

const planned = (transactionId: string, inquiry: Inquiry): PaymentEvent => ({
  type: 'InquiryPlanned',
  transactionId,
  of: { kind: 'approval' },
  inquiry,
})

const refused = (
  attempt: Attempt,
  shown: NonNullable<Attempt['failure']>,
  refusal: GatewayFailure,
  now: Instant,
): PaymentEvent => {
  const { transactionId, inquiry, refusedReversal } = attempt
  const cause = refusedReversal?.cause ?? shown
  const failure = naruFailure('NARU_NOT_REFUNDED', {
    charged: chargedAtGateway(attempt),
    cause: cause.pgCode ?? cause.reason ?? '',
    refusal: failureOf(refusal).reason,
  })
  const next = refusedReversal && inquiry ? watchOn(inquiry, now) : watch(now)
  return { type: 'ReversalRefused', transactionId, failure: failureOf(failure), cause, inquiry: next }
}

/** What is known of the refund from the PG's answer to an inquiry; `undefined` where it is to be asked for (again). */
export const knownReversal = (asked: Outcome<GatewayCancellationState>): ReversalOutcome | undefined => {
  if (asked.kind !== 'succeeded') return undefined
  switch (asked.value.state) {
    case 'SUCCEEDED':
      return { kind: 'succeeded', value: asked.value.cancellation }
    case 'FAILED':
      return { kind: 'failed', failure: asked.value.failure }
    case 'PENDING':
      return { kind: 'pending' }
    case 'STOPPED':
      // Withdrawn there. Nothing more comes of this one, as of one that was refused.
      return { kind: 'failed', failure: naruFailure('NARU_UNKNOWN_FAILURE') }
    case 'NONE':
      return undefined
  }
}
