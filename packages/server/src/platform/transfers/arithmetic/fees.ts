import { type Fraction, fraction, integer, multiply } from '../../../kernel/fraction.ts'
import { evaluate } from '../../formula/evaluate.ts'
import { atMost } from './amounts.ts'
import type { RoundedFormula } from './calculator.ts'
import { type RoundType, round } from './rounding.ts'
import type { FeeAmount } from './settlement.ts'
import type { ChargedFee, Fee } from './terms.ts'
import type { Variables } from './variables.ts'

/** Rates are sent in units of 0.001 %, as PortOne's samples show: 10000 is 10 %. */
const wholeRate = 100_000n

export const rateOf = (rate: bigint): Fraction => fraction(rate, wholeRate)

/**
 * A fee by its formula, and the VAT on it: 10 % by the VAT law, of the rounded fee, where the partner bears it. Our
 * choice: a formula whose result is negative costs nothing; a fee is never paid to the partner.
 * @param portion the part of a fixed amount that is meant: 1 for an order, less for a cancellation of a part of it.
 * @param limit what is left of this fee and its VAT, where it is taken back.
 */
export const charge = (
  { fee, vatPayer }: ChargedFee,
  formula: RoundedFormula,
  vatRoundType: RoundType,
  variables: Variables,
  portion: Fraction,
  limit: FeeAmount | undefined,
): FeeAmount => {
  const all = variables.with({ FIXED_RATE: rateIn(fee), FIXED_AMOUNT: multiply(fixedAmountIn(fee), portion) })
  const computed = round(evaluate(formula.expression, all.valueOf), formula.roundType)
  const amount = atMost(computed < 0n ? 0n : computed, limit?.amount)
  const vat = vatPayer === 'PARTNER' ? round(fraction(amount, 10n), vatRoundType) : 0n
  return { amount, vat: atMost(vat, limit?.vat) }
}

/** A fee is either a rate or an amount. A formula may use both: the one that is missing is 0, as PortOne documents. */
const rateIn = (fee: Fee): Fraction => (fee.type === 'FIXED_RATE' ? rateOf(fee.rate) : integer(0n))
const fixedAmountIn = (fee: Fee): Fraction => integer(fee.type === 'FIXED_AMOUNT' ? fee.amount : 0n)
