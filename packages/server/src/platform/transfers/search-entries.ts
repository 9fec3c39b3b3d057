import type { PlatformUserDefinedPropertyKeyValue } from '@naru/contract'
import { policyIdsOf } from './policy-ids.ts'
import type { OrderInput } from './transfer.ts'

/** What a transfer can be found by exactly, for one inverted index. */
export const searchEntries = (
  order: OrderInput | undefined,
  properties: readonly PlatformUserDefinedPropertyKeyValue[],
): string[] => {
  const entries = properties.map(({ key, value }) => propertyEntry(key, value.string))
  if (!order) return entries
  const { additionalFees, discountShares } = policyIdsOf(order)
  return [
    ...entries,
    ...(order.orderLines ?? []).flatMap(({ product }) => [productEntry(product.id), productNameEntry(product.name)]),
    ...additionalFees.map(feePolicyEntry),
    ...discountShares.map(discountPolicyEntry),
  ]
}

/** Index keys have a size limit in PostgreSQL. Both sides are cut alike: what is written, and what is looked for. */
const entry = (text: string): string => text.slice(0, 400)

export const productEntry = (id: string): string => entry(`product:${id}`)
export const productNameEntry = (name: string): string => entry(`productName:${name}`)
export const feePolicyEntry = (id: string): string => entry(`fee:${id}`)
export const discountPolicyEntry = (id: string): string => entry(`discount:${id}`)
export const propertyEntry = (key: string, value: string): string => entry(`property:${key}=${value}`)
