import { fraction } from '../../../kernel/fraction.ts'
import { atMost, type OrderAmounts } from './amounts.ts'
import { type RoundType, round } from './rounding.ts'

export type PaymentVat = { readonly paymentVat: bigint; readonly paymentSupply: bigint }

/**
 * The VAT that a payment contains: one eleventh of its taxable part, by the VAT law (10 % on top of the supply). Our
 * choice: computed for each partner's part by itself. The PG's own split of the payment is not taken over: the parts
 * of several partners could not add up to it.
 *
 * Where a payment is taken back, neither the VAT nor the supply exceeds what is left of it. Otherwise many small
 * cancellations, whose VAT rounds to 0, would leave more VAT than money.
 */
export const vatOfPayment = (taxable: bigint, roundType: RoundType, limit: OrderAmounts | undefined): PaymentVat => {
  const vat = atMost(round(fraction(taxable, 11n), roundType), limit?.paymentVat)
  const paymentSupply = atMost(taxable - vat, limit?.paymentSupply)
  return { paymentVat: taxable - paymentSupply, paymentSupply }
}
