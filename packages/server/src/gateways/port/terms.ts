import type { Currency, PaymentMethod } from '@naru/contract'
import type { Instant, StoreClock } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayChannel } from '../../merchants/store.ts'

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

/** What every call carries. A question takes no more than that: it changes nothing, so it is harmless at any time. */
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

/**
 * What a call carries that has an effect at the PG. Only `perform` makes one (`gateways/call.ts`), so that no effect is asked
 * for without a deadline, however harmless it seems to ask twice: an account that is closed late is closed on a merchant who
 * was told that it stays open.
 */
export type EffectContext = GatewayContext & {
  /**
   * By the store's clock: what has not been done by then must not be done any more, since we may have taken it for not
   * executed. PGs that cannot be told are trusted to act in time (`mayActWithin`).
   */
  readonly actBefore: Instant
}

export type GatewaySubject = {
  readonly paymentId?: string | undefined
  readonly customerId?: string | undefined
  readonly billingKey?: string | undefined
  readonly identityVerificationId?: string | undefined
}

/** The payment at the PG that a later effect is about. */
export type GatewayTarget = { readonly reference: string; readonly pgTransactionId?: string | undefined }

export type Completion = { readonly at: Instant }

export type Charge = {
  readonly orderName: string
  readonly amount: Amount
  readonly taxFree: Amount
  readonly vat: Amount
  readonly currency: Currency
  readonly customerId?: string | undefined
}

export type CardCredential = {
  readonly number: string
  readonly expiryYear: string
  readonly expiryMonth: string
  readonly birthOrBusinessRegistrationNumber?: string | undefined
  readonly passwordTwoDigits?: string | undefined
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
