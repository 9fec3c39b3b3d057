import type { OrderAmounts } from './amounts.ts'

type Parts = Pick<OrderAmounts, 'settlement' | 'settlementTaxFree'>
type Range = readonly [lowest: bigint, highest: bigint]

/**
 * The tax-free part of a cancellation's settlement, once it is computed. Its formula works by the ratio of what is cancelled,
 * which may be another than the order's, since fees and discounts are not divided like the goods. So several cancellations
 * could take back more than the order has, and the VAT of a payout of the rest would be computed from more than the rest.
 *
 * Our choice: it is a part of the cancellation, what it leaves is a part of what is left of the settlement, and it is
 * between nothing and what is left of it, which decides where an order itself settles more tax-free than it settles.
 * @param left what is left of the order, before this cancellation; `undefined` for an order.
 */
export const taxFreePart = ({ settlement, settlementTaxFree }: Parts, left: Parts | undefined): bigint => {
  if (left === undefined) return settlementTaxFree
  const [lowest, highest] = partOf(left.settlement - settlement)
  const ranges: readonly Range[] = [
    partOf(settlement),
    [left.settlementTaxFree - highest, left.settlementTaxFree - lowest],
    partOf(left.settlementTaxFree),
  ]
  return ranges.reduce(within, settlementTaxFree)
}

const partOf = (whole: bigint): Range => (whole < 0n ? [whole, 0n] : [0n, whole])

const within = (amount: bigint, [lowest, highest]: Range): bigint => {
  if (amount < lowest) return lowest
  return amount > highest ? highest : amount
}
