import type { CashReceiptType, Currency, IssueCashReceiptCustomerInputIdentityNumberType } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { Completion, EffectContext, GatewayContext, GatewayFailure, GatewayTarget, Outcome } from './terms.ts'

/** What a PG does about cash receipts, the Korean tax document for payments that are like cash. */
export type CashReceiptGateway = {
  /** `context.reference` names the receipt: the same reference again is the same receipt. */
  issueCashReceipt(context: EffectContext, request: CashReceiptRequest): Promise<Outcome<GatewayCashReceipt>>
  /** Always the whole amount. Cancelling a receipt that is already cancelled succeeds. */
  cancelCashReceipt(context: EffectContext, target: GatewayTarget): Promise<Outcome<Completion>>
  /** What the PG knows of the receipt with `target.reference`. Never changes anything. */
  inquireCashReceipt(context: GatewayContext, target: GatewayTarget): Promise<Outcome<GatewayCashReceiptState>>
}

export type CashReceiptRequest = {
  readonly type: CashReceiptType
  readonly orderName: string
  readonly currency: Currency
  readonly amount: Amount
  readonly taxFree: Amount
  readonly vat: Amount
  readonly paidAt: Instant
  readonly customer: {
    /** In memory only: never stored in the clear, logged or returned. */
    readonly identityNumber: string
    readonly identityNumberType?: IssueCashReceiptCustomerInputIdentityNumberType | undefined
    readonly name?: string | undefined
    readonly email?: string | undefined
    readonly phoneNumber?: string | undefined
  }
  /** The merchant's own id of the customer, where the receipt comes with a payment. */
  readonly customerId?: string | undefined
  /** The selling store's, where it is not the channel's. */
  readonly businessRegistrationNumber?: string | undefined
  readonly paymentMethod?: 'TRANSFER' | 'VIRTUAL_ACCOUNT' | undefined
}

export type GatewayCashReceipt = {
  readonly pgReceiptId: string
  /** The tax office's approval number. */
  readonly issueNumber: string
  readonly url: string
  readonly issuedAt: Instant
}

/** `NONE`: the PG never heard of it (which proves nothing before `mayActWithin`). */
export type GatewayCashReceiptState =
  | { readonly state: 'NONE' }
  | { readonly state: 'ISSUED'; readonly receipt: GatewayCashReceipt }
  | { readonly state: 'CANCELLED'; readonly receipt: GatewayCashReceipt; readonly cancelledAt: Instant }
  | { readonly state: 'FAILED'; readonly failure: GatewayFailure }
