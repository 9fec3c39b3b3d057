import { array, boolean, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { PlatformRoundType } from '../platform/platform.ts'
import { PlatformSettlementParameterValue } from '../platform/settlement-amount.ts'

const formula = string(
  'With `+`, `-`, `*`, parentheses, `ceil`, `floor`, `round`, numbers, and variables such as `ORDER_AMOUNT`.',
)
const key = string('A letter, and up to 49 letters, digits and underscores. Never changes.')
const name = string('A name for people.', { minLength: 1, maxLength: 100 })

export const SandboxPlatformFormula = object('SandboxPlatformFormula', 'A formula, and how its result is rounded.', {
  formula,
  roundType: PlatformRoundType,
})
export type SandboxPlatformFormula = Static<typeof SandboxPlatformFormula>

const named = SandboxPlatformFormula

export const SandboxPlatformFormulas = object('SandboxPlatformFormulas', 'The formulas that every platform has.', {
  platformFee: named,
  discountShare: named,
  additionalFee: named,
  settlement: named,
  settlementTaxFree: named,
})
export type SandboxPlatformFormulas = Static<typeof SandboxPlatformFormulas>

export const SandboxPlatformFormulasInput = object(
  'SandboxPlatformFormulasInput',
  "The formulas that are not PortOne's own.",
  {
    platformFee: optional(named),
    discountShare: optional(named),
    additionalFee: optional(named),
    settlement: optional(named),
    settlementTaxFree: optional(named),
  },
)
export type SandboxPlatformFormulasInput = Static<typeof SandboxPlatformFormulasInput>

export const SandboxUserDefinedFormula = object(
  'SandboxUserDefinedFormula',
  'A formula of your own. Its result is in `amount.userDefinedFormulas` of transfers and settlements.',
  { key, formula, roundType: PlatformRoundType },
)
export type SandboxUserDefinedFormula = Static<typeof SandboxUserDefinedFormula>

export const SandboxSettlementParameter = object(
  'SandboxSettlementParameter',
  'A variable of your own, which formulas may use and `parameters` of a transfer may set.',
  { key, name, defaultValue: PlatformSettlementParameterValue },
)
export type SandboxSettlementParameter = Static<typeof SandboxSettlementParameter>

export const SandboxPropertyObjectType = enumeration('SandboxPropertyObjectType', 'What has the property.', [
  'PARTNER',
  'TRANSFER',
])
export type SandboxPropertyObjectType = Static<typeof SandboxPropertyObjectType>

export const SandboxUserDefinedProperty = object(
  'SandboxUserDefinedProperty',
  'A field of your own, which `userDefinedProperties` of a partner or a transfer may set.',
  {
    key,
    name,
    objectType: SandboxPropertyObjectType,
    isSecret: boolean('Whether only administrators see it in the console. API secrets see all.'),
  },
)
export type SandboxUserDefinedProperty = Static<typeof SandboxUserDefinedProperty>

const lists = {
  userDefinedFormulas: array(
    SandboxUserDefinedFormula,
    'In the order in which they are computed: each may use those before it.',
    {
      maxItems: 10,
    },
  ),
  parameters: array(SandboxSettlementParameter, 'Your own variables.', { maxItems: 100 }),
  properties: array(SandboxUserDefinedProperty, 'Your own fields: at most ten of partners and ten of transfers.', {
    maxItems: 20,
  }),
}

export const SandboxPlatformDefinitions = object(
  'SandboxPlatformDefinitions',
  'What the hosted service keeps in its console: formulas, parameters and user-defined properties.',
  {
    isForTest: boolean('Whether it is the test platform.'),
    formulas: SandboxPlatformFormulas,
    vatRoundType: PlatformRoundType,
    ...lists,
  },
)
export type SandboxPlatformDefinitions = Static<typeof SandboxPlatformDefinitions>

export const SetSandboxPlatformDefinitionsBody = object(
  'SetSandboxPlatformDefinitionsBody',
  'All definitions of the platform. What is left out is as for a merchant that has defined nothing.',
  {
    isForTest: optional(
      boolean('As it was read, and ignored: the query parameter `test` says which platform is meant.'),
    ),
    formulas: optional(SandboxPlatformFormulasInput),
    vatRoundType: optional(PlatformRoundType),
    userDefinedFormulas: optional(lists.userDefinedFormulas),
    parameters: optional(lists.parameters),
    properties: optional(lists.properties),
  },
)
export type SetSandboxPlatformDefinitionsBody = Static<typeof SetSandboxPlatformDefinitionsBody>
