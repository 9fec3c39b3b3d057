import type { OrderAmounts } from './amounts.ts'
import {
  type CancelledDiscount,
  type CancelledLine,
  type CancelQuantities,
  type CancelRequest,
  cancelQuantities,
} from './cancel-request.ts'
import { type Exceeded, exceededIn } from './exceeded.ts'
import { isNothing, type Remainder } from './remainder.ts'
import type { DiscountPart } from './settlement.ts'
import type { Order } from './terms.ts'

type DiscountShortage = {
  readonly policyId: string
  readonly cancellableAmount: bigint
  readonly requestAmount: bigint
  /** The line whose discount it is; absent for a discount of the whole order. */
  readonly productId?: string
}

/** Why a cancellation cannot be carried out, by PortOne's error types. */
export type CancelProblem =
  | { readonly type: 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED' }
  | { readonly type: 'PLATFORM_ORDER_DETAIL_MISMATCHED' }
  | { readonly type: 'PLATFORM_PRODUCT_ID_DUPLICATED'; readonly productId: string }
  | { readonly type: 'PLATFORM_PRODUCT_ID_NOT_FOUND'; readonly productId: string }
  | {
      readonly type: 'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED'
      readonly productId: string
      readonly cancellableQuantity: bigint
    }
  | {
      readonly type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED'
      readonly amountType: 'SUPPLY_WITH_VAT' | 'TAX_FREE'
      readonly cancellableAmount: bigint
      readonly requestAmount: bigint
      /** Whether the order itself is exceeded, or what is left of its payment. */
      readonly of: 'ORDER' | 'PAYMENT'
    }
  | { readonly type: 'PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED'; readonly policyId: string }
  | {
      readonly type: 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND'
      readonly policyId: string
      readonly productId?: string
    }
  | ({ readonly type: 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED' } & DiscountShortage)
  | ({ readonly type: 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED' } & DiscountShortage)
  | { readonly type: 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED'; readonly exceeded: Exceeded }

/** A request that can be carried out, or the first reason why it cannot. */
export const checkCancel = (
  order: Order,
  remainder: Remainder,
  request: CancelRequest,
): CancelQuantities | { readonly problem: CancelProblem } => {
  const problem = shapeProblem(order, remainder, request)
  if (problem) return { problem }
  const quantities = cancelQuantities(order, remainder, request)
  const shortage =
    orderShortage(remainder, quantities) ??
    discountProblem(remainder, request) ??
    excess(quantities) ??
    paymentShortage(remainder, quantities)
  return shortage ? { problem: shortage } : quantities
}

/** What is wrong before any amount is looked at. */
const shapeProblem = (order: Order, remainder: Remainder, { detail }: CancelRequest): CancelProblem | undefined => {
  if (isNothing(remainder)) return { type: 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED' }
  if (detail.type === 'ALL') return undefined
  if (detail.type !== order.detail.type) return { type: 'PLATFORM_ORDER_DETAIL_MISMATCHED' }
  return detail.type === 'LINES' ? lineProblem(remainder, detail.lines) : undefined
}

const lineProblem = (remainder: Remainder, lines: readonly CancelledLine[]): CancelProblem | undefined => {
  const productId = firstDuplicate(lines.map((line) => line.productId))
  if (productId !== undefined) return { type: 'PLATFORM_PRODUCT_ID_DUPLICATED', productId }
  for (const line of lines) {
    const left = remainder.lines.find((candidate) => candidate.productId === line.productId)
    if (!left) return { type: 'PLATFORM_PRODUCT_ID_NOT_FOUND', productId: line.productId }
    if (line.quantity > left.quantity)
      return {
        type: 'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED',
        productId: line.productId,
        cancellableQuantity: left.quantity,
      }
  }
  return undefined
}

const firstDuplicate = (ids: readonly string[]): string | undefined =>
  ids.find((id, index) => ids.indexOf(id) !== index)

/** The taxable and the tax-free part of an order are each compared with what is left of them. */
const orderShortage = ({ amount: left }: Remainder, cancel: CancelQuantities): CancelProblem | undefined =>
  amountShortage('ORDER', 'SUPPLY_WITH_VAT', left.order - left.orderTaxFree, cancel.order - cancel.orderTaxFree) ??
  amountShortage('ORDER', 'TAX_FREE', left.orderTaxFree, cancel.orderTaxFree)

/**
 * Our choice: a cancellation must not leave less than nothing of the payment. Cancelling 9,000 of 10,000 without its
 * discount of 2,000 would take back more than was paid.
 */
const paymentShortage = (remainder: Remainder, cancel: CancelQuantities): CancelProblem | undefined => {
  for (const line of cancel.lines) {
    const left = remainder.lines.find(({ productId }) => productId === line.productId)
    const problem = left && !line.exhausts && levelShortage(left.amount, line, line.discounts)
    if (problem) return problem
  }
  if (cancel.exhausts) return undefined
  return levelShortage(remainder.amount, cancel, [
    ...cancel.lines.flatMap((line) => line.discounts),
    ...cancel.discounts,
  ])
}

const levelShortage = (
  left: OrderAmounts,
  cancel: { readonly order: bigint; readonly orderTaxFree: bigint },
  discounts: readonly CancelledDiscount[],
): CancelProblem | undefined => {
  let [taxable, taxFree] = [cancel.order - cancel.orderTaxFree, cancel.orderTaxFree]
  for (const { amount, taxFreeAmount } of discounts) {
    taxable -= amount - taxFreeAmount
    taxFree -= taxFreeAmount
  }
  return (
    amountShortage('PAYMENT', 'SUPPLY_WITH_VAT', left.payment - left.paymentTaxFree, taxable) ??
    amountShortage('PAYMENT', 'TAX_FREE', left.paymentTaxFree, taxFree)
  )
}

const amountShortage = (
  of: 'ORDER' | 'PAYMENT',
  amountType: 'SUPPLY_WITH_VAT' | 'TAX_FREE',
  cancellableAmount: bigint,
  requestAmount: bigint,
): CancelProblem | undefined =>
  requestAmount > cancellableAmount
    ? { type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED', amountType, cancellableAmount, requestAmount, of }
    : undefined

/** Discounts as they are listed. What is not listed and goes back on its own fits by itself. */
const discountProblem = (remainder: Remainder, { detail, discounts }: CancelRequest): CancelProblem | undefined => {
  for (const line of detail.type === 'LINES' ? detail.lines : []) {
    const left = remainder.lines.find(({ productId }) => productId === line.productId)
    const problem = levelDiscountProblem(left?.discounts ?? [], line.discounts, line.productId)
    if (problem) return problem
  }
  return levelDiscountProblem(remainder.discounts, discounts, undefined)
}

const levelDiscountProblem = (
  remaining: readonly DiscountPart[],
  cancelled: readonly CancelledDiscount[],
  productId: string | undefined,
): CancelProblem | undefined => {
  const policyId = firstDuplicate(cancelled.map((discount) => discount.policyId))
  if (policyId !== undefined) return { type: 'PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED', policyId }
  const where = productId === undefined ? {} : { productId }
  for (const discount of cancelled) {
    const left = remaining.find((candidate) => candidate.policyId === discount.policyId)
    if (!left)
      return { type: 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND', policyId: discount.policyId, ...where }
    const problem = discountShortage(left, discount)
    if (problem) return { ...problem, ...where }
  }
  return undefined
}

/** A discount has a taxable and a tax-free part as well, and neither may be left negative. */
const discountShortage = (
  left: DiscountPart,
  { policyId, amount, taxFreeAmount }: CancelledDiscount,
):
  | ({ readonly type: `PLATFORM_CANCELLABLE_DISCOUNT_${'' | 'TAX_FREE_'}AMOUNT_EXCEEDED` } & DiscountShortage)
  | undefined => {
  const cancellable = left.amount - left.taxFreeAmount + taxFreeAmount
  const cancellableAmount = cancellable < left.amount ? cancellable : left.amount
  if (amount > cancellableAmount)
    return { type: 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED', policyId, cancellableAmount, requestAmount: amount }
  if (taxFreeAmount > left.taxFreeAmount)
    return {
      type: 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED',
      policyId,
      cancellableAmount: left.taxFreeAmount,
      requestAmount: taxFreeAmount,
    }
  return undefined
}

const excess = (cancel: CancelQuantities): CancelProblem | undefined => {
  const exceeded = exceededIn(cancel)
  return exceeded && { type: 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED', exceeded }
}
