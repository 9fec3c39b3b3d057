import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { type Attempt, type Payment, statusOf } from '../state/payment.ts'

/** Only what is paid can be cancelled, captured or shipped: says what the payment is instead, and what to do. */
export const paymentNotPaid = ({ paymentId }: Payment, attempt: Attempt): Refusal<'PAYMENT_NOT_PAID'> =>
  refuse('PAYMENT_NOT_PAID', `The payment ${paymentId} is ${statusOf(attempt)}, not PAID. ${remedyFor(attempt)}`)

const remedyFor = ({ phase }: Attempt): string => {
  switch (phase) {
    case 'READY':
      return 'The shopper has not paid yet.'
    case 'APPROVING':
    case 'PAY_PENDING':
    case 'REVERSING':
      return "It waits for the payment gateway's result: try again once the payment is PAID."
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return 'It waits for a deposit. Close its virtual account to call the payment off.'
    case 'FAILED':
      return 'Nothing was charged, so there is nothing to do.'
    case 'CANCELLED':
      return 'All of it was refunded.'
    case 'PAID':
    case 'PARTIAL_CANCELLED':
      return 'Read the payment.'
  }
}
