import type { Bank, Currency } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayDispute, GatewayEscrow } from './fulfilment.ts'
import type {
  Approval,
  CardCredential,
  Charge,
  Completion,
  EffectContext,
  GatewayContext,
  GatewayFailure,
  GatewayTarget,
  Outcome,
} from './terms.ts'

/** Payments at a PG: approving, refunding, capturing, and asking about them. */
export type PaymentGateway = {
  /** Key-in card approval. */
  authorize(context: EffectContext, charge: CardCharge): Promise<Outcome<Approval>>
  /** Approves what a shopper authenticated in the PG's window (`authorization` is the PG's proof of it). */
  approve(context: EffectContext, request: AuthorizedCharge): Promise<Outcome<Approval | VirtualAccount>>
  issueVirtualAccount(context: EffectContext, request: VirtualAccountRequest): Promise<Outcome<VirtualAccount>>
  /** Closing an account that is already closed succeeds. */
  closeVirtualAccount(context: EffectContext, target: GatewayTarget): Promise<Outcome<Completion>>
  /** Asks the PG to acquire an authorised payment. Capturing twice succeeds. */
  capture(context: EffectContext, target: GatewayTarget): Promise<Outcome<Completion>>
  /** Refunds all or part. `context.reference` names this cancellation; `target.reference` the payment. */
  cancel(context: EffectContext, target: GatewayTarget, request: CancelRequest): Promise<Outcome<GatewayCancellation>>
  /** Withdraws a cancellation that the PG accepted and has not carried out. */
  stopCancellation(context: EffectContext, target: GatewayTarget): Promise<Outcome<Completion>>
  /** What the PG knows of the payment with `target.reference`. Never changes anything. */
  inquire(context: GatewayContext, target: GatewayTarget): Promise<Outcome<GatewayPayment>>
  /** What the PG knows of the cancellation named `context.reference`. Never changes anything. */
  inquireCancellation(context: GatewayContext, target: GatewayTarget): Promise<Outcome<GatewayCancellationState>>
  /** Whose card it is, such as `SHINHAN_CARD`, as the number tells; asks nobody. */
  cardCompanyOf(credential: CardCredential): string | undefined
  /**
   * How long after our intent the PG may still execute a call, which goes out within 10 s of it: before that, "unknown
   * to us" proves nothing.
   */
  readonly mayActWithin: number
}

export type CardCharge = Charge & {
  /** In memory only: never stored, logged or returned. */
  readonly credential: CardCredential
  readonly installmentMonth: number
  readonly useFreeInterestFromMerchant?: boolean | undefined
  readonly useCardPoint?: boolean | undefined
}

export type AuthorizedCharge = Charge & { readonly authorization: string }

export type VirtualAccountRequest = Charge & {
  readonly bank: Bank
  readonly expiresAt: Instant
  readonly accountType: 'NORMAL' | 'FIXED'
  /** FIXED only: the same id always gives the same number. */
  readonly pgAccountId?: string | undefined
  readonly accountNumber?: string | undefined
  readonly remitteeName?: string | undefined
}

export type VirtualAccount = {
  readonly type: 'virtual-account'
  readonly pgTransactionId: string
  readonly issuedAt: Instant
  readonly bank: Bank
  readonly accountNumber: string
  readonly accountType: 'NORMAL' | 'FIXED'
  readonly remitteeName?: string | undefined
  readonly expiresAt: Instant
}

export type CancelRequest = {
  /** Absent: all that the PG has not refunded yet, whatever it charged. */
  readonly amount?: Amount | undefined
  readonly taxFree: Amount
  readonly vat: Amount
  /** What could still be cancelled before this one: several PGs check it. */
  readonly remainingBefore: Amount
  readonly currency: Currency
  readonly reason: string
  readonly requester?: 'CUSTOMER' | 'ADMIN' | undefined
  readonly refundAccount?: RefundAccount | undefined
}

export type RefundAccount = {
  readonly bank: Bank
  readonly number: string
  readonly holderName: string
  readonly holderPhoneNumber?: string | undefined
}

export type GatewayCancellation = {
  readonly pgCancellationId: string
  readonly cancelledAt: Instant
  readonly receiptUrl?: string | undefined
}

/** A payment as the PG has it. `NONE`: the PG never heard of the reference (which proves nothing before `mayActWithin`). */
export type GatewayPayment =
  | { readonly state: 'NONE' }
  | { readonly state: 'PENDING'; readonly pgTransactionId: string }
  | {
      readonly state: 'APPROVED'
      readonly approval: Approval
      readonly captured: boolean
      readonly disputes?: readonly GatewayDispute[]
      readonly escrow?: GatewayEscrow
    }
  | { readonly state: 'WAITING_FOR_DEPOSIT'; readonly virtualAccount: VirtualAccount }
  | {
      readonly state: 'DEPOSITED'
      readonly virtualAccount: VirtualAccount
      readonly deposit: Deposit
      readonly escrow?: GatewayEscrow
    }
  | { readonly state: 'CLOSED'; readonly closedAt: Instant }
  | { readonly state: 'FAILED'; readonly failure: GatewayFailure }

export type Deposit = { readonly paidAt: Instant; readonly remitterName?: string | undefined }

export type GatewayCancellationState =
  | { readonly state: 'NONE' }
  | { readonly state: 'PENDING' }
  | { readonly state: 'SUCCEEDED'; readonly cancellation: GatewayCancellation }
  | { readonly state: 'FAILED'; readonly failure: GatewayFailure }
  | { readonly state: 'STOPPED'; readonly stoppedAt: Instant }
