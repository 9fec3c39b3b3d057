import type { PaymentFailure, PaymentMethod } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { DisputeEvent } from './dispute.ts'
import type { FulfilmentEvent } from './fulfilment.ts'
import type { Attempt, Cancellation, PreRegistration } from './payment.ts'
import type { PromotionEvent } from './promotion.ts'
import type { ReversalEvent } from './reversal.ts'
import type { ScheduleEvent } from './schedule.ts'

/** A change of a payment. Events are facts: once journaled they are never altered, only followed by others. */
export type PaymentEvent =
  | ScheduleEvent
  | PromotionEvent
  | DisputeEvent
  | FulfilmentEvent
  | ReversalEvent
  | { readonly type: 'PreRegistered'; readonly expected: PreRegistration }
  | { readonly type: 'CheckoutOpened'; readonly attempt: AttemptStart }
  /** The shopper agreed in the window that was opened. */
  | {
      readonly type: 'ShopperAuthenticated'
      readonly transactionId: string
      readonly authentication: NonNullable<Attempt['authentication']>
      readonly method?: PaymentMethod | undefined
    }
  /** The PG's own window says that it charged. Nobody has to be believed: the PG is asked. */
  | { readonly type: 'SelfChargeReported'; readonly transactionId: string; readonly inquiry: Inquiry }
  /**
   * The merchant closed the window, or replaced it: what the PG charges in it from now on, or approves after it has failed, is given
   * back.
   */
  | { readonly type: 'ChargeRefused'; readonly transactionId: string }
  /** As earlier versions wrote it of windows in which the PG charges. */
  | { readonly type: 'SelfChargeRefused'; readonly transactionId: string }
  /** The PG can charge no more in its own window. */
  | { readonly type: 'SelfChargeEnded'; readonly transactionId: string }
  /** The shopper, or the merchant who was to confirm, took too long: nothing can be agreed to or confirmed any more. */
  | { readonly type: 'WindowExpired'; readonly transactionId: string }
  | { readonly type: 'ApprovalRequested'; readonly attempt: AttemptStart; readonly inquiry: Inquiry }
  | {
      readonly type: 'ConfirmationRequested'
      readonly transactionId: string
      readonly requestKey?: string | undefined
      readonly skipWebhook?: boolean | undefined
      readonly inquiry: Inquiry
    }
  | {
      readonly type: 'ApprovalPending'
      readonly transactionId: string
      readonly pgTransactionId: string
      readonly inquiry: Inquiry
    }
  | { readonly type: 'Approved'; readonly transactionId: string; readonly approval: ApprovalFacts }
  | {
      readonly type: 'AttemptFailed'
      readonly transactionId: string
      readonly failure: PaymentFailure
      /** Another window of the order took its place. */
      readonly isReplaced?: true
    }
  | {
      readonly type: 'ReversalRequested'
      readonly transactionId: string
      readonly approval: ApprovalFacts
      /** What was charged, where that is not what was asked. */
      readonly charged?: Amount | undefined
      readonly failure: PaymentFailure
      readonly inquiry: Inquiry
    }
  | { readonly type: 'VirtualAccountIssued'; readonly transactionId: string; readonly account: VirtualAccountFacts }
  | {
      readonly type: 'DepositReceived'
      readonly transactionId: string
      readonly paidAt: Instant
      readonly remitterName?: string | undefined
    }
  | {
      readonly type: 'VirtualAccountCloseRequested'
      readonly transactionId: string
      readonly requestKey?: string | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'VirtualAccountCloseRefused'; readonly transactionId: string }
  | {
      readonly type: 'VirtualAccountClosed'
      readonly transactionId: string
      readonly closedAt: Instant
      readonly failure: PaymentFailure
    }
  | { readonly type: 'CaptureRequested'; readonly transactionId: string; readonly inquiry: Inquiry }
  | { readonly type: 'CaptureRefused'; readonly transactionId: string }
  | { readonly type: 'Captured'; readonly transactionId: string; readonly capturedAt: Instant }
  | {
      readonly type: 'CancellationRequested'
      readonly transactionId: string
      readonly cancellation: CancellationStart
      readonly inquiry: Inquiry
    }
  | {
      readonly type: 'CancellationPending'
      readonly transactionId: string
      readonly cancellationId: string
      readonly inquiry: Inquiry
    }
  | {
      readonly type: 'CancellationSucceeded'
      readonly transactionId: string
      readonly cancellationId: string
      /** Absent where there was no money to refund, so that no PG was asked. */
      readonly pgCancellationId?: string | undefined
      readonly cancelledAt: Instant
      readonly receiptUrl?: string | undefined
    }
  | {
      readonly type: 'CancellationFailed'
      readonly transactionId: string
      readonly cancellationId: string
      readonly failure: PaymentFailure
    }
  | {
      readonly type: 'CancellationStopRequested'
      readonly transactionId: string
      readonly cancellationId: string
      readonly requestKey?: string | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'CancellationStopRefused'; readonly transactionId: string; readonly cancellationId: string }
  | {
      readonly type: 'CancellationStopped'
      readonly transactionId: string
      readonly cancellationId: string
      readonly stoppedAt: Instant
    }
  /** The PG gave no final word; ask again at `inquiry.nextAt`. */
  | {
      readonly type: 'InquiryPlanned'
      readonly transactionId: string
      readonly of: InquirySubject
      readonly inquiry: Inquiry
    }

/** What an inquiry is about. */
export type InquirySubject =
  | { readonly kind: 'approval' }
  | { readonly kind: 'self-charge' }
  | { readonly kind: 'closing' }
  | { readonly kind: 'capture' }
  | { readonly kind: 'dispute' }
  | { readonly kind: 'fulfilment' }
  | { readonly kind: 'cancellation'; readonly cancellationId: string }

export type AttemptStart = Pick<
  Attempt,
  | 'transactionId'
  | 'request'
  | 'origin'
  | 'asked'
  | 'channel'
  | 'channelGroup'
  | 'billingKey'
  | 'scheduleId'
  | 'requestKey'
  | 'authentication'
  | 'selfCharge'
  | 'method'
  | 'promotion'
>

export type CancellationStart = Pick<
  Cancellation,
  | 'id'
  | 'totalAmount'
  | 'taxFreeAmount'
  | 'vatAmount'
  | 'reason'
  | 'requester'
  | 'trigger'
  | 'requestKey'
  | 'skipWebhook'
  | 'promotion'
>

export type ApprovalFacts = {
  readonly pgTransactionId: string
  readonly paidAt: Instant
  readonly method: PaymentMethod
  readonly pgResponse: string
  readonly receiptUrl?: string | undefined
}

export type VirtualAccountFacts = {
  readonly pgTransactionId: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly method: PaymentMethod
}
