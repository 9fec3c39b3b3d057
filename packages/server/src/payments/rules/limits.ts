import type { PaymentOrigin } from '@naru/contract'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { sourceOf } from '../../kernel/source.ts'
import type { Attempt, Payment } from '../state/payment.ts'

/** Attempts per payment before we refuse more. PortOne has a limit and does not say which; 100 is our choice. */
export const maximumAttempts = 100

/** Whoever knows the ids of an order can open its windows: no one address may use up what the shopper needs. */
export const maximumFromOneAddress = maximumAttempts / 2

/** More declines of one order are somebody who tries cards out, not a shopper with a bad day; our choice. */
export const maximumDeclines = 10

type TooMany = Refusal<'MAX_TRANSACTION_COUNT_REACHED'>

export const refuseTooMany = (payment: Payment): TooMany | undefined =>
  payment.attempts.length < maximumAttempts
    ? undefined
    : refuse(
        'MAX_TRANSACTION_COUNT_REACHED',
        `The payment ${payment.paymentId} was tried ${maximumAttempts} times. Use a new paymentId.`,
      )

/** Whether two browsers count as one. The merchant's own server is no browser, whatever address it has. */
export const isSameClient = (one: PaymentOrigin, other: PaymentOrigin): boolean =>
  isBrowser(one) && isBrowser(other) && sourceOf(one.ipAddress) === sourceOf(other.ipAddress)

/** What one client address has used up, though others may go on; says nothing of what a merchant's server asks for. */
export const refuseTooManyFrom = ({ paymentId, attempts }: Payment, origin: PaymentOrigin): TooMany | undefined => {
  const own = attempts.filter((attempt) => isSameClient(attempt.origin, origin))
  if (own.filter(isDeclined).length >= maximumDeclines)
    return refuse(
      'MAX_TRANSACTION_COUNT_REACHED',
      `The payment ${paymentId} was declined ${maximumDeclines} times. Use a new paymentId.`,
    )
  return own.length < maximumFromOneAddress
    ? undefined
    : refuse(
        'MAX_TRANSACTION_COUNT_REACHED',
        `The payment ${paymentId} was tried ${maximumFromOneAddress} times from this address. Use a new paymentId.`,
      )
}

const isBrowser = ({ platformType }: PaymentOrigin): boolean => platformType !== 'API'

/** The shopper agreed, and nothing came of it. */
const isDeclined = ({ phase, authentication, billingKey }: Attempt): boolean =>
  phase === 'FAILED' && (authentication !== undefined || billingKey !== undefined)
