import type { SimplifiedPaymentMethodType } from '@naru/contract'
import { addBusinessDays, type Day } from '../kernel/days.ts'
import { type Amount, ratioRoundedDown, ratioRoundedHalfUp } from '../kernel/money.ts'

/** The terms of a PG's contract: its fees, and when it pays out the rest. */
export type FeePolicy = {
  /** Of the amount, in hundredths of a percent: 300 is 3 %. Rounded down. */
  readonly cardRate: number
  /** For each deposit, in the minor unit. */
  readonly accountFee: Amount
  /** Business days from the transaction to the payout. */
  readonly payoutAfter: number
}

/** Business days; more than any PG takes. It says how far back what is settled now may have been paid. */
export const longestPayout = 30
export type Settlement = { readonly date: Day; readonly fee: number; readonly feeVat: number }

/** A payment or a refund, as far as its fee depends on it. `amount` is positive for both. */
type MovedMoney = {
  readonly type: 'APPROVAL' | 'CANCELLATION'
  readonly method: SimplifiedPaymentMethodType
  readonly amount: Amount
}

/** What the PG should settle for a movement. A cancellation gives the fee of its amount back; a deposit's is kept. */
export const expectedSettlement = (
  policy: FeePolicy,
  { type, method, amount }: MovedMoney,
  transactionDate: Day,
): Settlement => {
  const isAccount = method === 'VIRTUAL_ACCOUNT'
  const whole = isAccount ? policy.accountFee : ratioRoundedDown(amount, policy.cardRate, 10_000)
  const fee = type === 'APPROVAL' ? whole : isAccount ? 0 : 0 - whole
  return { date: addBusinessDays(transactionDate, policy.payoutAfter), fee, feeVat: feeVatOf(fee) }
}

/** A tenth, as the reconciliation guide has it for PGs that do not say. Symmetric, so that a full refund cancels out. */
export const feeVatOf = (fee: number): number => {
  const vat = ratioRoundedHalfUp(Math.abs(fee), 1, 10)
  return fee < 0 ? 0 - vat : vat
}
