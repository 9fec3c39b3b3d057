import type { FindStore } from '../workers/due-rows.ts'
import { paymentDue } from './due.ts'
import { paymentParts } from './parts.ts'

type Needs = Parameters<typeof paymentParts>[0] & { readonly findStore: FindStore }

export const paymentModule = (needs: Needs) => {
  const parts = paymentParts(needs)
  return { parts, due: paymentDue(parts, needs.findStore) }
}

export type PaymentModule = ReturnType<typeof paymentModule>
