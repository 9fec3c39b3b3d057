import type { Inquiry } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import { cancelledAmount } from './amount.ts'
import { evolveDisputes } from './dispute.ts'
import type { AttemptStart, InquirySubject, PaymentEvent } from './event.ts'
import { evolveFulfilment, withFulfilmentInquiry } from './fulfilment.ts'
import type { Attempt, Cancellation, Payment } from './payment.ts'
import { evolvePromotion } from './promotion.ts'
import { evolveReversal } from './reversal.ts'
import { evolveSchedules, startSchedule } from './schedule.ts'

/** A payment before anything happened to it. */
export const noPayment = (merchantId: string, storeId: string, paymentId: string): Payment => ({
  merchantId,
  storeId,
  paymentId,
  attempts: [],
})

/** Folds one event into the payment. Total and pure: replaying a journal gives the snapshot, on any machine. */
export const evolve = (payment: Payment, event: PaymentEvent, at: Instant): Payment => {
  switch (event.type) {
    case 'PreRegistered':
      return { ...payment, preRegistered: event.expected }
    case 'CheckoutOpened':
      return withAttempt(payment, startAttempt(event.attempt, 'READY', at))
    case 'ApprovalRequested':
      return withAttempt(started(payment, event.attempt, at), {
        ...startAttempt(event.attempt, 'APPROVING', at),
        inquiry: event.inquiry,
      })
    case 'ScheduleCreated':
    case 'ScheduleRevoked':
      return evolveSchedules(payment, event, at)
    default:
      return {
        ...payment,
        attempts: payment.attempts.map((attempt) =>
          attempt.transactionId === event.transactionId
            ? { ...evolveAttempt(attempt, event, at), updatedAt: at }
            : attempt,
        ),
      }
  }
}

type AttemptEvent = Extract<PaymentEvent, { transactionId: string }>

const withAttempt = (payment: Payment, attempt: Attempt): Payment => ({
  ...payment,
  attempts: [...payment.attempts, attempt],
})

const started = (payment: Payment, { scheduleId, transactionId }: AttemptStart, at: Instant): Payment =>
  scheduleId === undefined ? payment : startSchedule(payment, scheduleId, transactionId, at)

const startAttempt = (start: AttemptStart, phase: Attempt['phase'], at: Instant): Attempt => ({
  ...start,
  phase,
  requestedAt: at,
  updatedAt: at,
  statusChangedAt: at,
  cancellations: [],
  disputes: [],
})

const evolveAttempt = (attempt: Attempt, event: AttemptEvent, at: Instant): Attempt => {
  switch (event.type) {
    case 'ShopperAuthenticated':
      return { ...attempt, authentication: event.authentication, method: event.method ?? attempt.method }
    case 'SelfChargeReported':
      return moved({ ...attempt, inquiry: event.inquiry }, 'APPROVING', at)
    case 'ChargeRefused':
      return { ...attempt, isUnwanted: true }
    case 'SelfChargeRefused':
      return attempt.selfCharge ? { ...attempt, selfCharge: { ...attempt.selfCharge, isUnwanted: true } } : attempt
    case 'SelfChargeEnded':
      return withoutSelfCharge(attempt)
    case 'WindowExpired':
      return { ...attempt, expiredAt: at }
    case 'ConfirmationRequested': {
      const { requestKey, skipWebhook, inquiry } = event
      const request = { ...attempt.request, skipWebhook }
      return moved({ ...attempt, requestKey, request, inquiry }, 'APPROVING', at)
    }
    case 'ApprovalPending':
      return moved({ ...attempt, pgTransactionId: event.pgTransactionId, inquiry: event.inquiry }, 'PAY_PENDING', at)
    case 'Approved':
      return moved({ ...withoutInquiry(withoutFailure(withoutSelfCharge(attempt))), ...event.approval }, 'PAID', at)
    case 'AttemptFailed':
      return moved(
        {
          ...withoutInquiry(attempt),
          failure: event.failure,
          failedAt: at,
          ...(event.isReplaced && { isReplaced: true }),
        },
        'FAILED',
        at,
      )
    case 'ReversalRequested':
      return moved(
        {
          ...withoutClosing(withoutSelfCharge(attempt)),
          ...event.approval,
          ...(event.charged === undefined ? {} : { charged: event.charged }),
          failure: event.failure,
          inquiry: event.inquiry,
        },
        'REVERSING',
        at,
      )
    case 'ReversalAccepted':
    case 'ReversalRefused':
    case 'ReversalSucceeded':
      return evolveReversal(attempt, event, at)
    case 'VirtualAccountIssued':
    case 'DepositReceived':
    case 'VirtualAccountCloseRequested':
    case 'VirtualAccountCloseRefused':
    case 'VirtualAccountClosed':
      return evolveVirtualAccount(attempt, event, at)
    case 'CaptureRequested':
      return { ...attempt, capture: { inquiry: event.inquiry } }
    case 'CaptureRefused':
      return withoutCapture(attempt)
    case 'Captured':
      return { ...attempt, capture: { capturedAt: event.capturedAt } }
    case 'DisputeCreated':
    case 'DisputeResolved':
      return evolveDisputes(attempt, event)
    case 'FulfilmentRequested':
    case 'FulfilmentDone':
    case 'FulfilmentRefused':
    case 'EscrowProgressed':
      return evolveFulfilment(attempt, event)
    case 'PromotionSettled':
      return evolvePromotion(attempt, event)
    case 'InquiryPlanned':
      return withInquiry(attempt, event.of, event.inquiry)
    default:
      return evolveCancellations(attempt, event, at)
  }
}

