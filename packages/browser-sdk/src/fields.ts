import type { CheckoutKind } from '@naru/contract'
import { isLike } from '@naru/contract/likeness'
import { jsonOf } from './json.ts'

export type Fields = Readonly<Record<string, unknown>>

const order = {
  storeId: 'string',
  paymentId: 'string',
  orderName: 'string',
  totalAmount: 'number',
  currency: 'string',
} as const

const required: Record<CheckoutKind, Readonly<Record<string, 'string' | 'number'>>> = {
  PAYMENT: order,
  ISSUE_BILLING_KEY: { storeId: 'string' },
  ISSUE_BILLING_KEY_AND_PAY: order,
  IDENTITY_VERIFICATION: { storeId: 'string', identityVerificationId: 'string' },
}

/**
 * What is wrong with a request that can be seen without asking anybody, so that no window flashes open for it. The server
 * looks at everything once more.
 */
export const problemWith = (kind: CheckoutKind, request: unknown): string | undefined => {
  if (typeof request !== 'object' || request === null) return 'The request must be an object.'
  const fields: Fields = { ...request }
  for (const [name, type] of Object.entries(required[kind])) {
    const value = fields[name] ?? undefined
    if (value === undefined) return missing(name, fields)
    // JSON has no NaN: the server would say that the field is missing.
    if (typeof value !== type || Number.isNaN(value)) return `${name} must be a ${type}.`
  }
  const isInGroup = kind === 'PAYMENT' && fields.channelGroupId !== undefined
  if (isInGroup && fields.channelKey !== undefined) return 'Give channelKey or channelGroupId, not both.'
  return isInGroup || fields.channelKey !== undefined ? unwritable(fields) : missing('channelKey', fields)
}

/** What JSON cannot hold, such as a BigInt or an object that holds itself, in the words of the browser. */
const unwritable = (fields: Fields): string | undefined => {
  try {
    jsonOf(fields)
    return undefined
  } catch (error) {
    return `${error}`
  }
}

/** With the field that looks like it, if there is one, which may be why. */
const missing = (name: string, fields: Fields): string => {
  const meant = Object.keys(fields).find((given) => given !== name && isLike(given, name))
  const hint = meant === undefined ? '' : ` There is no field ${meant}. Did you mean ${name}?`
  return `${name} must be given.${hint}`
}
