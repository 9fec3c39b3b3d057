import type { Bank, Currency, PaymentMethod } from '@naru/contract'
import type { Instant, StoreClock } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayChannel } from '../../merchants/store.ts'
import type { BillingKeyGateway } from './billing-key.ts'
import type { CashReceiptGateway } from './cash-receipt.ts'
import type { FulfilmentGateway, GatewayDispute, GatewayEscrow } from './fulfilment.ts'
import type { IdentityGateway } from './identity.ts'

/**
 * The port to a payment gateway (PG). One method is one effect at the PG. Every effect carries our own `reference`,
 * committed to the database before the call and used as the PG's idempotency key, so that whatever happens to either
 * side the other can be asked about it. Results are data; an exception out of an adapter means a bug and is treated as
 * `unknown`.
 */
export type Gateway = BillingKeyGateway &
  CashReceiptGateway &
  FulfilmentGateway &
  IdentityGateway & {
    /** Key-in card approval. */
    authorize(context: GatewayContext, charge: CardCharge): Promise<Outcome<Approval>>
    /** Approves what a shopper authenticated in the PG's window (`authorization` is the PG's proof of it). */
    approve(context: GatewayContext, request: AuthorizedCharge): Promise<Outcome<Approval | VirtualAccount>>
    issueVirtualAccount(context: GatewayContext, request: VirtualAccountRequest): Promise<Outcome<VirtualAccount>>
    /** Closing an account that is closed already succeeds. */
    closeVirtualAccount(context: GatewayContext, target: GatewayTarget): Promise<Outcome<Completion>>
    /** Asks the PG to acquire an authorised payment. Capturing twice succeeds. */
    capture(context: GatewayContext, target: GatewayTarget): Promise<Outcome<Completion>>
    /** Refunds all or part. `context.reference` names this cancellation; `target.reference` the payment. */
    cancel(
      context: GatewayContext,
      target: GatewayTarget,
      request: CancelRequest,
    ): Promise<Outcome<GatewayCancellation>>
    /** Withdraws a cancellation that the PG accepted and has not carried out. */
    stopCancellation(context: GatewayContext, target: GatewayTarget): Promise<Outcome<Completion>>
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

export type Outcome<Value> =
  /** The PG did it. */
  | { readonly kind: 'succeeded'; readonly value: Value }
  /** The PG definitively refused, or was certainly not reached: no money moved. */
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }
  /** The PG accepted; the result comes later, by notification. */
  | { readonly kind: 'pending'; readonly pgTransactionId: string }
  /** It may or may not have happened. Never repeat, never fail: inquire. */
  | { readonly kind: 'unknown'; readonly reason: string }

export type GatewayFailure = { readonly pgCode: string; readonly pgMessage: string }

export type GatewayContext = {
  readonly storeId: string
  readonly channel: GatewayChannel
  /** Our name for this effect, unique per store; the PG's idempotency key. */
  readonly reference: string
  readonly clock: StoreClock
  /** The sandbox's trigger from the `Naru-Test-Code` header. Real PGs never see it. */
  readonly testCode?: string | undefined
  /** Whether the sandbox is to look for a script. Absent where nothing is asked for but an answer. */
  readonly followsScripts?: boolean | undefined
  /** What the merchant calls what the call is about. */
  readonly subject?: GatewaySubject | undefined
}

export type GatewaySubject = {
  readonly paymentId?: string | undefined
  readonly customerId?: string | undefined
  readonly billingKey?: string | undefined
  readonly identityVerificationId?: string | undefined
}

/** The payment at the PG that a later effect is about. */
export type GatewayTarget = { readonly reference: string; readonly pgTransactionId?: string | undefined }

export type Charge = {
  readonly orderName: string
  readonly amount: Amount
  readonly taxFree: Amount
  readonly vat: Amount
  readonly currency: Currency
  readonly customerId?: string | undefined
}

export type CardCharge = Charge & {
  /** In memory only: never stored, logged or returned. */
  readonly credential: CardCredential
  readonly installmentMonth: number
  readonly useFreeInterestFromMerchant?: boolean | undefined
  readonly useCardPoint?: boolean | undefined
}

export type CardCredential = {
  readonly number: string
  readonly expiryYear: string
  readonly expiryMonth: string
  readonly birthOrBusinessRegistrationNumber?: string | undefined
  readonly passwordTwoDigits?: string | undefined
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

export type Approval = {
  readonly type: 'approval'
  readonly pgTransactionId: string
  readonly approvedAt: Instant
  /** What the PG says it charged. Compared with what we asked: a difference is undone at once. */
  readonly amount: Amount
  readonly method: PaymentMethod
  readonly receiptUrl?: string | undefined
  /** The PG's answer as text, without anything secret: shown as `pgResponse`. */
  readonly response: string
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

export type Completion = { readonly at: Instant }

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
