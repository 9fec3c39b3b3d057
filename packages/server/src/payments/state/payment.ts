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
  PromotionDiscountRetainOption,
  SelectedChannel,
  Trigger,
} from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { FulfilmentStep, GatewayEscrow } from '../../gateways/port/fulfilment.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { PageRequest } from '../../kernel/page-request.ts'
import type { DiscountRule } from '../../promotions/arithmetic.ts'

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
  /** The PG charged what it should not have (another amount, or an order that is paid, closed or changed): being undone. */
  | 'REVERSING'

export type Attempt = {
  readonly transactionId: string
  readonly phase: Phase
  readonly request: PaymentRequest
  readonly origin: PaymentOrigin
  /** When the page that opened its window asked for it. */
  readonly asked?: PageRequest | undefined
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
  readonly authentication?: Authentication
  /** Nobody confirmed it in time: what it held is given back, and nothing can come of it any more. Its status stays READY. */
  readonly expiredAt?: Instant | undefined
  /** The merchant closed the window, or replaced it: a charge is given back, see `isUnwanted` of the rules. */
  readonly isUnwanted?: true | undefined
  /** The PG charges in its own window, with no call of ours. */
  readonly selfCharge?: SelfCharge | undefined
  readonly method?: PaymentMethod | undefined
  readonly pgTransactionId?: string | undefined
  readonly pgResponse?: string | undefined
  readonly receiptUrl?: string | undefined
  readonly paidAt?: Instant | undefined
  readonly failedAt?: Instant | undefined
  readonly failure?: PaymentFailure | undefined
  /** What the PG charged, where that is not what it was asked to charge. */
  readonly charged?: Amount | undefined
  /** It failed although the PG has charged it: the PG refuses to give the money back, and is asked again. */
  readonly refusedReversal?: RefusedReversal | undefined
  /** When the PG gave back what it had refused to, or accepted to give back later. */
  readonly returnedAt?: Instant | undefined
  /** It failed since another window of the order took its place. */
  readonly isReplaced?: true | undefined
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

/** A charge that does not stand, and that the PG refuses to give back. */
export type RefusedReversal = {
  /** How often the PG has refused. */
  readonly times: number
  /** Why the charge does not stand: the attempt's failure once it is given back. */
  readonly cause: PaymentFailure
}

/** What a shopper's agreement gave. */
export type Authentication = {
  /** Digest of the token to confirm with. */
  readonly tokenDigest: string
  /** The PG's proof. */
  readonly authorization: string
  /** While the merchant's server is asked whether to approve: by when it has answered, or nobody is asking any more. */
  readonly answerBy?: Instant | undefined
}

/**
 * What the PG may do until then, whatever becomes of the window: a shopper who left it may have paid. Asked about by `inquiry`,
 * which ends with the PG's word, or once nothing can come any more.
 */
export type SelfCharge = {
  readonly until: Instant
  readonly inquiry?: Inquiry | undefined
  /** As `isUnwanted` of the attempt, where an earlier version wrote it. */
  readonly isUnwanted?: true | undefined
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
/** What the PG is told about the way to charge. */
export type ChargeTerms = {
  readonly installmentMonth?: number | undefined
  readonly useFreeInterestFromMerchant?: boolean | undefined
  readonly useCardPoint?: boolean | undefined
}

/**
 * A payment with a billing key that waits for its time. It lives inside its payment, because it competes with every
 * other attempt at it: that an order is paid, and that it is to be paid later, are decided on one version of one thing,
 * so that starting a schedule and beginning its attempt are one commit. A stream of its own lost: two commits at the
 * start and two at the end, and a crash between them to be healed.
 */
export type Schedule = {
  readonly id: string
  readonly billingKey: string
  /** The channel that was asked for; otherwise it is chosen when the time comes. */
  readonly channelKey?: string | undefined
  /** A channel of the key as it was when scheduled: shown by an attempt that failed before any was chosen. */
  readonly issuedOn: SelectedChannel
  readonly request: PaymentRequest
  readonly terms: ChargeTerms
  readonly promotionId?: string | undefined
  /** A cash receipt is kept for when it is paid. */
  readonly awaitsReceipt?: true | undefined
  readonly timeToPay: Instant
  readonly createdAt: Instant
  /** Digest of the Idempotency-Key that created it. */
  readonly requestKey?: string | undefined
  readonly startedAt?: Instant | undefined
  /** The attempt that it started. */
  readonly transactionId?: string | undefined
  readonly revokedAt?: Instant | undefined
  readonly revokeRequestKey?: string | undefined
}

export type ShippedFacts = {
  readonly company: string
  readonly invoiceNumber: string
  readonly sentAt: string
  readonly appliedAt: Instant
}

export type DoneStep = {
  readonly kind: FulfilmentStep['kind']
  readonly reference: string
  readonly requestKey?: string | undefined
  readonly at: Instant
  readonly receiptUrl?: string | undefined
}

export type PendingStep = {
  /** The PG's idempotency key: the step can be repeated until there is an answer. */
  readonly reference: string
  readonly step: FulfilmentStep
  /** Digest of the Idempotency-Key that asked for it. */
  readonly requestKey?: string | undefined
  readonly inquiry: Inquiry
}

/** What the PG was told of a payment after it was paid: shipments, confirmed purchases, store receipts, deliveries. */
export type Fulfilment = {
  /** Told, and not yet answered. One at a time, so that they reach the PG in order. */
  readonly pending?: PendingStep | undefined
  readonly shipment?: ShippedFacts | undefined
  /** When we confirmed the purchase. */
  readonly confirmedAt?: Instant | undefined
  /** What became of the goods by the PG's word. */
  readonly progress?: GatewayEscrow | undefined
  /** The latest of each kind, so that a retry of its request gets the same answer. */
  readonly done: readonly DoneStep[]
}

/** A discount as it was granted to an attempt, with everything that cancelling it needs. */
export type AttemptPromotion = {
  readonly promotionId: string
  readonly rule: DiscountRule
  readonly discount: Amount
  /** Whether discount that a cancellation takes away goes back to the budget. */
  readonly recovers: boolean
  /** What the promotion's budget was last told that this attempt holds. */
  readonly heldAmount: Amount
}

/** What a cancellation means in money; the cancellation itself speaks of the order before the discount. */
export type CancellationAdjustment = {
  readonly option: PromotionDiscountRetainOption
  readonly refundAmount: Amount
  readonly releasedDiscount: Amount
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

export const isUndecided = ({ phase }: Attempt): boolean =>
  phase === 'APPROVING' || phase === 'PAY_PENDING' || phase === 'REVERSING'

/** An attempt whose outcome is not known yet: it blocks others, because two approvals of one order must not race. */
export const undecidedAttempt = ({ attempts }: Payment): Attempt | undefined => attempts.find(isUndecided)

export const attemptOf = (payment: Payment, transactionId: string): Attempt => {
  const attempt = payment.attempts.find((candidate) => candidate.transactionId === transactionId)
  if (!attempt) throw new Error(`payment ${payment.paymentId} has no transaction ${transactionId}`)
  return attempt
}
