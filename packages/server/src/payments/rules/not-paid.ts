import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { type Attempt, type Payment, statusOf } from '../state/payment.ts'
import { isReversalAccepted } from '../state/reversal.ts'

/** Only what is paid can be cancelled, captured or shipped: says what the payment is instead, and what to do. */
export const paymentNotPaid = ({ paymentId }: Payment, attempt: Attempt): Refusal<'PAYMENT_NOT_PAID'> =>
  refuse('PAYMENT_NOT_PAID', `The payment ${paymentId} is ${statusOf(attempt)}, not PAID. ${remedyFor(attempt)}`)

const remedyFor = (attempt: Attempt): string => {
  const { phase, paidAt, refusedReversal } = attempt
  switch (phase) {
    case 'READY':
      return 'The shopper has not paid yet.'
    case 'APPROVING':
    case 'PAY_PENDING':
      return "It waits for the payment gateway's result: try again once the payment is PAID."
    case 'REVERSING':
      return 'The payment gateway charged what must not stand, and is asked to refund it: there is nothing to do.'
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return 'It waits for a deposit. Close its virtual account to call the payment off.'
    case 'FAILED':
      if (refusedReversal)
        return 'The payment gateway charged what must not stand, and refuses to refund it: settle it with the payment gateway. It is asked again from time to time.'
      if (isReversalAccepted(attempt))
        return 'The payment gateway charged what must not stand, and has accepted to refund it: there is nothing to do.'
      return paidAt === undefined
        ? 'Nothing was charged, so there is nothing to do.'
        : 'What was charged has been refunded, so there is nothing to do.'
    case 'CANCELLED':
      return 'All of it was refunded.'
    case 'PAID':
    case 'PARTIAL_CANCELLED':
      return 'Read the payment.'
  }
}
