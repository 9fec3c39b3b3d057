import { type Payment, paidAttempt } from '../payments/state/payment.ts'
import type { CheckoutAttempt } from './attempt.ts'

/**
 * Whether an order is paid by something else than a window that is for it. A method that is stored is charged in an attempt of its
 * own, which its key tells.
 */
export const isPaidElsewhere = (
  payment: Payment,
  { kind, transactionId, subjectId }: Pick<CheckoutAttempt, 'kind' | 'transactionId' | 'subjectId'>,
): boolean => {
  const paid = paidAttempt(payment)
  if (!paid) return false
  return kind === 'ISSUE_BILLING_KEY_AND_PAY' ? paid.billingKey !== subjectId : paid.transactionId !== transactionId
}
