import { type BatchLimits, batched } from './batch.ts'

/**
 * As `batched`, for statements that each name one tenant: calls of one tenant share a statement, and calls of different
 * tenants never do. A tenant that waits for nothing costs no memory.
 */
export const batchedByTenant = <Tenant, Request, Result>(
  keyOf: (tenant: Tenant) => string,
  run: (tenant: Tenant, requests: readonly Request[]) => Promise<readonly Result[]>,
  limits: BatchLimits,
): ((tenant: Tenant, request: Request) => Promise<Result>) => {
  const batches = new Map<string, { call: (request: Request) => Promise<Result>; waiting: number }>()
  return async (tenant, request) => {
    const key = keyOf(tenant)
    const batch = batches.get(key) ?? {
      call: batched((requests: readonly Request[]) => run(tenant, requests), limits),
      waiting: 0,
    }
    batches.set(key, batch)
    batch.waiting += 1
    try {
      return await batch.call(request)
    } finally {
      batch.waiting -= 1
      if (batch.waiting === 0) batches.delete(key)
    }
  }
}
