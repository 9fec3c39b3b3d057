import { doubt } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment } from '../state/payment.ts'
import { isOpenWindow } from '../state/window.ts'
import { unexpected } from './approval.ts'

/** The PG's own window says that it charged: it is asked at once, and until it tells, nothing else pays this order. */
export const reportSelfCharge = (payment: Payment, transactionId: string, now: Instant): readonly PaymentEvent[] =>
  isOpenWindow(attemptOf(payment, transactionId))
    ? [{ type: 'SelfChargeReported', transactionId, inquiry: doubt(undefined, now) }]
    : []

/** The PG may still charge in its window, or have charged there, and the merchant would take it. */
export const awaitsSelfCharge = ({ selfCharge, phase, paidAt }: Attempt): boolean => {
  if (!selfCharge || selfCharge.isUnwanted || paidAt !== undefined) return false
  switch (phase) {
    case 'READY':
    case 'APPROVING':
    case 'PAY_PENDING':
    case 'FAILED':
      return true
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
 * The merchant wants nothing of this window any more. The PG that charges in it cannot be told, so that what we learn of from
 * here on is given back: a commit of the payment decides between the two.
 */
export const refuseSelfCharge = (payment: Payment, transactionId: string): readonly PaymentEvent[] =>
  awaitsSelfCharge(attemptOf(payment, transactionId)) ? [{ type: 'SelfChargeRefused', transactionId }] : []

/** Whether what the PG charged by itself is not what the merchant wants by now. */
export const isUnwanted = (payment: Payment, { selfCharge, request }: Attempt): boolean =>
  selfCharge !== undefined && (selfCharge.isUnwanted === true || unexpected(payment, request) !== undefined)
