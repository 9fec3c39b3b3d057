import type { PaymentFailure } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { Attempt } from './payment.ts'
import { chargedAmount } from './promotion.ts'

/** What becomes of a charge that does not stand, once the PG has refused to give it back. */
export type ReversalEvent =
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
  switch (event.type) {
    case 'ReversalRefused': {
      const { failure, cause, inquiry } = event
      const times = timesRefused(attempt) + 1
      const failed = times === 1 ? ({ phase: 'FAILED', statusChangedAt: at, failedAt: at } as const) : {}
      return { ...attempt, ...failed, failure, inquiry, refusedReversal: { times, cause } }
    }
    case 'ReversalSucceeded': {
      const { refusedReversal, inquiry: _, ...rest } = attempt
      return { ...rest, failure: refusedReversal?.cause ?? attempt.failure, returnedAt: at }
    }
  }
}

/** The PG is to give back what it charged: it was not asked yet, its answer is waited for, or it has refused so far. */
export const isBeingReversed = ({ phase, refusedReversal }: Attempt): boolean =>
  phase === 'REVERSING' || refusedReversal !== undefined

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
