import type { Fraction } from '../../../kernel/fraction.ts'
import type { Calculator } from './calculator.ts'

/** Who bears the VAT of a fee. */
export type Payer = 'PARTNER' | 'MERCHANT'

/** What a fee costs. `rate` in units of 0.001 %: 10 % is 10000. Fixed amounts are of the settlement currency. */
export type Fee =
  | { readonly type: 'FIXED_RATE'; readonly rate: bigint }
  | { readonly type: 'FIXED_AMOUNT'; readonly amount: bigint }

/** A fee that a contract or a policy charges. */
export type ChargedFee = { readonly fee: Fee; readonly vatPayer: Payer }

export type AdditionalFee = ChargedFee & { readonly policyId: string }

/** A discount on an order or on a whole line, and the part of it (in units of 0.001 %) that the partner bears. */
export type Discount = {
  readonly policyId: string
  readonly partnerShareRate: bigint
  readonly amount: bigint
  readonly taxFreeAmount: bigint
}

/** What a transfer is computed by. It keeps them, so that a later change of a contract changes no past. */
export type Terms = {
  readonly platformFee: ChargedFee
  /** Whether the VAT that the payment contains is taken off the settlement. */
  readonly subtractPaymentVatAmount: boolean
  readonly calculator: Calculator
  /** The settlement parameters in their resolved values, by key. */
  readonly parameters: ReadonlyMap<string, Fraction>
}

/** Goods of one kind in an order. Amounts are those of one unit; discounts are those of the whole line. */
export type OrderLine = {
  readonly productId: string
  readonly unitAmount: bigint
  readonly unitTaxFreeAmount: bigint
  readonly quantity: bigint
  readonly discounts: readonly Discount[]
  readonly additionalFees: readonly AdditionalFee[]
}

/** One partner's part of an order, registered by its amount or by its lines. */
export type Order = {
  readonly detail:
    | { readonly type: 'AMOUNT'; readonly amount: bigint }
    | { readonly type: 'LINES'; readonly lines: readonly OrderLine[] }
  /** Stands above the sum of the lines, as PortOne documents it. Absent: that sum, or 0 without lines. */
  readonly taxFreeAmount?: bigint | undefined
  readonly discounts: readonly Discount[]
  readonly additionalFees: readonly AdditionalFee[]
}

export const linesOf = ({ detail }: Order): readonly OrderLine[] => (detail.type === 'LINES' ? detail.lines : [])
