import { type Fraction, floor, fraction, integer, multiply } from '../../../kernel/fraction.ts'
import { atMost } from './amounts.ts'
import type { CancelledDiscount, CancelledLineQuantities, CancelQuantities } from './cancel-request.ts'
import type { DiscountQuantity, FeeQuantity, Quantities } from './quantities.ts'
import { allOf, type Remainder, wholeLine } from './remainder.ts'
import { computedLine, type PreparedLine, settle } from './settle.ts'
import type { DiscountPart, FeeAmount, FeePart, LinePart, Settlement } from './settlement.ts'
import { type AdditionalFee, type Discount, linesOf, type Order, type Terms } from './terms.ts'

/** An order as it was computed, by which its cancellations are computed. */
export type SettledOrder = { readonly order: Order; readonly terms: Terms; readonly settlement: Settlement }

/**
 * What a cancellation takes back, computed by the order's own terms. PortOne documents that much; the rest is our
 * choice:
 * - What cancels all that is left takes every amount that is left. So the roundings of earlier steps end in the last
 *   one, and an order that is cancelled in full leaves nothing, in any number of steps.
 * - Before that, every component (share, fee, VAT) is computed on what is cancelled, and is at most what is left of
 *   it. The settlement amount and its tax-free part follow from the components.
 * - Of a fixed fee goes back the part that is cancelled of the order; of a line's fixed fee, the part of the line.
 */
export const settleCancel = (original: SettledOrder, remainder: Remainder, cancel: CancelQuantities): Settlement => {
  if (cancel.exhausts) return allOf(remainder)
  const portion = portionOf(cancel.order, original.settlement.amount.order)
  return settle(quantitiesOf(original, remainder, cancel, portion), original.terms, {
    lines: cancel.lines.map((line) => prepareLine(original, remainder, line)),
    portion,
    fixedFeeOfLines: () => cancel.lines.map((line) => fixedFeeOf(original, remainder, line)),
    limit: remainder.amount,
  })
}

/** Of an order of nothing no part can be cancelled: whatever is cancelled of it is all of it. */
const portionOf = (part: bigint, whole: bigint): Fraction => (whole === 0n ? integer(0n) : fraction(part, whole))

const quantitiesOf = (
  { order }: SettledOrder,
  remainder: Remainder,
  cancel: CancelQuantities,
  portion: Fraction,
): Quantities => ({
  order: cancel.order,
  orderTaxFree: cancel.orderTaxFree,
  discounts: discountsOf(cancel.discounts, order.discounts, remainder.discounts),
  additionalFees: feesOf(order.additionalFees, portion, remainder.additionalFees),
  lines: [],
})

const discountsOf = (
  cancelled: readonly CancelledDiscount[],
  originals: readonly Discount[],
  remaining: readonly DiscountPart[],
): readonly DiscountQuantity[] =>
  cancelled.map(({ policyId, amount, taxFreeAmount }) => {
    const original = originals.find((discount) => discount.policyId === policyId)
    if (!original) throw new RangeError(`${policyId} is not a discount policy of the order`)
    return {
      discount: { ...original, amount, taxFreeAmount },
      limit: remaining.find((left) => left.policyId === policyId),
    }
  })

const feesOf = (
  fees: readonly AdditionalFee[],
  portion: Fraction,
  remaining: readonly FeePart[],
): readonly FeeQuantity[] => fees.map((fee, index) => ({ fee, portion, limit: remaining[index] }))

/** The last units of a line take what is left of it; other units are computed like a line. */
const prepareLine = (original: SettledOrder, remainder: Remainder, cancel: CancelledLineQuantities): PreparedLine => {
  const { productId, quantity, order, orderTaxFree } = cancel
  const line = linesOf(original.order).find((candidate) => candidate.productId === productId)
  const left = lineIn(remainder, productId)
  if (!line) throw new RangeError(`${productId} is not a product of the order`)
  if (cancel.exhausts) {
    const whole = wholeLine(left)
    return { discounts: whole.discounts, finish: () => whole }
  }
  const portion = portionOf(order, lineIn(original.settlement, productId).amount.order)
  const discounts = discountsOf(cancel.discounts, line.discounts, left.discounts)
  const additionalFees = feesOf(line.additionalFees, portion, left.additionalFees)
  return computedLine(
    { productId, quantity, order, orderTaxFree, discounts, additionalFees, limit: left },
    original.terms,
  )
}

/** A line shows of a fixed platform fee what it showed at first, in proportion to the units that are cancelled. */
const fixedFeeOf = (original: SettledOrder, remainder: Remainder, cancel: CancelledLineQuantities): FeeAmount => {
  const shown = lineIn(original.settlement, cancel.productId).amount
  const left = lineIn(remainder, cancel.productId).amount
  const portion = portionOf(cancel.order, shown.order)
  const part = (amount: bigint): bigint => floor(multiply(integer(amount), portion))
  return {
    amount: atMost(part(shown.platformFee), left.platformFee),
    vat: atMost(part(shown.platformFeeVat), left.platformFeeVat),
  }
}

const lineIn = ({ lines }: Settlement, productId: string): LinePart => {
  const line = lines.find((candidate) => candidate.productId === productId)
  if (!line) throw new RangeError(`${productId} is not a product of the order`)
  return line
}
