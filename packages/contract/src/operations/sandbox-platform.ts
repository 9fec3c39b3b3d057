import { operation } from '../operation.ts'
import { SandboxPlatformDefinitions, SetSandboxPlatformDefinitionsBody } from '../schemas/sandbox/definitions.ts'
import { platformAccess, testQuery } from './platform-parameters.ts'
import { control } from './sandbox-parameters.ts'

const definitions = { ...control, path: '/sandbox/platform/definitions', queryParameters: testQuery } as const

/** What a merchant defines in PortOne's console, for tests that have no console. */
export const sandboxPlatformOperations = {
  getSandboxPlatformDefinitions: operation({
    ...definitions,
    method: 'GET',
    summary: 'Read formulas, parameters and properties',
    description:
      'Returns what partner settlement computes with and which fields it knows. Of sandbox stores, and of the test platform of any merchant.',
    success: SandboxPlatformDefinitions,
    errors: platformAccess,
  }),
  setSandboxPlatformDefinitions: operation({
    ...definitions,
    method: 'PUT',
    summary: 'Define formulas, parameters and properties',
    description:
      'Replaces all of them, or none if a formula cannot be computed. Applies to transfers that are registered from now on. Needs a credential of the whole merchant. Unknown fields are refused.',
    body: SetSandboxPlatformDefinitionsBody,
    bodyIn: 'body',
    bodyRequired: true,
    // It replaces all definitions: a misspelt one would be back at its default.
    isBodyStrict: true,
    success: SandboxPlatformDefinitions,
    errors: [...platformAccess, 'PLATFORM_INVALID_SETTLEMENT_FORMULA'],
  }),
}
