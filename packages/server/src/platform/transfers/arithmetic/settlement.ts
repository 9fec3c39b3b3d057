import type { OrderAmounts } from './amounts.ts'

/** A discount of a transfer, and the partner's share of it. */
export type DiscountPart = {
  readonly policyId: string
  readonly amount: bigint
  readonly taxFreeAmount: bigint
  readonly shareAmount: bigint
  readonly shareTaxFreeAmount: bigint
}

export type FeeAmount = { readonly amount: bigint; readonly vat: bigint }

export type FeePart = FeeAmount & { readonly policyId: string }

export type LinePart = {
  readonly productId: string
  readonly quantity: bigint
  /** Of this line alone: discounts and fees of the whole order are not spread over lines. */
  readonly amount: OrderAmounts
  readonly discounts: readonly DiscountPart[]
  readonly additionalFees: readonly FeePart[]
}

/** All that was computed for a transfer: an order, what a cancellation takes back, or what is left of an order. */
export type Settlement = {
  readonly amount: OrderAmounts
  /** Of the order as a whole; those of lines are in `lines`. */
  readonly discounts: readonly DiscountPart[]
  readonly additionalFees: readonly FeePart[]
  readonly lines: readonly LinePart[]
}