const evolveVirtualAccount = (
  attempt: Attempt,
  event: Extract<AttemptEvent, { type: `VirtualAccount${string}` | 'DepositReceived' }>,
  at: Instant,
): Attempt => {
  switch (event.type) {
    case 'VirtualAccountIssued': {
      const { pgTransactionId, method, issuedAt, expiresAt } = event.account
      const issued = {
        ...withoutInquiry(withoutFailure(withoutSelfCharge(knownAccount(attempt)))),
        pgTransactionId,
        method,
        virtualAccount: { issuedAt, expiresAt },
      }
      return moved(issued, 'VIRTUAL_ACCOUNT_ISSUED', at)
    }
    case 'DepositReceived': {
      const { method } = attempt
      const named =
        method?.type === 'PaymentMethodVirtualAccount' && event.remitterName !== undefined
          ? { method: { ...method, remitterName: event.remitterName } }
          : {}
      return moved({ ...withoutClosing(withoutFailure(attempt)), ...named, paidAt: event.paidAt }, 'PAID', at)
    }
    case 'VirtualAccountCloseRequested':
      return { ...attempt, closeRequestKey: event.requestKey, closing: { inquiry: event.inquiry } }
    case 'VirtualAccountCloseRefused':
      return withoutClosing(attempt)
    case 'VirtualAccountClosed': {
      const closed = {
        ...withoutInquiry(withoutClosing(attempt)),
        closedAt: event.closedAt,
        failure: event.failure,
        failedAt: at,
      }
      return moved(closed, 'FAILED', at)
    }
  }
}

const evolveCancellations = (
  attempt: Attempt,
  event: Extract<AttemptEvent, { type: `Cancellation${string}` }>,
  at: Instant,
): Attempt => {
  if (event.type === 'CancellationRequested') {
    const requested = { ...event.cancellation, status: 'REQUESTED', isPending: false, requestedAt: at } as const
    return { ...attempt, cancellations: [...attempt.cancellations, { ...requested, inquiry: event.inquiry }] }
  }
  const cancellations = attempt.cancellations.map((cancellation) =>
    cancellation.id === event.cancellationId ? evolveCancellation(cancellation, event) : cancellation,
  )
  const changed = { ...attempt, cancellations }
  if (event.type !== 'CancellationSucceeded') return changed
  const isAll = cancelledAmount(changed) === attempt.request.amount.total
  return moved(changed, isAll ? 'CANCELLED' : 'PARTIAL_CANCELLED', at)
}

const evolveCancellation = (
  cancellation: Cancellation,
  event: Exclude<Extract<AttemptEvent, { cancellationId: string }>, { type: 'CancellationRequested' }>,
): Cancellation => {
  const { inquiry: _, stopping: __, ...settled } = cancellation
  switch (event.type) {
    case 'CancellationPending':
      return { ...cancellation, isPending: true, inquiry: event.inquiry }
    case 'CancellationSucceeded': {
      const { pgCancellationId, cancelledAt, receiptUrl } = event
      return { ...settled, status: 'SUCCEEDED', pgCancellationId, cancelledAt, receiptUrl }
    }
    case 'CancellationFailed':
      return { ...settled, status: 'FAILED', failure: event.failure }
    case 'CancellationStopRequested':
      return { ...cancellation, stopRequestKey: event.requestKey, stopping: true, inquiry: event.inquiry }
    case 'CancellationStopRefused': {
      const { stopping: _stopping, ...kept } = cancellation
      return kept
    }
    case 'CancellationStopped':
      return { ...settled, status: 'FAILED', stoppedAt: event.stoppedAt }
  }
}

const moved = (attempt: Attempt, phase: Attempt['phase'], at: Instant): Attempt => ({
  ...attempt,
  phase,
  statusChangedAt: at,
})

const withoutInquiry = ({ inquiry: _, ...attempt }: Attempt): Attempt => attempt
/** That the PG charges by itself stays known: its word on a window that was left still counts. */
const withoutSelfCharge = (attempt: Attempt): Attempt => {
  if (!attempt.selfCharge) return attempt
  const { inquiry: _, ...selfCharge } = attempt.selfCharge
  return { ...attempt, selfCharge }
}
/** An account that the PG opened as it was asked to is known to the merchant, who can close it. One that opens late is not. */
const knownAccount = (attempt: Attempt): Attempt => {
  if (attempt.selfCharge || attempt.phase === 'FAILED') return attempt
  const { isUnwanted: _, ...known } = attempt
  return known
}
const withoutClosing = ({ closing: _, ...attempt }: Attempt): Attempt => attempt
const withoutCapture = ({ capture: _, ...attempt }: Attempt): Attempt => attempt
const withoutFailure = ({ failure: _, failedAt: __, closedAt: ___, ...attempt }: Attempt): Attempt => attempt

const withInquiry = (attempt: Attempt, of: InquirySubject, inquiry: Inquiry): Attempt => {
  switch (of.kind) {
    case 'approval':
      return { ...attempt, inquiry }
    case 'self-charge':
      return attempt.selfCharge ? { ...attempt, selfCharge: { ...attempt.selfCharge, inquiry } } : attempt
    case 'closing':
      return attempt.closing ? { ...attempt, closing: { ...attempt.closing, inquiry } } : attempt
    case 'capture':
      return { ...attempt, capture: { inquiry } }
    case 'dispute':
      return { ...attempt, disputeInquiry: inquiry }
    case 'fulfilment':
      return withFulfilmentInquiry(attempt, inquiry)
    case 'cancellation':
      return {
        ...attempt,
        cancellations: attempt.cancellations.map((cancellation) =>
          cancellation.id === of.cancellationId ? { ...cancellation, inquiry } : cancellation,
        ),
      }
  }
}
