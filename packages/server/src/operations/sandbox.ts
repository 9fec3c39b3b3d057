import type { Handlers } from '../http/handler.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import { resolveSandboxStore } from '../merchants/access.ts'
import { resetStore } from '../sandbox/reset.ts'
import { refuseTargets } from '../webhooks/targets.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'sql' | 'access' | 'createStore' | 'webhooks'>

/** Sandbox stores as wholes. */
export const sandboxOperations = ({
  sql,
  access,
  createStore,
  webhooks,
}: Parts): Pick<Handlers, 'createSandboxStore' | 'resetSandboxStore'> => ({
  createSandboxStore: async ({ body, principal }) => {
    const own = await resolveSandboxStore(access, principal, undefined)
    if (own instanceof Refusal) return own
    if (principal.scope === 'STORE')
      return refuse('FORBIDDEN', 'Creating a store needs an API secret of the whole merchant, not of one store.')
    const { name, webhookUrl } = body ?? {}
    const problem = webhookUrl === undefined ? undefined : webUrlProblem(webhookUrl)
    if (problem !== undefined) return refuse('INVALID_REQUEST', `webhookUrl must ${problem}.`)
    const broken = refuseTargets(webhooks, own, { webhookUrl })
    if (broken) return broken
    return createStore(principal.merchantId, compact({ name, webhookUrl }))
  },

  resetSandboxStore: forSandboxStore(access, async ({ principal, caller, store }) => {
    await resetStore(sql, store, { requestKey: caller.requestKey, scope: principal.scope })
    return {}
  }),
})
