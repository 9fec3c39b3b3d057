import type { Expression } from '../../formula/parse.ts'
import { parseFormula } from '../../formula/parse.ts'
import type { FormulaProblem } from '../../formula/problem.ts'
import { type FormulaName, scopeOf } from '../../formula/variables.ts'
import type { RoundType } from './rounding.ts'

/** A formula as the platform's operator writes it, with the rounding of its result. */
export type FormulaText = { readonly formula: string; readonly roundType: RoundType }

/** What a platform computes settlements by: PortOne's console calls it the calculator. Kept in every transfer. */
export type CalculatorText = Readonly<Record<Exclude<FormulaName, 'userDefined'>, FormulaText>> & {
  /** In the order in which they are evaluated: one may use those before it. */
  readonly userDefined: readonly (FormulaText & { readonly key: string })[]
  readonly vatRoundType: RoundType
}

/** PortOne's default formulas, all rounded down. The VAT's rounding is the default of PortOne's console. */
export const defaultCalculator: CalculatorText = {
  discountShare: { formula: 'DISCOUNT_AMOUNT * FIXED_RATE', roundType: 'DOWN' },
  platformFee: { formula: '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT', roundType: 'DOWN' },
  additionalFee: { formula: '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT', roundType: 'DOWN' },
  userDefined: [],
  // Not the whole discount is taken off, only the partner's share: the merchant owes its own share to the partner.
  settlement: {
    formula:
      'ORDER_AMOUNT - PAYMENT_VAT_BURDEN - PLATFORM_FEE_AMOUNT - PLATFORM_FEE_VAT' +
      ' - ADDITIONAL_FEE_AMOUNT - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE_AMOUNT',
    roundType: 'DOWN',
  },
  settlementTaxFree: {
    formula: '(SETTLEMENT_AMOUNT + DISCOUNT_SHARE_AMOUNT) * ORDER_TAX_FREE_RATIO - DISCOUNT_SHARE_TAX_FREE_AMOUNT',
    roundType: 'DOWN',
  },
  vatRoundType: 'DOWN',
}

export type RoundedFormula = { readonly expression: Expression; readonly roundType: RoundType }

/** A calculator that has been read and can be evaluated. */
export type Calculator = Readonly<Record<Exclude<FormulaName, 'userDefined'>, RoundedFormula>> & {
  readonly userDefined: readonly (RoundedFormula & { readonly key: string })[]
  readonly vatRoundType: RoundType
}

/** A formula that cannot be evaluated. `formula` is its name, or the key of a user-defined one. */
export type CalculatorProblem = { readonly formula: string; readonly problem: FormulaProblem }

export type CompiledCalculator =
  | { readonly calculator: Calculator }
  | { readonly problems: readonly CalculatorProblem[] }

/**
 * Reads all formulas, and names every one that cannot be read.
 * @param parameterKeys the keys of the platform's settlement parameters: any formula may use them.
 */
export const compileCalculator = (text: CalculatorText, parameterKeys: readonly string[] = []): CompiledCalculator => {
  const problems: CalculatorProblem[] = []
  const compile = (
    name: FormulaName,
    source: FormulaText,
    custom: readonly string[],
    label: string,
  ): RoundedFormula => {
    const parsed = parseFormula(source.formula, scopeOf(name, custom))
    if ('expression' in parsed) return { expression: parsed.expression, roundType: source.roundType }
    problems.push({ formula: label, problem: parsed.problem })
    return { expression: unreadable, roundType: source.roundType }
  }
  const known = [...parameterKeys]
  const named = (name: Exclude<FormulaName, 'userDefined'>): RoundedFormula => compile(name, text[name], known, name)
  const before = {
    discountShare: named('discountShare'),
    platformFee: named('platformFee'),
    additionalFee: named('additionalFee'),
  }
  const userDefined = text.userDefined.map((source) => {
    const compiled = { ...compile('userDefined', source, known, source.key), key: source.key }
    known.push(source.key)
    return compiled
  })
  const after = { settlement: named('settlement'), settlementTaxFree: named('settlementTaxFree') }
  if (problems.length > 0) return { problems }
  return { calculator: { ...before, userDefined, ...after, vatRoundType: text.vatRoundType } }
}

/** Stands for a formula that has a problem until all have been read; it is never evaluated. */
const unreadable: Expression = { type: 'NUMBER', value: { numerator: 0n, denominator: 1n } }
