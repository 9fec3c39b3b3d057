import type { Amount } from '../../kernel/money.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { type Balance, cancellableBalance, vatWithin } from '../state/amount.ts'
import type { Attempt } from '../state/payment.ts'

/** The amounts that a request names, in the minor unit of the currency. */
export type CancelAmounts = {
  readonly amount?: Amount | undefined
  readonly taxFreeAmount?: Amount | undefined
  readonly vatAmount?: Amount | undefined
  readonly currentCancellableAmount?: Amount | undefined
}

export type AmountRefusalType =
  | 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN'
  | 'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT'
  | 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT'
  | 'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT'
  | 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT'

export type CancelParts = { readonly amount: Amount; readonly taxFree: Amount; readonly vat: Amount }

/** The amounts to refund, completed and checked against what is left. The order of the checks is part of the rules. */
export const cancelParts = (attempt: Attempt, command: CancelAmounts): CancelParts | Refusal<AmountRefusalType> => {
  const balance = cancellableBalance(attempt)
  const expected = command.currentCancellableAmount
  if (expected !== undefined && expected !== balance.total)
    return refuse(
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
      `currentCancellableAmount is ${expected}, but ${balance.total} can be cancelled. Read the payment again.`,
    )
  const amount = command.amount ?? balance.total
  const taxFree = command.taxFreeAmount ?? (command.amount === undefined ? balance.taxFree : 0)
  const { vatAmount } = command
  return (
    refuseParts({ amount, taxFree, vat: vatAmount }, balance) ?? {
      amount,
      taxFree,
      vat: vatAmount ?? vatOf(amount - taxFree, balance),
    }
  )
}

const refuseParts = (
  parts: { amount: Amount; taxFree: Amount; vat: Amount | undefined },
  balance: Balance,
): Refusal<AmountRefusalType> | undefined => {
  const { amount, taxFree, vat } = parts
  if (taxFree + (vat ?? 0) > amount)
    return refuse(
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
      `taxFreeAmount (${taxFree}) + vatAmount (${vat ?? 0}) is more than amount (${amount}).`,
    )
  if (balance.total === 0)
    return refuse(
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      'All that was left is being cancelled already. Read the payment to see how that ends.',
    )
  if (amount > balance.total)
    return refuse(
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      `amount is ${amount}, but only ${balance.total} can be cancelled.`,
    )
  if (taxFree > balance.taxFree)
    return refuse(
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      `taxFreeAmount is ${taxFree}, but only ${balance.taxFree} of the tax-free part can be cancelled.`,
    )
  const taxable = amount - taxFree
  if (taxable > balance.taxable || (vat !== undefined && vat > balance.vat))
    return refuse(
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      `${taxable} taxable (VAT ${vat ?? 'derived'}) is more than the ${balance.taxable} (VAT ${balance.vat}) left. ` +
        'Give taxFreeAmount if part of the amount is tax-free; leave vatAmount out to have it derived.',
    )
  return undefined
}

/**
 * The VAT of a refund, where it was not given: the usual eleventh, within what keeps the rest refundable. A merchant
 * that gives VAT amounts of its own may leave some over, which must not keep the last of the money from being refunded.
 */
const vatOf = (taxable: Amount, balance: Balance): Amount =>
  Math.min(taxable, Math.max(leastVat(taxable, balance), Math.min(vatWithin(taxable), balance.vat)))

/**
 * The VAT that a refund must take at least: what stays taxable has to cover the VAT that stays. Otherwise many small
 * refunds, whose VAT rounds to 0, would leave more VAT than money, and the rest could never be refunded. Refunding all
 * that is taxable takes all the VAT, so that rounding never strands any.
 */
const leastVat = (taxable: Amount, balance: Balance): Amount => balance.vat - (balance.taxable - taxable)
