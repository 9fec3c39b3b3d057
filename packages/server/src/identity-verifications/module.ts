import type { FindStore } from '../workers/due-rows.ts'
import { verificationDue } from './due.ts'
import { verificationParts } from './parts.ts'

type Needs = Parameters<typeof verificationParts>[0] & { readonly findStore: FindStore }

export const verificationModule = (needs: Needs) => {
  const parts = verificationParts(needs)
  return { parts, due: [verificationDue(parts, needs.findStore)] }
}
