import type { CreateSandboxScriptBody, SandboxScriptMatch } from '@naru/contract'
import { codesFor, isObeyed, subjectsOf } from '../gateways/sandbox/scenarios/script-codes.ts'
import type { Script } from '../gateways/sandbox/scenarios/scripts.ts'
import { namedCode } from '../gateways/sandbox/scenarios/triggers.ts'
import type { Handlers } from '../http/handler.ts'
import { storeTime, toIso } from '../kernel/clock.ts'
import { createdBy } from '../kernel/ids.ts'
import { invalid, refuse } from '../kernel/refusal.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'control' | 'clockOf'>

/** Outcomes laid down for the next calls to the sandbox PG. */
export const sandboxScriptOperations = (
  parts: Parts,
): Pick<Handlers, 'createSandboxScript' | 'listSandboxScripts' | 'deleteSandboxScript'> => ({
  createSandboxScript: forSandboxStore(parts.access, async ({ body, store, caller }) => {
    const broken = refuseMatch(body.match) ?? refuseSteps(body)
    if (broken) return broken
    const script = {
      id: createdBy(caller.requestKey),
      match: body.match,
      steps: body.steps.map((step) => step.trim().toLowerCase()),
      takenSteps: 0,
      createdAt: storeTime(await parts.clockOf(store.storeId)),
    }
    await parts.control.addScript(store.storeId, script)
    return view(script)
  }),

  listSandboxScripts: forSandboxStore(parts.access, async ({ store }) => {
    return { items: (await parts.control.scriptsOf(store.storeId)).map(view) }
  }),

  deleteSandboxScript: forSandboxStore(parts.access, async ({ path, store }) => {
    if (await parts.control.deleteScript(store.storeId, path.scriptId)) return {}
    return refuse(
      'INVALID_REQUEST',
      `scriptId: the store has no script ${path.scriptId}. GET /sandbox/scripts lists them.`,
    )
  }),
})

const view = ({ createdAt, steps, ...script }: Script) => ({
  ...script,
  steps: [...steps],
  createdAt: toIso(createdAt),
})

/** Longer than any id. */
const longest = 1_000

const refuseMatch = (match: SandboxScriptMatch) => {
  const allowed = subjectsOf(match.operation)
  const wrong = Object.keys(match).find((name) => name !== 'operation' && !allowed.some((subject) => subject === name))
  if (wrong !== undefined) {
    const choice = allowed.length === 0 ? 'it takes none' : `allowed: ${allowed.join(', ')}`
    return invalid(`match.${wrong}: calls of ${match.operation} cannot be told apart by it; ${choice}.`)
  }
  const unlikely = allowed.find((name) => match[name] === '' || (match[name]?.length ?? 0) > longest)
  return unlikely && invalid(`match.${unlikely} must be 1 to ${longest} characters.`)
}

const mostSteps = 100

const refuseSteps = ({ match: { operation }, steps }: CreateSandboxScriptBody) => {
  if (steps.length === 0 || steps.length > mostSteps) return invalid(`steps must have 1 to ${mostSteps} codes.`)
  const index = steps.findIndex((step) => !isObeyed(operation, namedCode(step) ?? 'unknown-code'))
  if (index < 0) return undefined
  return invalid(
    `steps[${index}]: "${steps[index]}" is not a scenario of ${operation}; allowed: ${codesFor(operation).join(', ')}.`,
  )
}
