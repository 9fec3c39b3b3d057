import type { PaymentAmount } from '@naru/contract'
import { type Amount, ratioRoundedHalfUp, sum } from '../../kernel/money.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { Attempt, Cancellation, PaymentRequest } from './payment.ts'
import { chargedAmount, discountOf } from './promotion.ts'

/**
 * VAT contained in a VAT-inclusive taxable amount: one eleventh, rounded to the nearest integer (11 is odd, so there is
 * no tie). Real payments show rounding: 1000 → 91 is not the floor, 50000 → 4545 is not the ceiling.
 */
export const vatWithin = (taxable: Amount): Amount => ratioRoundedHalfUp(taxable, 1, 11)

type AmountInput = { readonly total: Amount; readonly taxFree?: Amount | undefined; readonly vat?: Amount | undefined }

/** Completes the amount of a request: tax-free defaults to 0 and VAT is derived unless given (0 counts as given). */
export const completeAmount = (
  input: AmountInput,
): PaymentRequest['amount'] | Refusal<'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'> => {
  const { total, taxFree = 0 } = input
  if (taxFree + (input.vat ?? 0) > total)
    return refuse(
      'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
      `amount.taxFree (${taxFree}) + amount.vat (${input.vat ?? 0}) is more than amount.total (${total}).`,
    )
  return { total, taxFree, vat: input.vat ?? vatWithin(total - taxFree) }
}

const succeeded = (cancellation: Cancellation) => cancellation.status === 'SUCCEEDED'
const reserving = (cancellation: Cancellation) => cancellation.status === 'REQUESTED'
const holding = (cancellation: Cancellation) => cancellation.status !== 'FAILED'

export const cancelledAmount = (attempt: Attempt): Amount =>
  sum(attempt.cancellations.filter(succeeded).map((cancellation) => cancellation.totalAmount))

/** Held back by cancellations whose outcome the PG has not given yet. */
export const reservedAmount = (attempt: Attempt): Amount =>
  sum(attempt.cancellations.filter(reserving).map((cancellation) => cancellation.totalAmount))

/** What can still be cancelled. Cancellations under way count as gone: two of them must never share the same money. */
export type Balance = {
  readonly total: Amount
  readonly taxFree: Amount
  /** Taxable part, VAT included. */
  readonly taxable: Amount
  readonly vat: Amount
}

export const cancellableBalance = (attempt: Attempt): Balance => {
  const held = attempt.cancellations.filter(holding)
  const { amount } = attempt.request
  const total = amount.total - sum(held.map((cancellation) => cancellation.totalAmount))
  const taxFree = amount.taxFree - sum(held.map((cancellation) => cancellation.taxFreeAmount))
  const vat = amount.vat - sum(held.map((cancellation) => cancellation.vatAmount))
  return { total, taxFree, taxable: total - taxFree, vat }
}

/** The amount as the contract shows it. `paid` is what is to be charged, on every status; it does not shrink. */
export const amountView = (attempt: Attempt): PaymentAmount => {
  const { total, taxFree, vat } = attempt.request.amount
  const done = attempt.cancellations.filter(succeeded)
  return {
    total,
    taxFree,
    vat,
    supply: total - taxFree - vat,
    discount: discountOf(attempt),
    paid: chargedAmount(attempt),
    cancelled: sum(done.map((cancellation) => cancellation.totalAmount)),
    cancelledTaxFree: sum(done.map((cancellation) => cancellation.taxFreeAmount)),
  }
}
