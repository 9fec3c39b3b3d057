import { createResolver, type Resolve } from './resolve.ts'
import { type GuardOptions, resolvedTargetRefusal } from './target-guard.ts'

type Configured = GuardOptions & { readonly sandbox: { readonly webhookUrl?: string | undefined } }

/**
 * Why no webhook would be delivered to `NARU_WEBHOOK_URL`, for who starts or examines a server: it is a sandbox store's, and a
 * server with a database of its own guards those as well. `undefined` where nothing speaks against it.
 */
export const webhookUrlProblem = async (
  { sandbox: { webhookUrl }, ...guard }: Configured,
  resolve: Resolve = createResolver(),
): Promise<string | undefined> => {
  const refusal = webhookUrl === undefined ? undefined : await resolvedTargetRefusal(guard, false, webhookUrl, resolve)
  return refusal === undefined ? undefined : `Webhooks to NARU_WEBHOOK_URL will not be delivered: ${refusal}`
}
