import type { PlatformRoundType, UpdatePlatformBody, UpdatePlatformSettingBody } from '@naru/contract'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { type CalculatorProblem, type CalculatorText, compileCalculator } from '../transfers/arithmetic/calculator.ts'
import type { SettingContent } from './content.ts'
import { problemsText } from './problems-text.ts'

/** The characters that a bank statement has room for. Memos of single payouts have the same limit. */
const longestMemo = 30

/** Why the memos cannot be the defaults of payouts: a bank would refuse the transfers, or cut them off. */
export const memoProblem = ({
  defaultWithdrawalMemo,
  defaultDepositMemo,
}: UpdatePlatformSettingBody): Refusal<'INVALID_REQUEST'> | undefined => {
  const tooLong = Object.entries({ defaultWithdrawalMemo, defaultDepositMemo }).find(
    ([, memo]) => memo !== undefined && [...memo].length > longestMemo,
  )
  return tooLong && refuse('INVALID_REQUEST', `${tooLong[0]} must have at most ${longestMemo} characters.`)
}

/** The formulas that PortOne's earlier contract can change. */
const changeable = ['platformFee', 'discountShare', 'additionalFee'] as const

/** The setting with what a request of PortOne's earlier contract changes; refused where a formula cannot be computed. */
export const changePlatform = (
  content: SettingContent,
  { roundType, settlementFormula = {}, settlementRule = {} }: UpdatePlatformBody,
): SettingContent | Refusal<'PLATFORM_INVALID_SETTLEMENT_FORMULA'> => {
  const { subtractWhtInPayoutAmount, ...rules } = settlementRule
  const calculator = changeFormulas(content.calculator, settlementFormula, roundType)
  const compiled = compileCalculator(
    calculator,
    content.parameters.map(({ key }) => key),
  )
  if ('problems' in compiled) return invalidFormulas(compiled.problems)
  return {
    ...content,
    ...rules,
    ...(subtractWhtInPayoutAmount === undefined ? {} : { deductWht: subtractWhtInPayoutAmount }),
    calculator,
  }
}

const changeFormulas = (
  calculator: CalculatorText,
  formulas: NonNullable<UpdatePlatformBody['settlementFormula']>,
  roundType: PlatformRoundType | undefined,
): CalculatorText => {
  const { platformFee, discountShare, additionalFee } = calculator
  const change = (name: (typeof changeable)[number]) => ({
    formula: formulas[name] ?? calculator[name].formula,
    roundType: roundType ?? calculator[name].roundType,
  })
  return {
    ...calculator,
    platformFee: { ...platformFee, ...change('platformFee') },
    discountShare: { ...discountShare, ...change('discountShare') },
    additionalFee: { ...additionalFee, ...change('additionalFee') },
    ...(roundType && {
      settlement: { ...calculator.settlement, roundType },
      settlementTaxFree: { ...calculator.settlementTaxFree, roundType },
    }),
  }
}

/** PortOne's error has the position of a problem in the three formulas that its earlier contract knows; the text has all. */
export const invalidFormulas = (
  problems: readonly CalculatorProblem[],
): Refusal<'PLATFORM_INVALID_SETTLEMENT_FORMULA'> => {
  const of = (name: (typeof changeable)[number]) => problems.find(({ formula }) => formula === name)?.problem
  const [platformFee, discountShare, additionalFee] = changeable.map(of)
  return new Refusal({
    type: 'PLATFORM_INVALID_SETTLEMENT_FORMULA',
    message: problemsText(problems),
    ...(platformFee && { platformFee }),
    ...(discountShare && { discountShare }),
    ...(additionalFee && { additionalFee }),
  })
}
