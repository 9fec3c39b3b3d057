import { fraction } from '../../../kernel/fraction.ts'
import { type RoundType, round } from './rounding.ts'
import { type Withholding, withhold } from './withholding.ts'

/** How a partner is taxed, as far as a payout depends on it. */
export type PayoutTaxation =
  /** A business that charges VAT: `NORMAL`, `SIMPLE_TAX_INVOICE_ISSUER` or `SIMPLE`. */
  'VAT_BUSINESS' | 'TAX_FREE_BUSINESS' | 'WHT_PAYER' | 'NON_WHT_PAYER'

export type PayoutInput = {
  /** Orders less cancellations plus manual transfers. Never negative: such a payout is not generated. */
  readonly settlement: bigint
  readonly settlementTaxFree: bigint
  readonly taxation: PayoutTaxation
  /** `GROSS`: the settlement contains the VAT. `NET`: VAT is added to it. */
  readonly settlementAmountType: 'GROSS' | 'NET'
  readonly deductWht: boolean
  readonly isKrw: boolean
  readonly vatRoundType: RoundType
}

export type PayoutSupply = {
  readonly supplyAmount: bigint
  readonly taxFreeAmount: bigint
  readonly vatAmount: bigint
}

export type PayoutAmounts = PayoutSupply & Withholding & { readonly amount: bigint }

/** What is paid: supply, tax-free part and VAT, less the income tax that is withheld. */
export const payoutAmounts = (input: PayoutInput): PayoutAmounts => {
  const supply = payoutSupply(input)
  const expected = supply.supplyAmount + supply.taxFreeAmount + supply.vatAmount
  const withholding = withholdingOf(input, expected)
  const amount = expected - withholding.incomeTaxAmount - withholding.localIncomeTaxAmount
  return { ...supply, ...withholding, amount }
}

const nothingWithheld: Withholding = { incomeTaxAmount: 0n, localIncomeTaxAmount: 0n }

/** Our choice: nothing is shown as withheld where nothing is, and income tax is withheld in won only. */
const withholdingOf = ({ taxation, deductWht, isKrw }: PayoutInput, expected: bigint): Withholding =>
  taxation === 'WHT_PAYER' && deductWht && isKrw ? withhold(expected) : nothingWithheld

/**
 * The settlement as a supply of the partner. The VAT is one eleventh of a gross taxable amount, and a tenth of a net
 * one, by the VAT law. A deviation on purpose: PortOne's help centre multiplies the whole net settlement by 1.1; goods
 * that are free of tax bear no VAT, so ours leaves their part out. Our choice: partners who charge no VAT show none.
 */
const payoutSupply = (input: PayoutInput): PayoutSupply => {
  const { settlement, settlementTaxFree: taxFreeAmount, taxation, settlementAmountType, vatRoundType } = input
  const taxable = settlement - taxFreeAmount
  switch (taxation) {
    case 'TAX_FREE_BUSINESS':
      return { supplyAmount: 0n, taxFreeAmount: settlement, vatAmount: 0n }
    case 'WHT_PAYER':
    case 'NON_WHT_PAYER':
      return { supplyAmount: taxable, taxFreeAmount, vatAmount: 0n }
    case 'VAT_BUSINESS': {
      const vatAmount = round(fraction(taxable, settlementAmountType === 'GROSS' ? 11n : 10n), vatRoundType)
      return {
        supplyAmount: settlementAmountType === 'GROSS' ? taxable - vatAmount : taxable,
        taxFreeAmount,
        vatAmount,
      }
    }
  }
}
