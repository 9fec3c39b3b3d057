import type { FindStore } from '../workers/due-rows.ts'
import { billingKeyDue } from './due.ts'
import { billingKeyParts } from './parts.ts'

type Needs = Parameters<typeof billingKeyParts>[0] & { readonly findStore: FindStore }

export const billingKeyModule = (needs: Needs) => {
  const parts = billingKeyParts(needs)
  return { parts, due: [billingKeyDue(parts, needs.findStore)] }
}
