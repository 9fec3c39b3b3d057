import type { OrderInput } from './transfer.ts'

/** The policies that an order refers to, each once, in the order in which it names them. */
export const policyIdsOf = ({ orderLines = [], discounts, additionalFees }: OrderInput) => {
  const levels = [...orderLines, { discounts, additionalFees }]
  return {
    additionalFees: distinct(levels.flatMap((level) => level.additionalFees.map(({ policyId }) => policyId))),
    discountShares: distinct(levels.flatMap((level) => level.discounts.map(({ sharePolicyId }) => sharePolicyId))),
  }
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)]
