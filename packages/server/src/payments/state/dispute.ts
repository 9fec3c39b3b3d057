import type { Dispute } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { compact } from '../../kernel/compact.ts'
import type { Attempt } from './payment.ts'

/** A buyer's objection, as the PG told of it. A lost one is followed by the events of an ordinary cancellation. */
export type DisputeEvent =
  | {
      readonly type: 'DisputeCreated'
      readonly transactionId: string
      readonly pgDisputeId: string
      readonly reason: string
      readonly createdAt: Instant
      /** An open dispute is asked about now and then: the notification of its end may get lost. */
      readonly inquiry: Inquiry
    }
  | {
      readonly type: 'DisputeResolved'
      readonly transactionId: string
      readonly pgDisputeId: string
      readonly resolvedAt: Instant
    }

export const evolveDisputes = (attempt: Attempt, event: DisputeEvent): Attempt => {
  switch (event.type) {
    case 'DisputeCreated': {
      const { pgDisputeId, reason, createdAt, inquiry } = event
      const dispute: Dispute = { status: 'UNRESOLVED', pgDisputeId, reason, createdAt: toIso(createdAt) }
      return { ...attempt, disputes: [...attempt.disputes, dispute], disputeInquiry: inquiry }
    }
    case 'DisputeResolved': {
      const disputes = attempt.disputes.map((dispute) =>
        dispute.pgDisputeId === event.pgDisputeId
          ? { ...dispute, status: 'RESOLVED' as const, resolvedAt: toIso(event.resolvedAt) }
          : dispute,
      )
      const { disputeInquiry, ...rest } = attempt
      const isOver = disputes.every(({ status }) => status === 'RESOLVED')
      return { ...rest, disputes, ...compact({ disputeInquiry: isOver ? undefined : disputeInquiry }) }
    }
  }
}
