import type { OperationId } from '@naru/contract'
import type { Known } from './fuzz-values.ts'

/** Parts of a request that belong together, such as a payment and its cancellation. */
export type Fragment = { readonly path?: object; readonly query?: object; readonly body?: object }

/** What a store has: values by the names of fields, and by operation those that only fit it, or each other. */
export type Books = {
  readonly known?: Known
  readonly together?: Readonly<Partial<Record<OperationId, readonly Fragment[]>>>
}

export const times = async <Made>(count: number, make: () => Promise<Made>): Promise<readonly Made[]> => {
  const made: Made[] = []
  while (made.length < count) made.push(await make())
  return made
}

/** Further away than any test goes. */
export const farAhead = '2099-12-31T23:59:59Z'
