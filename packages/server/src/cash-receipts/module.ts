import type { FindStore } from '../workers/due-rows.ts'
import { cashReceiptDue } from './due.ts'
import { cashReceiptParts } from './parts.ts'

type Needs = Parameters<typeof cashReceiptParts>[0] & { readonly findStore: FindStore }

export const cashReceiptModule = (needs: Needs) => {
  const parts = cashReceiptParts(needs)
  return { parts, due: [cashReceiptDue(parts, needs.findStore)] }
}
