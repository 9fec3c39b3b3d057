import type {
  CancelRequester,
  ChannelGroupSummary,
  Country,
  Currency,
  Customer,
  Dispute,
  PaymentFailure,
  PaymentMethod,
  PaymentOrigin,
  PaymentProduct,
  PaymentProductType,
  SelectedChannel,
  Trigger,
} from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { DisputeEvent } from './dispute.ts'
import type { Fulfilment, FulfilmentEvent } from './fulfilment.ts'
import type { AttemptPromotion, CancellationAdjustment, PromotionEvent } from './promotion.ts'
import type { Schedule, ScheduleEvent } from './schedule.ts'

/**
 * A payment is one order, addressed by the merchant's `paymentId`; an attempt (the contract's "transaction") is one try
 * at paying it. At most one attempt of a payment is ever paid.
 */
export type Payment = {
  readonly merchantId: string
  readonly storeId: string
  readonly paymentId: string
  /** What the merchant's server announced beforehand; an attempt that differs is refused. */
  readonly preRegistered?: PreRegistration | undefined
  /** Oldest first. Empty while the payment is only pre-registered: then it is invisible. */
  readonly attempts: readonly Attempt[]
  /** Oldest first. */
  readonly schedules?: readonly Schedule[] | undefined
}

export type PreRegistration = {
  readonly totalAmount?: Amount | undefined
  readonly taxFreeAmount?: Amount | undefined
  readonly currency?: Currency | undefined
}

/** What was asked for, kept as given apart from anything secret. */
export type PaymentRequest = {
  readonly orderName: string
  readonly amount: { readonly total: Amount; readonly taxFree: Amount; readonly vat: Amount }
  readonly currency: Currency
  readonly customer: Customer
  readonly isCulturalExpense?: boolean | undefined
  readonly isEscrow?: boolean | undefined
  readonly products?: readonly PaymentProduct[] | undefined
  readonly productCount?: number | undefined
  readonly productType?: PaymentProductType | undefined
  readonly customData?: string | undefined
  readonly country?: Country | undefined
  /** Where webhooks of this attempt go instead of the store's URL. */
  readonly noticeUrls?: readonly string[] | undefined
  readonly skipWebhook?: boolean | undefined
}

/**
 * Where an attempt stands. `APPROVING` and `REVERSING` are between our commit and the PG's answer, and read
 * `PAY_PENDING` from outside; the others are the contract's statuses.
 */
export type Phase =
  | 'READY'
  | 'APPROVING'
  | 'PAY_PENDING'
  | 'VIRTUAL_ACCOUNT_ISSUED'
  | 'PAID'
  | 'PARTIAL_CANCELLED'
  | 'CANCELLED'
  | 'FAILED'
  /** The PG charged what it should not have (another amount, or an order already paid): being undone. */
  | 'REVERSING'

export type Attempt = {
  readonly transactionId: string
  readonly phase: Phase
  readonly request: PaymentRequest
  readonly origin: PaymentOrigin
  readonly channel: SelectedChannel
  readonly channelGroup?: ChannelGroupSummary | undefined
  readonly billingKey?: string | undefined
  /** The schedule that this attempt executes. */
  readonly scheduleId?: string | undefined
  readonly requestedAt: Instant
  readonly updatedAt: Instant
  readonly statusChangedAt: Instant
  /** Digest of the Idempotency-Key that started it, so that a retry after a crash finds it. */
  readonly requestKey?: string | undefined
  /** Digest of the token that a shopper's authentication gave, for manual confirm; and the PG's proof. */
  readonly authentication?: { readonly tokenDigest: string; readonly authorization: string }
  readonly method?: PaymentMethod | undefined
  readonly pgTransactionId?: string | undefined
  readonly pgResponse?: string | undefined
  readonly receiptUrl?: string | undefined
  readonly paidAt?: Instant | undefined
  readonly failedAt?: Instant | undefined
  readonly failure?: PaymentFailure | undefined
  /** Set while we wait for the PG's word on this attempt. */
  readonly inquiry?: Inquiry | undefined
  readonly virtualAccount?: { readonly issuedAt: Instant; readonly expiresAt: Instant }
  readonly closing?: { readonly inquiry: Inquiry } | undefined
  readonly closedAt?: Instant | undefined
  /** Digest of the Idempotency-Key that closed it. */
  readonly closeRequestKey?: string | undefined
  readonly capture?: { readonly inquiry?: Inquiry | undefined; readonly capturedAt?: Instant | undefined }
  /** The discount that was granted; absent where none was. */
  readonly promotion?: AttemptPromotion | undefined
  readonly cancellations: readonly Cancellation[]
  readonly disputes: readonly Dispute[]
  /** Set while a dispute is open. */
  readonly disputeInquiry?: Inquiry | undefined
  /** What the PG was told about the goods. */
  readonly fulfilment?: Fulfilment | undefined
}

