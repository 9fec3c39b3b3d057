import type {
  BillingKeyPaymentMethod,
  ChannelGroupSummary,
  Customer,
  PaymentFailure,
  PaymentOrigin,
  SelectedChannel,
} from '@naru/contract'
import type { Inquiry } from '../doubt/inquiry.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PaymentRequest } from '../payments/state/payment.ts'

/**
 * A stored payment method, held by one or several channels: a charge may go through any of them. Card data is never
 * stored. The tokens that the PGs gave for it are, encrypted.
 */
export type BillingKey = {
  readonly merchantId: string
  readonly storeId: string
  readonly billingKey: string
  /** What a buyer authenticated in the PG's window and the merchant has not confirmed yet. */
  readonly ready?: ReadyIssue | undefined
  readonly request?: IssueRequest | undefined
  /** The payment that the key was confirmed with. If it is not made, the key is deleted again. */
  readonly firstPayment?: FirstPayment | undefined
  /** In the order in which they were asked. */
  readonly holdings: readonly Holding[]
  readonly issuedAt?: Instant | undefined
  readonly deletion?: Deletion | undefined
  readonly deletedAt?: Instant | undefined
}

export type IssueRequest = {
  readonly customer: Customer
  readonly customData?: string | undefined
  readonly channelGroup?: ChannelGroupSummary | undefined
  readonly noticeUrls?: readonly string[] | undefined
  readonly skipWebhook?: boolean | undefined
  readonly requestedAt: Instant
  /** Digest of the Idempotency-Key. */
  readonly requestKey?: string | undefined
}

export type ReadyIssue = {
  readonly request: Omit<IssueRequest, 'requestedAt' | 'requestKey'>
  readonly channel: SelectedChannel
  /** The digest of the browser's token, and what the PG authorized. */
  readonly authentication: { readonly tokenDigest: string; readonly authorization: string }
  readonly payment?: { readonly paymentId: string; readonly request: PaymentRequest } | undefined
  readonly at: Instant
}

export type FirstPayment = {
  readonly paymentId: string
  /** With what it is made where the server that was to make it died before. */
  readonly origin?: PaymentOrigin | undefined
  readonly testCode?: string | undefined
  /** Set when the key is issued, gone when the payment is decided: a server may crash in between. */
  readonly inquiry?: Inquiry | undefined
}

/** The key at one channel. `DELETING` still holds it, until the PG says that it does not. */
export type Holding = {
  /** Our reference for the issue at the PG. */
  readonly reference: string
  readonly channel: SelectedChannel
  readonly phase: 'ISSUING' | 'ISSUED' | 'FAILED' | 'DELETING' | 'DELETED'
  /** Base64 of the encrypted token. */
  readonly token?: string | undefined
  readonly method?: BillingKeyPaymentMethod | undefined
  readonly pgTransactionId?: string | undefined
  readonly failure?: PaymentFailure | undefined
  readonly failedAt?: Instant | undefined
  /** Why the latest attempt to delete it was refused. */
  readonly deleteFailure?: PaymentFailure | undefined
  readonly inquiry?: Inquiry | undefined
}

export type Deletion = {
  readonly requestKey?: string | undefined
  readonly skipWebhook?: boolean | undefined
  readonly reason?: string | undefined
  readonly requester?: 'CUSTOMER' | 'ADMIN' | undefined
}

export type IssuedFacts = Required<Pick<Holding, 'token' | 'method' | 'pgTransactionId'>>

export type BillingKeyEvent =
  | { readonly type: 'Authenticated'; readonly ready: Omit<ReadyIssue, 'at'> }
  | {
      readonly type: 'IssueRequested'
      readonly request: Omit<IssueRequest, 'requestedAt'>
      readonly channels: readonly Pick<Holding, 'reference' | 'channel'>[]
      readonly firstPayment?: FirstPayment | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'ChannelIssued'; readonly reference: string; readonly issued: IssuedFacts }
  | { readonly type: 'ChannelFailed'; readonly reference: string; readonly failure: PaymentFailure }
  /**
   * All channels have answered, and at least one holds the key. `isLate`: the last answer came too late for the caller.
   * The event records it, since the answer removes the inquiry that would show it.
   */
  | { readonly type: 'Issued'; readonly isLate?: true | undefined }
  | { readonly type: 'IssueFailed' }
  | { readonly type: 'FirstPaymentInquiryPlanned'; readonly inquiry: Inquiry }
  | { readonly type: 'FirstPaymentDecided' }
  /** The PG reports another card, such as the replacement of an expired one. */
  | { readonly type: 'ChannelUpdated'; readonly reference: string; readonly method: BillingKeyPaymentMethod }
  | { readonly type: 'DeletionRequested'; readonly deletion: Deletion; readonly inquiry: Inquiry }
  /** A schedule was made with the key at the same moment: no PG is asked, and the key stays. */
  | { readonly type: 'DeletionWithdrawn' }
  | { readonly type: 'ChannelDeleted'; readonly reference: string }
  | { readonly type: 'ChannelDeletionRefused'; readonly reference: string; readonly failure: PaymentFailure }
  /** No channel holds the key any more. */
  | { readonly type: 'Deleted'; readonly isLate?: true | undefined }
  | { readonly type: 'InquiryPlanned'; readonly reference: string; readonly inquiry: Inquiry }

