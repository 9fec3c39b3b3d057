import type { SandboxUserDefinedProperty, SetSandboxPlatformDefinitionsBody } from '@naru/contract'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { type CalculatorText, compileCalculator, defaultCalculator } from '../transfers/arithmetic/calculator.ts'
import { invalidFormulas } from './change.ts'
import type { SettingContent } from './content.ts'
import { keyProblem, mistypedName, most, nameProblem } from './definitions.ts'

/**
 * The setting with these definitions in place of those that it has. What is left out is as for a merchant that has defined
 * nothing, so that the same request makes the same platform, whatever a test before it defined.
 */
export const replaceDefinitions = (
  content: SettingContent,
  wanted: SetSandboxPlatformDefinitionsBody,
): SettingContent | Refusal<'INVALID_REQUEST' | 'PLATFORM_INVALID_SETTLEMENT_FORMULA'> => {
  const { formulas, vatRoundType, userDefinedFormulas = [], parameters = [], properties = [] } = wanted
  const problem = namesProblem({ userDefinedFormulas, parameters }) ?? propertiesProblem(properties)
  if (problem !== undefined) return refuse('INVALID_REQUEST', problem)
  const calculator: CalculatorText = {
    ...defaultCalculator,
    ...formulas,
    ...(vatRoundType && { vatRoundType }),
    userDefined: userDefinedFormulas,
  }
  const compiled = compileCalculator(
    calculator,
    parameters.map(({ key }) => key),
  )
  if ('problems' in compiled) return invalidFormulas(compiled.problems)
  const scaled = parameters.map(({ defaultValue: { decimal, decimalScale = 0 }, ...parameter }) => ({
    ...parameter,
    defaultValue: { decimal, decimalScale },
  }))
  return { ...content, calculator, parameters: scaled, properties }
}

/** Formulas and parameters are named in formulas, where one name must mean one thing. */
const namesProblem = (
  lists: Required<Pick<SetSandboxPlatformDefinitionsBody, 'userDefinedFormulas' | 'parameters'>>,
): string | undefined => {
  const before: { readonly key: string }[] = []
  for (const [field, list] of Object.entries(lists))
    for (const [index, { key }] of list.entries()) {
      const mistyped = field === 'userDefinedFormulas' ? mistypedName(key) : undefined
      const problem = keyProblem(key) ?? mistyped ?? nameProblem(key, before)
      if (problem !== undefined) return `${field}[${index}].key: ${problem}`
      before.push({ key })
    }
  return undefined
}

const propertiesProblem = (properties: readonly SandboxUserDefinedProperty[]): string | undefined => {
  const before = new Set<string>()
  for (const [index, { key, objectType }] of properties.entries()) {
    const problem = keyProblem(key) ?? (before.has(`${objectType} ${key}`) ? `${key} is there twice.` : undefined)
    if (problem !== undefined) return `properties[${index}].key: ${problem}`
    before.add(`${objectType} ${key}`)
  }
  const tooMany = (['PARTNER', 'TRANSFER'] as const).find(
    (type) => properties.filter(({ objectType }) => objectType === type).length > most,
  )
  return tooMany && `properties must have at most ${most} of the type ${tooMany}.`
}
