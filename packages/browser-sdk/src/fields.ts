import type { CheckoutKind } from '@naru/contract'

export type Fields = Readonly<Record<string, unknown>>

const required: Record<CheckoutKind, Readonly<Record<string, 'string' | 'number'>>> = {
  PAYMENT: { storeId: 'string', paymentId: 'string', orderName: 'string', totalAmount: 'number', currency: 'string' },
  ISSUE_BILLING_KEY: { storeId: 'string' },
  ISSUE_BILLING_KEY_AND_PAY: {
    storeId: 'string',
    paymentId: 'string',
    orderName: 'string',
    totalAmount: 'number',
    currency: 'string',
  },
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
    if (fields[name] === undefined || fields[name] === null) return `${name} must be given.`
    if (typeof fields[name] !== type) return `${name} must be a ${type}.`
  }
  const isInGroup = kind === 'PAYMENT' && fields.channelGroupId !== undefined
  if (isInGroup && fields.channelKey !== undefined) return 'Give channelKey or channelGroupId, not both.'
  return isInGroup || fields.channelKey !== undefined ? undefined : 'channelKey must be given.'
}
