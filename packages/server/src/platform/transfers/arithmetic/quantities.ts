import { type Fraction, integer } from '../../../kernel/fraction.ts'
import { total } from './amounts.ts'
import type { DiscountPart, FeeAmount, LinePart } from './settlement.ts'
import type { AdditionalFee, Discount, Order, OrderLine } from './terms.ts'
import { linesOf } from './terms.ts'

/** A fee that a level charges, how much of a fixed amount is meant, and what is left of it where it is taken back. */
export type FeeQuantity = {
  readonly fee: AdditionalFee
  readonly portion: Fraction
  readonly limit?: FeeAmount | undefined
}

export type DiscountQuantity = { readonly discount: Discount; readonly limit?: DiscountPart | undefined }

/** A line, or some units of it, that is to be computed. */
export type LineQuantity = {
  readonly productId: string
  readonly quantity: bigint
  readonly order: bigint
  readonly orderTaxFree: bigint
  readonly discounts: readonly DiscountQuantity[]
  readonly additionalFees: readonly FeeQuantity[]
  readonly limit?: LinePart | undefined
}

/**
 * What is computed: an order, or the part of one that is cancelled. One computation serves both, so that what is taken
 * back follows the rules by which it was given.
 */
export type Quantities = {
  readonly order: bigint
  readonly orderTaxFree: bigint
  readonly discounts: readonly DiscountQuantity[]
  readonly additionalFees: readonly FeeQuantity[]
  readonly lines: readonly LineQuantity[]
}

const whole = integer(1n)

/** All of an order. */
export const orderQuantities = (order: Order): Quantities => {
  const lines = linesOf(order).map(lineQuantity)
  return {
    order: order.detail.type === 'AMOUNT' ? order.detail.amount : total(lines.map((line) => line.order)),
    orderTaxFree: order.taxFreeAmount ?? total(lines.map((line) => line.orderTaxFree)),
    discounts: order.discounts.map((discount) => ({ discount })),
    additionalFees: order.additionalFees.map((fee) => ({ fee, portion: whole })),
    lines,
  }
}

const lineQuantity = (line: OrderLine): LineQuantity => ({
  productId: line.productId,
  quantity: line.quantity,
  order: line.unitAmount * line.quantity,
  orderTaxFree: line.unitTaxFreeAmount * line.quantity,
  discounts: line.discounts.map((discount) => ({ discount })),
  additionalFees: line.additionalFees.map((fee) => ({ fee, portion: whole })),
})
