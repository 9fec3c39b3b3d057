/**
 * The amounts of a transfer, of one line of it, or of a sum of transfers, in the settlement currency's minor unit.
 * Field by field as PortOne documents `PlatformOrderSettlementAmount`. A cancellation's are what it takes back, so
 * they are positive as well.
 */
export const amountFields = [
  /** The goods at their price, before any discount. */
  'order',
  'orderTaxFree',
  /** All discounts of this level and below, whoever bears them. */
  'discount',
  'discountTaxFree',
  /** What the customer paid: order − discount. */
  'payment',
  'paymentTaxFree',
  /** The VAT contained in the taxable part of the payment. */
  'paymentVat',
  /** payment − paymentTaxFree − paymentVat. */
  'paymentSupply',
  /** The payment's VAT where the contract takes it off the settlement, else 0. */
  'paymentVatBurden',
  /** The partner's part of the discounts. */
  'discountShare',
  'discountShareTaxFree',
  'platformFee',
  /** Charged to the partner only; 0 where the merchant bears it. */
  'platformFeeVat',
  'additionalFee',
  'additionalFeeVat',
  /** What the partner is owed. Negative where fees exceed the order. */
  'settlement',
  'settlementTaxFree',
] as const

export type AmountField = (typeof amountFields)[number]

export type OrderAmounts = Readonly<Record<AmountField, bigint>> & {
  /** The results of the platform's own formulas, by their key. */
  readonly userDefinedFormulas: Readonly<Record<string, bigint>>
}

export const addAmounts = (left: OrderAmounts, right: OrderAmounts): OrderAmounts =>
  combine(left, right, (one, other) => one + other)

export const subtractAmounts = (left: OrderAmounts, right: OrderAmounts): OrderAmounts =>
  combine(left, right, (one, other) => one - other)

/** Every amount of `source`, changed by `change`. */
export const mapAmounts = (source: OrderAmounts, change: (amount: bigint) => bigint): OrderAmounts =>
  combine(source, source, change)

const combine = (
  left: OrderAmounts,
  right: OrderAmounts,
  operate: (left: bigint, right: bigint) => bigint,
): OrderAmounts => {
  const keys = new Set([...Object.keys(left.userDefinedFormulas), ...Object.keys(right.userDefinedFormulas)])
  return {
    ...amountsOf((field) => operate(left[field], right[field])),
    userDefinedFormulas: Object.fromEntries(
      [...keys].map((key) => [key, operate(left.userDefinedFormulas[key] ?? 0n, right.userDefinedFormulas[key] ?? 0n)]),
    ),
  }
}

/** Written out field by field, so that the compiler sees each of them; a test compares it with `amountFields`. */
export const amountsOf = <Value>(value: (field: AmountField) => Value): Readonly<Record<AmountField, Value>> => ({
  order: value('order'),
  orderTaxFree: value('orderTaxFree'),
  discount: value('discount'),
  discountTaxFree: value('discountTaxFree'),
  payment: value('payment'),
  paymentTaxFree: value('paymentTaxFree'),
  paymentVat: value('paymentVat'),
  paymentSupply: value('paymentSupply'),
  paymentVatBurden: value('paymentVatBurden'),
  discountShare: value('discountShare'),
  discountShareTaxFree: value('discountShareTaxFree'),
  platformFee: value('platformFee'),
  platformFeeVat: value('platformFeeVat'),
  additionalFee: value('additionalFee'),
  additionalFeeVat: value('additionalFeeVat'),
  settlement: value('settlement'),
  settlementTaxFree: value('settlementTaxFree'),
})

/** The smaller of a computed amount and what is left of it. Nothing is limited where there is no limit. */
export const atMost = (amount: bigint, limit: bigint | undefined): bigint =>
  limit !== undefined && limit < amount ? limit : amount

export const total = (amounts: Iterable<bigint>): bigint => {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}
