import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment } from '../state/payment.ts'
import { unexpected } from './approval.ts'

/**
 * The PG may still charge what was opened in a window, or have charged it, and the merchant would take it: in its own window, or
 * late, after the attempt has failed. Only what a shopper agreed to was ever sent to a PG that does not charge by itself.
 */
export const awaitsCharge = ({ isUnwanted, selfCharge, authentication, phase, paidAt }: Attempt): boolean => {
  if (isUnwanted || selfCharge?.isUnwanted || paidAt !== undefined) return false
  switch (phase) {
    case 'READY':
      return selfCharge !== undefined
    case 'APPROVING':
    case 'PAY_PENDING':
      return true
    case 'FAILED':
      return selfCharge !== undefined || authentication !== undefined
    // An account that is open is known to the merchant, who can close it.
    case 'VIRTUAL_ACCOUNT_ISSUED':
    case 'REVERSING':
    case 'PAID':
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return false
  }
}

/**
 * The merchant wants nothing of this window any more. A PG that charges in it cannot be told, nor one that approves what it has
 * declined, so that what we learn of from here on is given back: a commit of the payment decides between the two.
 */
export const refuseCharge = (payment: Payment, transactionId: string): readonly PaymentEvent[] =>
  awaitsCharge(attemptOf(payment, transactionId)) ? [{ type: 'ChargeRefused', transactionId }] : []

/**
 * Whether what the PG charged is not what the merchant wants by now. The answer that a call of ours waits for counts all the same: the
 * merchant reads that the payment is pending, and is refused another amount. One that comes after the attempt has failed does not.
 */
export const isUnwanted = (payment: Payment, attempt: Attempt): boolean => {
  const { selfCharge, request, phase } = attempt
  const isRefused = attempt.isUnwanted === true || selfCharge?.isUnwanted === true
  if (selfCharge || phase === 'FAILED') return isRefused || unexpected(payment, request) !== undefined
  return phase === 'VIRTUAL_ACCOUNT_ISSUED' && isRefused
}
