import type { PromotionDiscountPartition, PromotionDiscountPolicy, PromotionDiscountRetainOption } from '@naru/contract'
import { type Amount, ratioRoundedDown } from '../kernel/money.ts'

/** How much a promotion takes off. A payment stores a copy, so that editing the promotion does not change its discount. */
export type DiscountRule = {
  readonly policy: PromotionDiscountPolicy
  /** For percentages only. */
  readonly maxDiscountAmount?: Amount | undefined
}

/** A discount as granted to one payment. */
export type GrantedDiscount = {
  readonly rule: DiscountRule
  /** The order amount before the discount. */
  readonly total: Amount
  readonly discount: Amount
}

/**
 * What the rule takes off an order of `total`, in the currency's minor unit; 0 if the order reaches no partition.
 * Percentages are rounded down, so that a merchant never gives more than promised. PortOne documents no rounding.
 */
export const discountFor = (rule: DiscountRule, total: Amount): Amount => {
  const partition = partitionOf(rule.policy, total)
  if (!partition) return 0
  switch (partition.scheme.type) {
    case 'PERCENT':
      return Math.min(ratioRoundedDown(total, partition.scheme.percent, 100), rule.maxDiscountAmount ?? Infinity)
    case 'AMOUNT':
      return partition.scheme.amount
  }
}

/** The one with the largest `amountFrom` that the total reaches. */
const partitionOf = ({ partitions }: PromotionDiscountPolicy, total: Amount): PromotionDiscountPartition | undefined =>
  partitions.findLast(({ amountFrom }) => amountFrom <= total)

/** A discounted payment before a cancellation: what is left of the order amount and of its discount. */
export type Remainder = { readonly order: Amount; readonly discount: Amount }

export type Adjustment = {
  /** Money to refund. If it is negative, the cancellation would cost more discount than it refunds, and is refused. */
  readonly refund: Amount
  /** Discount that the order loses. It returns to the budget if the promotion recovers it. */
  readonly released: Amount
}

/**
 * What cancelling `amount` of the remaining order means in money. All refunds of a payment add up to what was paid, and
 * all released discounts to what was granted, in any order and with any options.
 *
 * The remaining order never keeps more discount than it has: a pending refund that fails later can leave less than the rule
 * gives.
 */
export const adjustCancellation = (
  granted: GrantedDiscount,
  before: Remainder,
  amount: Amount,
  option: PromotionDiscountRetainOption,
): Adjustment => {
  const order = before.order - amount
  const kept = option === 'RETAIN' ? retainedDiscount(granted, order) : discountFor(granted.rule, order)
  const discount = Math.min(kept, before.discount, order)
  const released = before.discount - discount
  return { refund: amount - released, released }
}

/**
 * The granted discount as a rate, applied to what remains. The rate of a fixed amount is its partition's
 * `amount ÷ amountFrom`, as PortOne's console shows it. Never more than was granted, which that rate can exceed.
 */
const retainedDiscount = ({ rule, total, discount }: GrantedDiscount, order: Amount): Amount => {
  const partition = partitionOf(rule.policy, total)
  if (!partition) return 0
  switch (partition.scheme.type) {
    case 'PERCENT':
      return Math.min(ratioRoundedDown(order, partition.scheme.percent, 100), discount)
    case 'AMOUNT': {
      // A fixed amount from 0 on has no rate of its own. Our choice: the rate that the order got.
      const base = partition.amountFrom === 0 ? total : partition.amountFrom
      return Math.min(ratioRoundedDown(order, partition.scheme.amount, base), discount)
    }
  }
}

const maximumPartitions = 5

/**
 * The first problem of a rule, as a sentence; `undefined` if it is valid. A larger order must never get a lower rate:
 * PortOne's console refuses it, and otherwise a cancellation could raise the discount.
 */
export const ruleProblem = ({ policy, maxDiscountAmount }: DiscountRule): string | undefined => {
  const { partitions } = policy
  if (partitions.length < 1 || partitions.length > maximumPartitions)
    return `discountPolicy.partitions must have 1 to ${maximumPartitions} entries.`
  const kinds = new Set(partitions.map(({ scheme }) => scheme.type))
  if (kinds.size > 1) return 'discountPolicy.partitions must all be PERCENT or all be AMOUNT.'
  if (maxDiscountAmount !== undefined && (maxDiscountAmount <= 0 || kinds.has('AMOUNT')))
    return 'maxDiscountAmount must be greater than 0, and is for PERCENT only.'
  for (const [index, partition] of partitions.entries()) {
    const previous = partitions[index - 1]
    const problem = partitionProblem(partition) ?? (previous && orderProblem(previous, partition))
    if (problem) return `discountPolicy.partitions[${index}]${problem}`
  }
  return undefined
}

const partitionProblem = ({ amountFrom, scheme }: PromotionDiscountPartition): string | undefined => {
  if (amountFrom < 0) return '.amountFrom must not be negative.'
  switch (scheme.type) {
    case 'PERCENT':
      return scheme.percent < 1 || scheme.percent > 100 ? '.scheme.percent must be 1 to 100.' : undefined
    case 'AMOUNT':
      return scheme.amount < 1 ? '.scheme.amount must be greater than 0.' : undefined
  }
}

const orderProblem = (lower: PromotionDiscountPartition, upper: PromotionDiscountPartition): string | undefined => {
  if (upper.amountFrom <= lower.amountFrom) return '.amountFrom must be higher than that of the one before.'
  const [lowerPart, lowerBase] = rateOf(lower)
  const [upperPart, upperBase] = rateOf(upper)
  return upperPart * lowerBase < lowerPart * upperBase
    ? ' takes off a smaller share than the one before: larger orders must not get less.'
    : undefined
}

/** A fraction, exact at any size. A fixed amount from 0 on has the base 0: a rate above any other. */
const rateOf = ({ amountFrom, scheme }: PromotionDiscountPartition): readonly [bigint, bigint] =>
  scheme.type === 'PERCENT' ? [BigInt(scheme.percent), 100n] : [BigInt(scheme.amount), BigInt(amountFrom)]
