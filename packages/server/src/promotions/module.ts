import type { ProcessParts } from '../aggregates/aggregate.ts'
import type { FindStore } from '../workers/due-rows.ts'
import { type FindTransaction, promotionDue } from './due.ts'
import { promotionParts } from './parts.ts'

type Needs = ProcessParts & { readonly findStore: FindStore; readonly findTransaction: FindTransaction }

export const promotionModule = (needs: Needs) => {
  const parts = promotionParts(needs)
  return { parts, due: [promotionDue(parts, needs.findStore, needs.findTransaction)] }
}
