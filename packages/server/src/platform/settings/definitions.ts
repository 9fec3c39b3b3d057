import { isLike } from '@naru/contract/likeness'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { isBuiltIn } from '../formula/variables.ts'
import { type CalculatorText, compileCalculator, type FormulaText } from '../transfers/arithmetic/calculator.ts'
import type { PropertyDefinition, SettingContent, SettlementParameter } from './content.ts'
import { problemsText } from './problems-text.ts'

/**
 * What PortOne keeps in its console: the merchant's own properties, parameters and formulas. Each function makes one change
 * of a setting, or says why it cannot be.
 */

type Changed = SettingContent | Refusal<'INVALID_REQUEST'>

/** PortOne's console allows so many properties of partners, of transfers, and so many formulas. */
export const most = 10

export const keyProblem = (key: string): string | undefined =>
  /^[A-Za-z][A-Za-z0-9_]{0,49}$/.test(key)
    ? undefined
    : `${key} cannot be a key: it must be a letter and up to 49 letters, digits and underscores.`

/** Defines a property, or gives one that there is another name. Its key and what it is of never change. */
export const defineProperty = (content: SettingContent, property: PropertyDefinition): Changed => {
  const problem = keyProblem(property.key)
  if (problem) return refuse('INVALID_REQUEST', problem)
  const isSame = ({ key, objectType }: PropertyDefinition) => key === property.key && objectType === property.objectType
  const others = content.properties.filter((one) => !isSame(one))
  if (others.filter(({ objectType }) => objectType === property.objectType).length >= most)
    return refuse('INVALID_REQUEST', `There are ${most} properties of the type ${property.objectType} already.`)
  const isNew = others.length === content.properties.length
  const properties = isNew
    ? [...content.properties, property]
    : content.properties.map((one) => (isSame(one) ? property : one))
  return { ...content, properties }
}

/**
 * Takes a property away. What partners and transfers have of it stays with them, and cannot be set any more; defined again
 * under the same key, it is that property again.
 */
export const removeProperty = (
  content: SettingContent,
  key: string,
  objectType: PropertyDefinition['objectType'],
): Changed => {
  const properties = content.properties.filter((one) => one.key !== key || one.objectType !== objectType)
  return properties.length < content.properties.length
    ? { ...content, properties }
    : refuse('INVALID_REQUEST', `There is no property ${key} of the type ${objectType}.`)
}

/** Defines a parameter, or gives one that there is another name or default. */
export const defineParameter = (content: SettingContent, parameter: SettlementParameter): Changed => {
  const taken = keyProblem(parameter.key) ?? nameProblem(parameter.key, content.calculator.userDefined)
  if (taken) return refuse('INVALID_REQUEST', taken)
  const others = content.parameters.filter(({ key }) => key !== parameter.key)
  return { ...content, parameters: [...others, parameter] }
}

/** Takes a parameter away, where no formula uses it. */
export const removeParameter = (content: SettingContent, key: string): Changed =>
  content.parameters.some((parameter) => parameter.key === key)
    ? compiled({ ...content, parameters: content.parameters.filter((parameter) => parameter.key !== key) })
    : refuse('INVALID_REQUEST', `There is no parameter ${key}.`)

/** The formulas that every platform has. */
export const formulaNames = [
  'platformFee',
  'discountShare',
  'additionalFee',
  'settlement',
  'settlementTaxFree',
] as const

export type NamedFormula = (typeof formulaNames)[number]

/** `settlment` would be a formula beside the one that computes the settlement. Whoever adds to a whole name means another one. */
export const mistypedName = (key: string): string | undefined => {
  const given = key.toLowerCase().replaceAll('_', '')
  const isMeant = (name: string) => given === name || (isLike(given, name) && !given.includes(name))
  const name = formulaNames.find((name) => isMeant(name.toLowerCase()))
  return (
    name && `Did you mean ${name}? Every platform has a formula ${name}. Choose another key than ${key} for your own.`
  )
}

/** Replaces one of the formulas that every platform has. */
export const setFormula = (content: SettingContent, name: NamedFormula, text: FormulaText): Changed =>
  compiled(withCalculator(content, { [name]: text }))

/** Defines a formula of the merchant's own, computed after those that there are, or replaces one in its place. */
export const setUserDefinedFormula = (content: SettingContent, key: string, text: FormulaText): Changed => {
  const { userDefined } = content.calculator
  const isNew = !userDefined.some((one) => one.key === key)
  const taken = keyProblem(key) ?? (isNew ? (mistypedName(key) ?? nameProblem(key, content.parameters)) : undefined)
  if (taken) return refuse('INVALID_REQUEST', taken)
  if (isNew && userDefined.length >= most)
    return refuse('INVALID_REQUEST', `There are ${most} formulas of your own already.`)
  const formula = { ...text, key }
  const changed = isNew ? [...userDefined, formula] : userDefined.map((one) => (one.key === key ? formula : one))
  return compiled(withCalculator(content, { userDefined: changed }))
}

/** Takes a formula of the merchant's own away, where no other uses it. */
export const removeUserDefinedFormula = (content: SettingContent, key: string): Changed => {
  const { userDefined } = content.calculator
  return userDefined.some((one) => one.key === key)
    ? compiled(withCalculator(content, { userDefined: userDefined.filter((one) => one.key !== key) }))
    : refuse('INVALID_REQUEST', `There is no formula ${key} of your own.`)
}

/** How the VAT of fees and payments is rounded. */
export const setVatRounding = (content: SettingContent, vatRoundType: CalculatorText['vatRoundType']): Changed =>
  withCalculator(content, { vatRoundType })

const withCalculator = (content: SettingContent, change: Partial<CalculatorText>): SettingContent => ({
  ...content,
  calculator: { ...content.calculator, ...change },
})

/** A name that a formula could not tell from another. */
export const nameProblem = (key: string, others: readonly { readonly key: string }[]): string | undefined => {
  if (isBuiltIn(key)) return `${key} is a variable of every formula. Choose another key.`
  return others.some((other) => other.key === key) ? `There is a formula or a parameter ${key} already.` : undefined
}

const compiled = (content: SettingContent): Changed => {
  const keys = content.parameters.map(({ key }) => key)
  const result = compileCalculator(content.calculator, keys)
  if (!('problems' in result)) return content
  return refuse('INVALID_REQUEST', problemsText(result.problems))
}
