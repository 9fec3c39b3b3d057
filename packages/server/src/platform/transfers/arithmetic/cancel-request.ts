import { total } from './amounts.ts'
import type { Remainder } from './remainder.ts'
import type { DiscountPart, LinePart } from './settlement.ts'
import { linesOf, type Order } from './terms.ts'

/** How much of a policy's discounts a cancellation takes back. */
export type CancelledDiscount = {
  readonly policyId: string
  readonly amount: bigint
  readonly taxFreeAmount: bigint
}

export type CancelledLine = {
  readonly productId: string
  readonly quantity: bigint
  readonly discounts: readonly CancelledDiscount[]
}

/** What of an order shall be cancelled. Amounts are those of the order, before its discounts. */
export type CancelRequest = {
  readonly detail:
    | { readonly type: 'ALL' }
    | { readonly type: 'AMOUNT'; readonly amount: bigint }
    | { readonly type: 'LINES'; readonly lines: readonly CancelledLine[] }
  /** Stands above the sum of the lines. */
  readonly taxFreeAmount?: bigint | undefined
  readonly discounts: readonly CancelledDiscount[]
}

/** A request as it is carried out. */
export type CancelQuantities = {
  /** It cancels all that is left, so that every remainder of earlier roundings goes with it. */
  readonly exhausts: boolean
  readonly order: bigint
  readonly orderTaxFree: bigint
  readonly discounts: readonly CancelledDiscount[]
  readonly lines: readonly CancelledLineQuantities[]
}

export type CancelledLineQuantities = CancelledLine & {
  /** Its last units: all that is left of the line goes with them. */
  readonly exhausts: boolean
  readonly order: bigint
  readonly orderTaxFree: bigint
}

/**
 * Works out what a request means for what is left of the order. PortOne documents that cancelling all that is left, of
 * an order or of a product, takes back the remaining discounts of that level as well, listed or not.
 *
 * The request must name products of the order only, each once, and no more units than are left.
 */
export const cancelQuantities = (order: Order, remainder: Remainder, request: CancelRequest): CancelQuantities => {
  const lines =
    request.detail.type === 'LINES' ? request.detail.lines.map((line) => lineOf(order, remainder, line)) : []
  const amount = cancelledOrder(request, remainder, lines)
  const left = remainder.amount
  if (amount !== left.order)
    return {
      exhausts: false,
      order: amount,
      orderTaxFree: request.taxFreeAmount ?? total(lines.map(({ orderTaxFree }) => orderTaxFree)),
      discounts: request.discounts,
      lines,
    }
  return {
    exhausts: true,
    order: amount,
    orderTaxFree: request.taxFreeAmount ?? left.orderTaxFree,
    discounts: remainder.discounts,
    lines: remainder.lines.filter(({ quantity }) => quantity > 0n).map(allUnits),
  }
}

const cancelledOrder = (
  { detail }: CancelRequest,
  remainder: Remainder,
  lines: readonly CancelledLineQuantities[],
): bigint => {
  switch (detail.type) {
    case 'ALL':
      return remainder.amount.order
    case 'AMOUNT':
      return detail.amount
    case 'LINES':
      return total(lines.map((line) => line.order))
  }
}

const lineOf = (order: Order, remainder: Remainder, cancelled: CancelledLine): CancelledLineQuantities => {
  const left = remainder.lines.find(({ productId }) => productId === cancelled.productId)
  const product = linesOf(order).find(({ productId }) => productId === cancelled.productId)
  if (!left || !product) throw new RangeError(`${cancelled.productId} is not a product of the order`)
  if (cancelled.quantity === left.quantity) return allUnits(left)
  return {
    ...cancelled,
    exhausts: false,
    order: product.unitAmount * cancelled.quantity,
    orderTaxFree: product.unitTaxFreeAmount * cancelled.quantity,
  }
}

const allUnits = (left: LinePart): CancelledLineQuantities => ({
  productId: left.productId,
  quantity: left.quantity,
  discounts: left.discounts.map(({ policyId, amount, taxFreeAmount }: DiscountPart) => ({
    policyId,
    amount,
    taxFreeAmount,
  })),
  exhausts: true,
  order: left.amount.order,
  orderTaxFree: left.amount.orderTaxFree,
})
