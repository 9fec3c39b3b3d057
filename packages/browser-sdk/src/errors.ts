import type { CheckoutKind, CheckoutProblem } from '@naru/contract'

/** What an error says it is; the npm package's `instanceof` and its guards look at this name alone. */
export type ErrorName =
  | 'PaymentError'
  | 'IssueBillingKeyError'
  | 'IssueBillingKeyAndPayError'
  | 'IdentityVerificationError'
  | 'LoadPaymentUIError'
  | 'LoadIssueBillingKeyUIError'
  | 'ModuleError'

const names: Record<CheckoutKind, ErrorName> = {
  PAYMENT: 'PaymentError',
  ISSUE_BILLING_KEY: 'IssueBillingKeyError',
  ISSUE_BILLING_KEY_AND_PAY: 'IssueBillingKeyAndPayError',
  IDENTITY_VERIFICATION: 'IdentityVerificationError',
}

/**
 * An error as PortOne's SDK rejects with. All that it says are enumerable members of its own, `message` too: React
 * Native hands it on as JSON, where a plain Error's message is lost.
 */
const errorOf = (name: ErrorName, fields: object): Error => {
  const { message = '' } = fields as { message?: string }
  const error = new Error(message)
  // As an Error is given it, it is not enumerable.
  Reflect.deleteProperty(error, 'message')
  return Object.assign(error, { __portOneErrorType: name, message }, fields)
}

export const failed = (kind: CheckoutKind, problem: CheckoutProblem, ids: object = {}): Error =>
  errorOf(names[kind], { transactionType: kind, ...ids, ...problem })

export const failedToLoad = (kind: 'PAYMENT' | 'ISSUE_BILLING_KEY', problem: CheckoutProblem): Error =>
  errorOf(kind === 'PAYMENT' ? 'LoadPaymentUIError' : 'LoadIssueBillingKeyUIError', {
    transactionType: kind,
    ...problem,
  })

export const moduleError = (message: string): Error => errorOf('ModuleError', { code: 'BadRequest', message })
