import type { Amount } from '../../../kernel/money.ts'

/**
 * Our choice: the largest amount of a transfer, in the minor unit of its currency. Settlements, payouts and balances are sums
 * of transfers: thousands of such amounts add up to an integer that is exact as a number; see `largestSum` for more of them.
 */
export const largestAmount: Amount = 1_000_000_000_000