export const noBillingKey = (merchantId: string, storeId: string, billingKey: string): BillingKey => ({
  merchantId,
  storeId,
  billingKey,
  holdings: [],
})

/** Folds one event into the key. Total and pure. */
export const evolve = (key: BillingKey, event: BillingKeyEvent, at: Instant): BillingKey => {
  switch (event.type) {
    case 'Authenticated':
      return { ...key, ready: { ...event.ready, at } }
    case 'IssueRequested':
      return {
        ...key,
        firstPayment: event.firstPayment,
        request: { ...event.request, requestedAt: at },
        holdings: event.channels.map((channel) => ({ ...channel, phase: 'ISSUING', inquiry: event.inquiry })),
      }
    case 'Issued':
      return { ...key, issuedAt: at }
    case 'IssueFailed':
      return key
    case 'FirstPaymentInquiryPlanned':
      return key.firstPayment ? { ...key, firstPayment: { ...key.firstPayment, inquiry: event.inquiry } } : key
    case 'FirstPaymentDecided':
      return key.firstPayment ? { ...key, firstPayment: { paymentId: key.firstPayment.paymentId } } : key
    case 'DeletionRequested':
      return { ...key, deletion: event.deletion, holdings: key.holdings.map((one) => deleting(one, event.inquiry)) }
    case 'DeletionWithdrawn': {
      const { deletion: _, ...kept } = key
      return { ...kept, holdings: key.holdings.map(keeping) }
    }
    case 'Deleted':
      return { ...key, deletedAt: at }
    default:
      return {
        ...key,
        holdings: key.holdings.map((one) => (one.reference === event.reference ? evolveHolding(one, event, at) : one)),
      }
  }
}

const deleting = (holding: Holding, inquiry: Inquiry): Holding =>
  holding.phase === 'ISSUED' ? { ...holding, phase: 'DELETING', inquiry } : holding

const keeping = ({ inquiry, ...holding }: Holding): Holding =>
  holding.phase === 'DELETING' ? { ...holding, phase: 'ISSUED' } : { ...holding, ...(inquiry ? { inquiry } : {}) }

const evolveHolding = (
  { inquiry: _, deleteFailure: __, ...holding }: Holding,
  event: Extract<BillingKeyEvent, { reference: string }>,
  at: Instant,
): Holding => {
  switch (event.type) {
    case 'ChannelIssued':
      return { ...holding, ...event.issued, phase: 'ISSUED' }
    case 'ChannelFailed':
      return { ...holding, phase: 'FAILED', failure: event.failure, failedAt: at }
    case 'ChannelDeleted': {
      const { token: ___, ...rest } = holding
      return { ...rest, phase: 'DELETED' }
    }
    case 'ChannelDeletionRefused':
      return { ...holding, phase: 'ISSUED', deleteFailure: event.failure }
    case 'ChannelUpdated':
      return { ...holding, method: event.method }
    case 'InquiryPlanned':
      return { ...holding, inquiry: event.inquiry }
  }
}

/** The status in the API. A key whose issue is under way or failed cannot be read: our choice, PortOne has no such status. */
export const statusOf = ({ issuedAt, deletedAt }: BillingKey): 'ISSUED' | 'DELETED' | undefined => {
  if (deletedAt !== undefined) return 'DELETED'
  return issuedAt === undefined ? undefined : 'ISSUED'
}

/** The channels that can be charged. */
export const heldBy = ({ holdings }: BillingKey): readonly Holding[] =>
  holdings.filter(({ phase }) => phase === 'ISSUED')

/** The channels that are not known to have deleted the key. */
export const stillHeldBy = ({ holdings }: BillingKey): readonly Holding[] =>
  holdings.filter(({ phase }) => phase === 'ISSUED' || phase === 'DELETING')

/** The channels that hold or held the key. */
export const everHeldBy = ({ holdings }: BillingKey): readonly Holding[] =>
  holdings.filter(({ phase }) => phase !== 'FAILED' && phase !== 'ISSUING')
