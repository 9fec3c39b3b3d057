import type {
  Currency,
  PaymentMethodType,
  PlatformPayment,
  PlatformTransferStatus,
  PlatformTransferType,
  PlatformUserDefinedPropertyKeyValue,
  TransferParameters,
} from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Day } from '../../kernel/days.ts'
import type { Amount } from '../../kernel/money.ts'
import type { AmountField } from './arithmetic/amounts.ts'

/** A transfer as it is stored: what a partner is owed for an order, owes for a cancelled one, or is given by hand. */
export type Transfer = OrderTransfer | CancelTransfer | ManualTransfer

export type OrderTransfer = Common &
  OfAnOrder & { readonly type: 'ORDER'; readonly detail: OrderDetail; readonly originalTransferId: null }

export type CancelTransfer = Common &
  OfAnOrder & { readonly type: 'ORDER_CANCEL'; readonly detail: CancelDetail; readonly originalTransferId: string }

export type ManualTransfer = Common & { readonly type: 'MANUAL' }

type Common = {
  readonly type: PlatformTransferType
  readonly transferId: string
  /** The store whose clock the transfer follows. */
  readonly storeId: string
  readonly status: PlatformTransferStatus
  /** Moves with every change of the row and, for an order, of its cancellations. */
  readonly version: number
  readonly partnerId: string
  readonly partnerVersion: number
  readonly settingVersion: number
  readonly currency: Currency
  readonly settlementDate: Day
  readonly memo: string | null
  readonly properties: PlatformUserDefinedPropertyKeyValue[]
  /** All amounts of the transfer; of a manual one `settlement` and `settlementTaxFree` alone are not 0. */
  readonly amounts: Readonly<Record<AmountField, Amount>>
  readonly partnerSettlementId: string | null
  readonly createdAt: Instant
}

type OfAnOrder = {
  readonly contractId: string
  readonly contractVersion: number
  readonly settlementStartDate: Day
  /** Whether the request named the settlement date, so that the contract's cycle does not. */
  readonly isSettlementDateGiven: boolean
  readonly paymentType: PlatformPayment['type']
  readonly paymentStoreId: string
  readonly paymentId: string
  readonly paymentMethodType: PaymentMethodType | null
  readonly channelKey: string | null
  readonly userDefinedFormulas: Readonly<Record<string, Amount>>
}

/** What of an order or a cancellation no list looks into. Plain JSON. */
export type OrderDetail = {
  readonly payment: PlatformPayment
  /** The order as it was registered, by which it is computed anew while it is scheduled, and its cancellations are. */
  readonly order: OrderInput
  /**
   * The request named no contract: while the order is scheduled, the partner's applies, whichever that is on the start date. Absent
   * where the order was registered by an earlier version: then the contract stays.
   */
  readonly hasPartnersContract?: true
  /** The versions of the policies that were used. */
  readonly additionalFeePolicies: Readonly<Record<string, number>>
  readonly discountSharePolicies: Readonly<Record<string, number>>
  /** The values of all settlement parameters that the platform had defined. */
  readonly parameters: TransferParameters
  readonly computed: ComputedParts
}

export type CancelDetail = OrderDetail & {
  readonly cancellation: { readonly id: string; readonly cancelledAt: Instant }
  /** What was asked for: cancellations of a scheduled order are computed anew together with it. */
  readonly request: CancelInput
}

export type OrderInput = {
  readonly orderAmount?: Amount
  readonly orderLines?: readonly LineInput[]
  readonly taxFreeAmount?: Amount
  readonly discounts: readonly DiscountInput[]
  readonly additionalFees: readonly { readonly policyId: string }[]
}

export type LineInput = {
  readonly product: {
    readonly id: string
    readonly name: string
    readonly amount: Amount
    readonly taxFreeAmount: Amount
    readonly tag?: string
  }
  readonly quantity: number
  readonly discounts: readonly DiscountInput[]
  readonly additionalFees: readonly { readonly policyId: string }[]
}

export type DiscountInput = {
  readonly sharePolicyId: string
  readonly amount: Amount
  readonly taxFreeAmount: Amount
}

export type CancelInput = {
  readonly detail:
    | { readonly type: 'ALL' }
    | { readonly type: 'AMOUNT'; readonly amount: Amount }
    | { readonly type: 'LINES'; readonly lines: readonly CancelledLineInput[] }
  readonly taxFreeAmount?: Amount
  readonly discounts: readonly DiscountInput[]
}

export type CancelledLineInput = {
  readonly productId: string
  readonly quantity: number
  readonly discounts: readonly DiscountInput[]
}

/** What was computed, besides the transfer's own amounts: of a cancellation, the parts that are taken back. */
export type ComputedParts = {
  readonly discounts: readonly ComputedDiscount[]
  readonly additionalFees: readonly ComputedFee[]
  readonly lines: readonly ComputedLine[]
}

export type ComputedDiscount = {
  readonly policyId: string
  readonly amount: Amount
  readonly taxFreeAmount: Amount
  readonly shareAmount: Amount
  readonly shareTaxFreeAmount: Amount
}

export type ComputedFee = { readonly policyId: string; readonly amount: Amount; readonly vat: Amount }

export type ComputedLine = {
  readonly productId: string
  readonly quantity: number
  readonly amounts: Readonly<Record<AmountField, Amount>>
  readonly userDefinedFormulas: Readonly<Record<string, Amount>>
  readonly discounts: readonly ComputedDiscount[]
  readonly additionalFees: readonly ComputedFee[]
}
