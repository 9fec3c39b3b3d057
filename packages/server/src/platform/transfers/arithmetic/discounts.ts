import { evaluate } from '../../formula/evaluate.ts'
import { atMost, total } from './amounts.ts'
import type { RoundedFormula } from './calculator.ts'
import { rateOf } from './fees.ts'
import { round } from './rounding.ts'
import type { DiscountPart } from './settlement.ts'
import type { Discount } from './terms.ts'
import type { Variables } from './variables.ts'

/**
 * A discount with the partner's share of it and of its tax-free part. PortOne rounds each discount by itself and sums
 * the results; in this formula `DISCOUNT_AMOUNT` is that one discount. Our choice: a share is never negative.
 * @param limit what is left of this policy's discounts, where they are taken back.
 */
export const shareDiscount = (
  discount: Discount,
  formula: RoundedFormula,
  parameters: Variables,
  limit: DiscountPart | undefined,
): DiscountPart => {
  const shareOf = (amount: bigint): bigint => {
    const values = parameters.with({ DISCOUNT_AMOUNT: amount, FIXED_RATE: rateOf(discount.partnerShareRate) })
    const share = round(evaluate(formula.expression, values.valueOf), formula.roundType)
    return share < 0n ? 0n : share
  }
  return {
    policyId: discount.policyId,
    amount: discount.amount,
    taxFreeAmount: discount.taxFreeAmount,
    shareAmount: atMost(shareOf(discount.amount), limit?.shareAmount),
    shareTaxFreeAmount: atMost(shareOf(discount.taxFreeAmount), limit?.shareTaxFreeAmount),
  }
}

/** The sum over several discounts, of one level or of several. */
export const totalDiscount = (parts: readonly DiscountPart[]): Omit<DiscountPart, 'policyId'> => ({
  amount: total(parts.map(({ amount }) => amount)),
  taxFreeAmount: total(parts.map(({ taxFreeAmount }) => taxFreeAmount)),
  shareAmount: total(parts.map(({ shareAmount }) => shareAmount)),
  shareTaxFreeAmount: total(parts.map(({ shareTaxFreeAmount }) => shareTaxFreeAmount)),
})

/**
 * One part for each policy. An order may list a policy twice; what is left of both is cancelled from one pool, since a
 * cancellation names the policy and not the entry.
 */
export const pooled = (parts: readonly DiscountPart[]): readonly DiscountPart[] =>
  [...Map.groupBy(parts, ({ policyId }) => policyId)].map(([policyId, same]) => ({ policyId, ...totalDiscount(same) }))