export type Cancellation = {
  readonly id: string
  /** `REQUESTED` holds its amount back from further cancellations until the PG has answered. */
  readonly status: 'REQUESTED' | 'SUCCEEDED' | 'FAILED'
  /** Whether the PG accepted it and does it later; only such a one can be stopped. */
  readonly isPending: boolean
  readonly totalAmount: Amount
  readonly taxFreeAmount: Amount
  readonly vatAmount: Amount
  readonly reason: string
  readonly requester?: CancelRequester | undefined
  readonly trigger: Trigger
  readonly requestedAt: Instant
  readonly requestKey?: string | undefined
  readonly skipWebhook?: boolean | undefined
  readonly pgCancellationId?: string | undefined
  readonly cancelledAt?: Instant | undefined
  readonly receiptUrl?: string | undefined
  readonly failure?: PaymentFailure | undefined
  readonly stopping?: boolean | undefined
  /** Digest of the Idempotency-Key that asked to stop it. */
  readonly stopRequestKey?: string | undefined
  readonly stoppedAt?: Instant | undefined
  /** What a discount makes of it; absent where there was none. */
  readonly promotion?: CancellationAdjustment | undefined
  readonly inquiry?: Inquiry | undefined
}

/** A change of a payment. Events are facts: once journaled they are never altered, only followed by others. */
export type PaymentEvent =
  | ScheduleEvent
  | PromotionEvent
  | DisputeEvent
  | FulfilmentEvent
  | { readonly type: 'PreRegistered'; readonly expected: PreRegistration }
  | { readonly type: 'CheckoutOpened'; readonly attempt: AttemptStart }
  /** The shopper agreed in the window that was opened. */
  | {
      readonly type: 'ShopperAuthenticated'
      readonly transactionId: string
      readonly authentication: NonNullable<Attempt['authentication']>
      readonly method?: PaymentMethod | undefined
    }
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
  | { readonly type: 'AttemptFailed'; readonly transactionId: string; readonly failure: PaymentFailure }
  | {
      readonly type: 'ReversalRequested'
      readonly transactionId: string
      readonly approval: ApprovalFacts
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
  | 'channel'
  | 'channelGroup'
  | 'billingKey'
  | 'scheduleId'
  | 'requestKey'
  | 'authentication'
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

export const statuses = [
  'READY',
  'PAY_PENDING',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'PARTIAL_CANCELLED',
  'CANCELLED',
  'FAILED',
] as const
export type PaymentStatus = (typeof statuses)[number]

/** The status that the outside sees. */
export const statusOf = (attempt: Attempt): PaymentStatus =>
  attempt.phase === 'APPROVING' || attempt.phase === 'REVERSING' ? 'PAY_PENDING' : attempt.phase

/** Money was taken for it, whatever was given back since. */
export const wasPaid = (attempt: Attempt): boolean =>
  attempt.phase === 'PAID' || attempt.phase === 'PARTIAL_CANCELLED' || attempt.phase === 'CANCELLED'

/** The attempt that was paid, if one was. */
export const paidAttempt = (payment: Payment): Attempt | undefined => payment.attempts.find(wasPaid)

/**
 * The attempt that stands for the payment: the paid one, otherwise the latest. (Our choice: PortOne documents only that
 * a payment shows one of them.)
 */
export const representative = (payment: Payment): Attempt | undefined => paidAttempt(payment) ?? payment.attempts.at(-1)

/** An attempt whose outcome is not known yet: it blocks others, because two approvals of one order must not race. */
export const undecidedAttempt = (payment: Payment): Attempt | undefined =>
  payment.attempts.find(({ phase }) => phase === 'APPROVING' || phase === 'PAY_PENDING' || phase === 'REVERSING')

export const attemptOf = (payment: Payment, transactionId: string): Attempt => {
  const attempt = payment.attempts.find((candidate) => candidate.transactionId === transactionId)
  if (!attempt) throw new Error(`payment ${payment.paymentId} has no transaction ${transactionId}`)
  return attempt
}
