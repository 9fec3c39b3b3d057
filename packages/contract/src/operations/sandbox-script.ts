import { access, operation, storeQuery } from '../operation.ts'
import { object, string } from '../schema.ts'
import { SandboxDone } from '../schemas/sandbox/sandbox.ts'
import { CreateSandboxScriptBody, ListSandboxScriptsResponse, SandboxScript } from '../schemas/sandbox/script.ts'
import { control } from './sandbox-parameters.ts'

const scriptPath = object('SandboxScriptPath', 'Which script is meant.', { scriptId: string('The script.') })

export const sandboxScriptOperations = {
  createSandboxScript: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/scripts',
    summary: 'Lay down the outcomes of the next calls',
    description:
      'The next calls to the sandbox gateway that match take these scenarios, one each, in order; afterwards everything is as before. A call that names a scenario of its own in the header `Naru-Test-Code` takes no step; otherwise a step comes before customer id, card and amount. A call that is repeated under one reference takes the same step again, unless the gateway refused it or never got it. Unknown fields are refused.',
    body: CreateSandboxScriptBody,
    bodyIn: 'body',
    bodyRequired: true,
    // A misspelt condition would make the script match everything.
    isBodyStrict: true,
    success: SandboxScript,
    errors: access,
  }),
  listSandboxScripts: operation({
    ...control,
    method: 'GET',
    path: '/sandbox/scripts',
    summary: 'List scripts',
    description: 'All scripts of the store, with how far each has come.',
    queryParameters: storeQuery,
    success: ListSandboxScriptsResponse,
    errors: access,
  }),
  deleteSandboxScript: operation({
    ...control,
    method: 'DELETE',
    path: '/sandbox/scripts/{scriptId}',
    summary: 'Delete a script',
    description: 'Forgets the steps that no call has taken yet, and which calls took the others.',
    pathParameters: scriptPath,
    queryParameters: storeQuery,
    success: SandboxDone,
    errors: access,
  }),
}
