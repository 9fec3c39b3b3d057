import type { PaymentWebhookTrigger } from '@naru/contract'
import type { Happened } from '../aggregates/aggregate.ts'
import { isLate } from '../doubt/inquiry.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Announcement } from '../webhooks/message.ts'
import { cancellationOf } from './rules/settle-cancellation.ts'
import type { PaymentEvent } from './state/event.ts'
import { type Attempt, attemptOf, type Payment, statusOf } from './state/payment.ts'

/**
 * What the merchant hears of an event. Nothing is said of a success that the caller learns from the answer to its own
 * call and asked to be quiet about (`skipWebhook`); failures, and whatever comes later from outside, are always announced.
 */
export const announce = ({ before, event, after, at }: Happened<Payment, PaymentEvent>): readonly Announcement[] => {
  if (!('attempt' in event) && !('transactionId' in event)) return []
  const transactionId = 'attempt' in event ? event.attempt.transactionId : event.transactionId
  const attempt = attemptOf(after, transactionId)
  const news = newsOf(
    before.attempts.find((earlier) => earlier.transactionId === transactionId),
    event,
    attempt,
    at,
  )
  if (!news) return []
  const { trigger, ...what } = news
  return [
    {
      ...what,
      storeId: after.storeId,
      paymentId: after.paymentId,
      transactionId,
      environment: attempt.channel.type,
      at,
      paymentStatus: statusOf(attempt),
      ...(trigger === undefined ? {} : { trigger }),
      ...(attempt.request.noticeUrls === undefined ? {} : { noticeUrls: attempt.request.noticeUrls }),
    },
  ]
}

type News = { readonly trigger?: PaymentWebhookTrigger } & (
  | {
      readonly type:
        | 'Transaction.Ready'
        | 'Transaction.Paid'
        | 'Transaction.VirtualAccountIssued'
        | 'Transaction.Failed'
        | 'Transaction.PayPending'
        | 'Transaction.DisputeCreated'
        | 'Transaction.DisputeResolved'
    }
  | {
      readonly type: 'Transaction.PartialCancelled' | 'Transaction.Cancelled' | 'Transaction.CancelPending'
      readonly cancellationId: string
    }
)

const newsOf = (before: Attempt | undefined, event: PaymentEvent, after: Attempt, at: Instant): News | undefined => {
  const late = learnedLate(before, at)
  const quiet = after.request.skipWebhook === true && !late
  switch (event.type) {
    case 'CheckoutOpened':
      return { type: 'Transaction.Ready' }
    case 'Approved': {
      // Nobody had come back from the window that the PG charged in.
      const isNews = late || before?.phase === 'READY'
      return quiet ? undefined : { type: 'Transaction.Paid', ...(isNews && { trigger: 'ASYNC_PAY_APPROVED' }) }
    }
    case 'AttemptFailed':
      return { type: 'Transaction.Failed', ...(late && { trigger: 'ASYNC_PAY_FAILED' }) }
    case 'ReversalAccepted':
      return { type: 'Transaction.Failed' }
    // That the PG refuses once more, or has made the refund that it accepted, is no news; that it gives the money back at last is.
    case 'ReversalRefused':
      return before?.refusedReversal ? undefined : { type: 'Transaction.Failed' }
    case 'ReversalSucceeded':
      return before?.refusedReversal && { type: 'Transaction.Failed' }
    case 'ApprovalPending':
      return heardPending(before) ? undefined : { type: 'Transaction.PayPending' }
    case 'InquiryPlanned':
      return becomesPending(event, before)
        ? { type: 'Transaction.PayPending', trigger: 'ASYNC_PAY_PENDING' }
        : undefined
    case 'VirtualAccountIssued':
      return quiet ? undefined : { type: 'Transaction.VirtualAccountIssued' }
    case 'DepositReceived':
      return { type: 'Transaction.Paid', trigger: 'VIRTUAL_ACCOUNT_DEPOSIT' }
    case 'VirtualAccountClosed':
      return { type: 'Transaction.Failed' }
    case 'CancellationPending':
      return { type: 'Transaction.CancelPending', cancellationId: event.cancellationId }
    case 'CancellationSucceeded':
      return cancelled(before, event.cancellationId, after, at)
    case 'DisputeCreated':
      return { type: 'Transaction.DisputeCreated', trigger: 'DISPUTE_CREATED' }
    case 'DisputeResolved':
      return { type: 'Transaction.DisputeResolved', trigger: 'DISPUTE_RESOLVED' }
    case 'FulfilmentRequested':
    case 'FulfilmentDone':
    case 'FulfilmentRefused':
    case 'EscrowProgressed':
    case 'PreRegistered':
    case 'ScheduleCreated':
    case 'ScheduleRevoked':
    case 'ApprovalRequested':
    case 'ConfirmationRequested':
    case 'ReversalRequested':
    case 'VirtualAccountCloseRequested':
    case 'VirtualAccountCloseRefused':
    case 'CaptureRequested':
    case 'CaptureRefused':
    case 'Captured':
    case 'CancellationRequested':
    case 'CancellationFailed':
    case 'CancellationStopRequested':
    case 'CancellationStopRefused':
    case 'CancellationStopped':
      return undefined
  }
}

const cancelled = (
  before: Attempt | undefined,
  cancellationId: string,
  after: Attempt,
  at: Instant,
): News | undefined => {
  const earlier = before && cancellationOf(before, cancellationId)
  const late = earlier?.isPending === true || isLate(earlier?.inquiry, at)
  if (earlier?.skipWebhook && !late) return undefined
  const type = after.phase === 'CANCELLED' ? 'Transaction.Cancelled' : 'Transaction.PartialCancelled'
  return { type, cancellationId, ...(late && { trigger: 'ASYNC_CANCEL_APPROVED' }) }
}

/** The result came after the caller could have been told: the PG had it pending, or we had to ask later. */
const learnedLate = (before: Attempt | undefined, at: Instant): boolean =>
  before !== undefined &&
  (heardPending(before) || before.phase === 'FAILED' || (before.phase === 'APPROVING' && isLate(before.inquiry, at)))

/** Whether the merchant was already told that the result will come later. */
const heardPending = (before: Attempt | undefined): boolean =>
  before !== undefined &&
  (before.phase === 'PAY_PENDING' || (before.phase === 'APPROVING' && (before.inquiry?.count ?? 0) > 0))

/** An answer that stays unknown after one look is news; that it still is after the next looks is not. */
const becomesPending = (
  event: Extract<PaymentEvent, { type: 'InquiryPlanned' }>,
  before: Attempt | undefined,
): boolean =>
  event.of.kind === 'approval' && event.inquiry.count > 0 && before?.phase === 'APPROVING' && !heardPending(before)
