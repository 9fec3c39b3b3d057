/**
 * What a formula may name. PortOne documents the eight of the first generation (`ORDER_AMOUNT` to `PLATFORM_FEE_VAT`)
 * and `ORDER_TAX_FREE_RATIO`; the names of the others, which its console offers without a published spelling, are our
 * choice in the same manner.
 */
const builtIn = [
  'ORDER_AMOUNT',
  'PAYMENT_AMOUNT',
  'DISCOUNT_AMOUNT',
  'FIXED_RATE',
  'FIXED_AMOUNT',
  'DISCOUNT_SHARE_AMOUNT',
  'PLATFORM_FEE_AMOUNT',
  'PLATFORM_FEE_VAT',
  'ORDER_TAX_FREE_AMOUNT',
  'ORDER_TAX_FREE_RATIO',
  'PAYMENT_TAX_FREE_AMOUNT',
  'PAYMENT_VAT',
  'PAYMENT_VAT_BURDEN',
  'DISCOUNT_TAX_FREE_AMOUNT',
  'DISCOUNT_SHARE_TAX_FREE_AMOUNT',
  'ADDITIONAL_FEE_AMOUNT',
  'ADDITIONAL_FEE_VAT',
  'SETTLEMENT_AMOUNT',
] as const

export type Variable = (typeof builtIn)[number]

/** The formulas of a platform, in the order in which they are evaluated. */
export type FormulaName =
  | 'discountShare'
  | 'platformFee'
  | 'additionalFee'
  | 'userDefined'
  | 'settlement'
  | 'settlementTaxFree'

/** Known before any fee: what the order and its payment say. */
const order = [
  'ORDER_AMOUNT',
  'ORDER_TAX_FREE_AMOUNT',
  'ORDER_TAX_FREE_RATIO',
  'PAYMENT_AMOUNT',
  'PAYMENT_TAX_FREE_AMOUNT',
  'PAYMENT_VAT',
  'PAYMENT_VAT_BURDEN',
  'DISCOUNT_AMOUNT',
  'DISCOUNT_TAX_FREE_AMOUNT',
  'DISCOUNT_SHARE_AMOUNT',
  'DISCOUNT_SHARE_TAX_FREE_AMOUNT',
] as const satisfies readonly Variable[]
const fee = ['FIXED_RATE', 'FIXED_AMOUNT'] as const satisfies readonly Variable[]
const platformFee = ['PLATFORM_FEE_AMOUNT', 'PLATFORM_FEE_VAT'] as const satisfies readonly Variable[]
const additionalFee = ['ADDITIONAL_FEE_AMOUNT', 'ADDITIONAL_FEE_VAT'] as const satisfies readonly Variable[]

/**
 * Which variables each formula may use: PortOne's table for the first three, and for the others whatever has been
 * computed by then. No formula can so depend on its own result.
 */
const allowed: Readonly<Record<FormulaName, ReadonlySet<string>>> = {
  discountShare: new Set(['DISCOUNT_AMOUNT', 'FIXED_RATE']),
  platformFee: new Set([...order, ...fee]),
  additionalFee: new Set([...order, ...fee, ...platformFee]),
  userDefined: new Set([...order, ...platformFee, ...additionalFee]),
  settlement: new Set([...order, ...platformFee, ...additionalFee]),
  settlementTaxFree: new Set([...order, ...platformFee, ...additionalFee, 'SETTLEMENT_AMOUNT']),
}

/** The names that one formula understands. */
export type Scope = {
  readonly allows: (name: string) => boolean
  /** Known, though perhaps not to this formula: the author wrote the right name in the wrong place. */
  readonly knows: (name: string) => boolean
}

/**
 * The scope of a formula. `custom` are the keys of settlement parameters and, where they have been computed by then,
 * of user-defined formulas.
 */
export const scopeOf = (formula: FormulaName, custom: Iterable<string> = []): Scope => {
  const names = new Set(custom)
  return {
    allows: (name) => allowed[formula].has(name) || names.has(name),
    knows: (name) => isBuiltIn(name) || names.has(name),
  }
}

/** Whether a name is taken by a variable of ours, so that no parameter or user-defined formula may have it. */
export const isBuiltIn = (name: string): boolean => known.has(name)

const known: ReadonlySet<string> = new Set(builtIn)
