import type { AggregateKey } from '../aggregates/aggregate.ts'
import { representative, attemptOf as verificationOf } from '../identity-verifications/verification.ts'
import { awaitSettled } from '../payments/outcome.ts'
import { unexpected } from '../payments/rules/approval.ts'
import { attemptOf, type Payment } from '../payments/state/payment.ts'
import { billingProgress, settledBilling } from './billing-progress.ts'
import type { Found } from './find.ts'
import { isPaidElsewhere } from './paid-elsewhere.ts'
import type { CheckoutParts } from './parts.ts'
import { failedWith, idsOf, type PaymentNow, type Progress, paymentProgress, replaced } from './result.ts'

/** The payment, or the verification, that a window is for. */
export const keyOf = ({ attempt, store }: Found): AggregateKey => ({ store, id: attempt.subjectId })

/** The payment that a window is for, as it is now. */
export const paymentNow = async (parts: CheckoutParts, found: Found): Promise<PaymentNow> => {
  const { state } = await parts.payments.process.load(keyOf(found))
  return nowIn(state, found)
}

const nowIn = (payment: Payment, { attempt }: Found): PaymentNow => ({
  paid: attemptOf(payment, attempt.transactionId),
  isPaidElsewhere: isPaidElsewhere(payment, attempt),
  differing: unexpected(payment, attemptOf(payment, attempt.transactionId).request),
})

/** How far an attempt is now. */
export const progressOf = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const { attempt } = found
  switch (attempt.kind) {
    case 'PAYMENT':
      return ofPayment(parts, found, await paymentNow(parts, found))
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return await billingProgress(parts, found)
    case 'IDENTITY_VERIFICATION':
      return await identityProgress(parts, found)
  }
}

/** As `progressOf`, once it is decided: waits while the PG is asked, for as long as a request may. */
export const settledProgress = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const { attempt } = found
  switch (attempt.kind) {
    case 'PAYMENT': {
      const progressIn = (payment: Payment) => ofPayment(parts, found, nowIn(payment, found))
      const isDecided = (payment: Payment) => progressIn(payment).kind !== 'settling'
      return progressIn((await awaitSettled(parts.payments, keyOf(found), isDecided)).state)
    }
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return await settledBilling(parts, found)
    case 'IDENTITY_VERIFICATION':
      return await identityProgress(parts, found)
  }
}

const ofPayment = (parts: CheckoutParts, { attempt, channel }: Found, payment: PaymentNow): Progress =>
  paymentProgress(parts, attempt, payment, channel)

const identityProgress = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const { attempt } = found
  const { state } = await parts.verifications.process.load(keyOf(found))
  const { phase, failure, isReplaced } = verificationOf(state, attempt.transactionId)
  const isVerified = representative(state)?.phase === 'VERIFIED'
  switch (phase) {
    case 'READY':
    case 'SENDING':
      return { kind: isVerified ? 'overtaken' : 'open' }
    case 'VERIFIED':
      return { kind: 'ended', result: idsOf(attempt) }
    case 'FAILED':
      return isReplaced && !isVerified ? replaced(attempt) : failedWith(attempt, idsOf(attempt), failure, isVerified)
  }
}
