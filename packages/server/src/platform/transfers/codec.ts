import { type Amount, assertAmount } from '../../kernel/money.ts'
import { type AmountField, amountsOf, mapAmounts, type OrderAmounts } from './arithmetic/amounts.ts'
import type { CancelRequest } from './arithmetic/cancel-request.ts'
import { largestAmount } from './arithmetic/largest-amount.ts'
import type { DiscountPart, FeePart, LinePart, Settlement } from './arithmetic/settlement.ts'
import type {
  CancelInput,
  ComputedDiscount,
  ComputedFee,
  ComputedLine,
  ComputedParts,
  DiscountInput,
} from './transfer.ts'

/** Amounts as they are stored and sent: integers that are exact as numbers. */
type StoredAmounts = {
  readonly amounts: Readonly<Record<AmountField, Amount>>
  readonly userDefinedFormulas: Readonly<Record<string, Amount>>
}

/** What is stored of a settlement. Every amount must be one: `isStorable` has been asked. */
export type StoredSettlement = StoredAmounts & { readonly computed: ComputedParts }

const limit = BigInt(largestAmount)

/** Whether every amount is small enough. Formulas and many units can lead beyond that. */
export const isStorable = ({ amount, lines }: Settlement): boolean => {
  let fits = true
  const check = (value: bigint): bigint => {
    fits &&= value <= limit && value >= -limit
    return value
  }
  for (const level of [amount, ...lines.map((line) => line.amount)]) mapAmounts(level, check)
  return fits
}

const toAmount = (value: bigint): Amount => assertAmount(Number(value))

export const storedSettlement = (settlement: Settlement): StoredSettlement => ({
  ...storedAmounts(settlement.amount),
  computed: {
    discounts: settlement.discounts.map(storedDiscount),
    additionalFees: settlement.additionalFees.map(storedFee),
    lines: settlement.lines.map(storedLine),
  },
})

/** The settlement as it was computed. */
export const readSettlement = ({ computed, ...amounts }: StoredSettlement): Settlement => ({
  amount: readAmounts(amounts),
  discounts: computed.discounts.map(readDiscount),
  additionalFees: computed.additionalFees.map(readFee),
  lines: computed.lines.map(readLine),
})

const storedAmounts = ({ userDefinedFormulas, ...amounts }: OrderAmounts): StoredAmounts => ({
  amounts: amountsOf((field) => toAmount(amounts[field])),
  userDefinedFormulas: mapValues(userDefinedFormulas, toAmount),
})

const readAmounts = ({ amounts, userDefinedFormulas }: StoredAmounts): OrderAmounts => ({
  ...amountsOf((field) => BigInt(amounts[field])),
  userDefinedFormulas: mapValues(userDefinedFormulas, BigInt),
})

const mapValues = <From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))

const storedDiscount = (part: DiscountPart): ComputedDiscount => ({
  policyId: part.policyId,
  amount: toAmount(part.amount),
  taxFreeAmount: toAmount(part.taxFreeAmount),
  shareAmount: toAmount(part.shareAmount),
  shareTaxFreeAmount: toAmount(part.shareTaxFreeAmount),
})

const readDiscount = (part: ComputedDiscount): DiscountPart => ({
  policyId: part.policyId,
  amount: BigInt(part.amount),
  taxFreeAmount: BigInt(part.taxFreeAmount),
  shareAmount: BigInt(part.shareAmount),
  shareTaxFreeAmount: BigInt(part.shareTaxFreeAmount),
})

const storedFee = ({ policyId, amount, vat }: FeePart): ComputedFee => ({
  policyId,
  amount: toAmount(amount),
  vat: toAmount(vat),
})

const readFee = ({ policyId, amount, vat }: ComputedFee): FeePart => ({
  policyId,
  amount: BigInt(amount),
  vat: BigInt(vat),
})

const storedLine = (line: LinePart): ComputedLine => ({
  productId: line.productId,
  quantity: Number(line.quantity),
  ...storedAmounts(line.amount),
  discounts: line.discounts.map(storedDiscount),
  additionalFees: line.additionalFees.map(storedFee),
})

const readLine = ({ productId, quantity, discounts, additionalFees, ...amounts }: ComputedLine): LinePart => ({
  productId,
  quantity: BigInt(quantity),
  amount: readAmounts(amounts),
  discounts: discounts.map(readDiscount),
  additionalFees: additionalFees.map(readFee),
})

/** A request for a cancellation, as the arithmetic takes it. */
export const readCancelRequest = ({ detail, taxFreeAmount, discounts }: CancelInput): CancelRequest => ({
  detail: readCancelDetail(detail),
  taxFreeAmount: taxFreeAmount === undefined ? undefined : BigInt(taxFreeAmount),
  discounts: discounts.map(cancelledDiscount),
})

const readCancelDetail = (detail: CancelInput['detail']): CancelRequest['detail'] => {
  switch (detail.type) {
    case 'ALL':
      return detail
    case 'AMOUNT':
      return { type: 'AMOUNT', amount: BigInt(detail.amount) }
    case 'LINES':
      return {
        type: 'LINES',
        lines: detail.lines.map(({ productId, quantity, discounts }) => ({
          productId,
          quantity: BigInt(quantity),
          discounts: discounts.map(cancelledDiscount),
        })),
      }
  }
}

const cancelledDiscount = ({ sharePolicyId, amount, taxFreeAmount }: DiscountInput) => ({
  policyId: sharePolicyId,
  amount: BigInt(amount),
  taxFreeAmount: BigInt(taxFreeAmount),
})
