import type { PaymentFailure } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { Attempt } from './payment.ts'
import { chargedAmount } from './promotion.ts'

/** What becomes of a charge that does not stand, once the PG has accepted to give it back later, or has refused to. */
export type ReversalEvent =
  | { readonly type: 'ReversalAccepted'; readonly transactionId: string; readonly inquiry: Inquiry }
  | {
      readonly type: 'ReversalRefused'
      readonly transactionId: string
      /** What the attempt shows as long as the PG has the money. */
      readonly failure: PaymentFailure
      /** Why the charge does not stand. */
      readonly cause: PaymentFailure
      readonly inquiry: Inquiry
    }
  | { readonly type: 'ReversalSucceeded'; readonly transactionId: string }

export const evolveReversal = (attempt: Attempt, event: ReversalEvent, at: Instant): Attempt => {
  const failed = attempt.phase === 'REVERSING' ? ({ phase: 'FAILED', statusChangedAt: at, failedAt: at } as const) : {}
  switch (event.type) {
    case 'ReversalAccepted':
      return { ...attempt, ...failed, inquiry: event.inquiry }
    case 'ReversalRefused': {
      const { failure, cause, inquiry } = event
      const times = timesRefused(attempt) + 1
      return { ...attempt, ...failed, failure, inquiry, refusedReversal: { times, cause } }
    }
    case 'ReversalSucceeded': {
      const { refusedReversal, inquiry: _, ...rest } = attempt
      return { ...rest, failure: refusedReversal?.cause ?? attempt.failure, returnedAt: at }
    }
  }
}

/** The PG is to give back what it charged: it was not asked yet, its answer is waited for, or it has refused or accepted so far. */
export const isBeingReversed = (attempt: Attempt): boolean =>
  attempt.phase === 'REVERSING' || attempt.refusedReversal !== undefined || isReversalAccepted(attempt)

/** The PG gives back what it charged, only later. Nothing else of an attempt that has failed is asked about. */
export const isReversalAccepted = ({ phase, inquiry, refusedReversal }: Attempt): boolean =>
  phase === 'FAILED' && inquiry !== undefined && refusedReversal === undefined

/** What the PG charged, also where that is not what it was asked to charge. */
export const chargedAtGateway = (attempt: Attempt): Amount => attempt.charged ?? chargedAmount(attempt)

/**
 * What the refund goes under at the PG. One that it has refused is over, and a PG that keeps its answers would refuse whatever comes
 * under the same reference: the next is another request.
 */
export const reversalReference = (attempt: Attempt): string => {
  const times = timesRefused(attempt)
  return `${attempt.transactionId}-reversal${times === 0 ? '' : `-${times + 1}`}`
}

const timesRefused = ({ refusedReversal }: Attempt): number => refusedReversal?.times ?? 0
