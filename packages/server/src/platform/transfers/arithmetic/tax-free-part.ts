import type { OrderAmounts } from './amounts.ts'
import type { Settlement } from './settlement.ts'

type Parts = Pick<OrderAmounts, 'settlement' | 'settlementTaxFree'>
type Range = readonly [lowest: bigint, highest: bigint]

/**
 * The tax-free part of a settlement, once its formula is computed. The formula works by the ratio of the goods, which is not that
 * of the discounts, nor that of a partial cancellation: an order of half tax-free goods with a tax-free coupon would settle a
 * negative tax-free part, and several cancellations could take back more than the order has. The VAT of a payout would then be
 * computed from more than what is paid, or from less than nothing.
 *
 * Our choice: it is a part of the settlement, neither more than all of it nor of the other sign. What a cancellation leaves is
 * likewise a part of what is left, and it is between nothing and what is left of the tax-free part, which decides where an order
 * that an earlier version has computed settles more tax-free than it settles.
 * @param left what is left of the order, before this cancellation; `undefined` for an order.
 */
export const taxFreePart = ({ settlement, settlementTaxFree }: Parts, left: Parts | undefined): bigint => {
  const part = within(settlementTaxFree, partOf(settlement))
  if (left === undefined) return part
  const [lowest, highest] = partOf(left.settlement - settlement)
  const remaining: Range = [left.settlementTaxFree - highest, left.settlementTaxFree - lowest]
  return [remaining, partOf(left.settlementTaxFree)].reduce(within, part)
}

/** An order's settlement that an earlier version has computed, with the tax-free parts that it would have today. */
export const withTaxFreePart = (settlement: Settlement): Settlement => {
  const limited = (amount: OrderAmounts) => ({ ...amount, settlementTaxFree: taxFreePart(amount, undefined) })
  return {
    ...settlement,
    amount: limited(settlement.amount),
    lines: settlement.lines.map((line) => ({ ...line, amount: limited(line.amount) })),
  }
}

const partOf = (whole: bigint): Range => (whole < 0n ? [whole, 0n] : [0n, whole])

const within = (amount: bigint, [lowest, highest]: Range): bigint => {
  if (amount < lowest) return lowest
  return amount > highest ? highest : amount
}
