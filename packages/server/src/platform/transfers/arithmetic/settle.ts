import { type Fraction, integer } from '../../../kernel/fraction.ts'
import { type OrderAmounts, total } from './amounts.ts'
import { shareDiscount, totalDiscount } from './discounts.ts'
import { charge } from './fees.ts'
import { closeLevel, openLevel, withPlatformFee } from './level.ts'
import {
  type DiscountQuantity,
  type FeeQuantity,
  type LineQuantity,
  orderQuantities,
  type Quantities,
} from './quantities.ts'
import { split } from './rounding.ts'
import type { DiscountPart, FeeAmount, FeePart, LinePart, Settlement } from './settlement.ts'
import type { Order, Terms } from './terms.ts'
import { type Variables, variables } from './variables.ts'

/** Computes an order transfer. PortOne rounds every item by itself and sums the results; sums are never rounded. */
export const settleOrder = (order: Order, terms: Terms): Settlement => {
  const quantities = orderQuantities(order)
  const lines = quantities.lines.map((line) => computedLine(line, terms))
  return settle(quantities, terms, {
    lines,
    portion: integer(1n),
    fixedFeeOfLines: (fee) => splitFee(fee, quantities.lines),
  })
}

/**
 * A line's share of a fixed platform fee, which is charged once a transfer. Our choice: in proportion to the lines,
 * rounded down, the last line taking the rest, and its VAT likewise; so lines never show the fee several times.
 */
const splitFee = (fee: FeeAmount, lines: readonly LineQuantity[]): readonly FeeAmount[] => {
  const weights = lines.map(({ order }) => order)
  const vats = split(fee.vat, weights)
  return split(fee.amount, weights).map((amount, index) => ({ amount, vat: vats[index] ?? 0n }))
}

/** A line whose discounts are known. Its fees need the platform fee of the whole transfer first. */
export type PreparedLine = {
  readonly discounts: readonly DiscountPart[]
  readonly finish: (fixedFee: FeeAmount | undefined) => LinePart
}

/** How a transfer is computed beyond its quantities. */
export type SettlePlan = {
  readonly lines: readonly PreparedLine[]
  /** The part of a fixed platform fee that is meant. */
  readonly portion: Fraction
  /** What each line shows of a fixed platform fee. */
  readonly fixedFeeOfLines: (fee: FeeAmount) => readonly FeeAmount[]
  readonly limit?: OrderAmounts | undefined
}

/**
 * The order of evaluation is PortOne's: discount shares, platform fee and its VAT, additional fees and their VAT, the
 * platform's own formulas, the settlement amount, its tax-free part.
 */
export const settle = (quantities: Quantities, terms: Terms, plan: SettlePlan): Settlement => {
  const { limit, portion } = plan
  const discounts = shareAll(quantities.discounts, terms)
  const all = [...plan.lines.flatMap((line) => line.discounts), ...discounts]
  const level = openLevel({ ...quantities, discounts: totalDiscount(all) }, terms, limit)
  const platformFee = chargePlatformFee(terms, level.variables, portion, limit)
  const fixedFees = terms.platformFee.fee.type === 'FIXED_AMOUNT' ? plan.fixedFeeOfLines(platformFee) : []
  const lines = plan.lines.map((line, index) => line.finish(fixedFees[index]))
  const additionalFees = chargeAll(quantities.additionalFees, terms, withPlatformFee(level, platformFee))
  const additionalFee = totalFee([...lines.flatMap((line) => line.additionalFees), ...additionalFees])
  return { amount: closeLevel(level, platformFee, additionalFee, terms, limit), discounts, additionalFees, lines }
}

/** A line that is computed by the formulas, on its own amounts. */
export const computedLine = (line: LineQuantity, terms: Terms): PreparedLine => {
  const discounts = shareAll(line.discounts, terms)
  const limit = line.limit?.amount
  return {
    discounts,
    finish: (fixedFee) => {
      const level = openLevel({ ...line, discounts: totalDiscount(discounts) }, terms, limit)
      const platformFee = fixedFee ?? chargePlatformFee(terms, level.variables, integer(1n), limit)
      const additionalFees = chargeAll(line.additionalFees, terms, withPlatformFee(level, platformFee))
      const amount = closeLevel(level, platformFee, totalFee(additionalFees), terms, limit)
      return { productId: line.productId, quantity: line.quantity, amount, discounts, additionalFees }
    },
  }
}

const shareAll = (discounts: readonly DiscountQuantity[], terms: Terms): readonly DiscountPart[] => {
  const parameters = variables(terms.parameters)
  return discounts.map(({ discount, limit }) =>
    shareDiscount(discount, terms.calculator.discountShare, parameters, limit),
  )
}

const chargePlatformFee = (
  { platformFee, calculator }: Terms,
  values: Variables,
  portion: Fraction,
  limit: OrderAmounts | undefined,
): FeeAmount =>
  charge(
    platformFee,
    calculator.platformFee,
    calculator.vatRoundType,
    values,
    portion,
    limit && { amount: limit.platformFee, vat: limit.platformFeeVat },
  )

const chargeAll = (fees: readonly FeeQuantity[], { calculator }: Terms, values: Variables): readonly FeePart[] =>
  fees.map(({ fee, portion, limit }) => ({
    policyId: fee.policyId,
    ...charge(fee, calculator.additionalFee, calculator.vatRoundType, values, portion, limit),
  }))

const totalFee = (fees: readonly FeeAmount[]): FeeAmount => ({
  amount: total(fees.map(({ amount }) => amount)),
  vat: total(fees.map(({ vat }) => vat)),
})
