import { addAmounts, mapAmounts, type OrderAmounts, subtractAmounts } from './amounts.ts'
import { pooled } from './discounts.ts'
import type { DiscountPart, FeePart, LinePart, Settlement } from './settlement.ts'

/**
 * What is left of an order after its cancellations: a settlement with every line of the order, with one discount for
 * each policy and level, and with its fees in the order's own sequence. A cancellation takes a part of it away, and
 * deleting that cancellation gives the same part back.
 */
export type Remainder = Settlement

/** Nothing has been cancelled yet. */
export const wholeOf = (order: Settlement): Remainder => ({
  ...order,
  discounts: pooled(order.discounts),
  lines: order.lines.map((line) => ({ ...line, discounts: pooled(line.discounts) })),
})

export const takeAway = (remainder: Remainder, cancelled: Settlement): Remainder =>
  change(remainder, cancelled, subtractAmounts, (left, taken) => left - taken)

export const giveBack = (remainder: Remainder, cancelled: Settlement): Remainder =>
  change(remainder, cancelled, addAmounts, (left, returned) => left + returned)

/** Everything that is left, in the form of a cancellation: lines of which nothing is left are not in it. */
export const allOf = (remainder: Remainder): Settlement => ({
  ...remainder,
  discounts: remainder.discounts.filter(isAnything),
  lines: remainder.lines.filter(({ quantity }) => quantity > 0n).map(wholeLine),
})

/** All that is left of a line, in the form of a cancellation. */
export const wholeLine = (line: LinePart): LinePart => ({ ...line, discounts: line.discounts.filter(isAnything) })

const isAnything = (part: DiscountPart): boolean =>
  [part.amount, part.taxFreeAmount, part.shareAmount, part.shareTaxFreeAmount].some((amount) => amount !== 0n)

type Combine = (left: OrderAmounts, right: OrderAmounts) => OrderAmounts
type Operate = (left: bigint, right: bigint) => bigint

const change = (remainder: Remainder, part: Settlement, combine: Combine, operate: Operate): Remainder => ({
  amount: combine(remainder.amount, part.amount),
  discounts: changeDiscounts(remainder.discounts, part.discounts, operate),
  additionalFees: changeFees(remainder.additionalFees, part.additionalFees, operate),
  lines: remainder.lines.map((line) => {
    const changed = part.lines.find(({ productId }) => productId === line.productId)
    return changed ? changeLine(line, changed, combine, operate) : line
  }),
})

const changeLine = (line: LinePart, part: LinePart, combine: Combine, operate: Operate): LinePart => ({
  productId: line.productId,
  quantity: operate(line.quantity, part.quantity),
  amount: combine(line.amount, part.amount),
  discounts: changeDiscounts(line.discounts, part.discounts, operate),
  additionalFees: changeFees(line.additionalFees, part.additionalFees, operate),
})

const changeDiscounts = (
  all: readonly DiscountPart[],
  parts: readonly DiscountPart[],
  operate: Operate,
): readonly DiscountPart[] =>
  all.map((discount) => {
    const part = parts.find(({ policyId }) => policyId === discount.policyId)
    return part
      ? {
          policyId: discount.policyId,
          amount: operate(discount.amount, part.amount),
          taxFreeAmount: operate(discount.taxFreeAmount, part.taxFreeAmount),
          shareAmount: operate(discount.shareAmount, part.shareAmount),
          shareTaxFreeAmount: operate(discount.shareTaxFreeAmount, part.shareTaxFreeAmount),
        }
      : discount
  })

/** Fees pair by their place: an order may refer to one policy twice, and is charged twice. */
const changeFees = (all: readonly FeePart[], parts: readonly FeePart[], operate: Operate): readonly FeePart[] =>
  all.map((fee, index) => {
    const part = parts[index]
    return part ? { ...fee, amount: operate(fee.amount, part.amount), vat: operate(fee.vat, part.vat) } : fee
  })

/** Whether nothing at all is left: every amount, unit, discount and fee is zero. */
export const isNothing = ({ amount, discounts, additionalFees, lines }: Remainder): boolean => {
  const amounts: bigint[] = []
  const note = (value: bigint): bigint => {
    amounts.push(value)
    return value
  }
  for (const { amount: lineAmount, quantity } of lines) {
    mapAmounts(lineAmount, note)
    note(quantity)
  }
  mapAmounts(amount, note)
  const levels = [{ discounts, additionalFees }, ...lines]
  for (const level of levels) {
    for (const discount of level.discounts) if (isAnything(discount)) return false
    for (const fee of level.additionalFees) amounts.push(fee.amount, fee.vat)
  }
  return amounts.every((value) => value === 0n)
}
