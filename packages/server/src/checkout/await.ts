import type { CheckoutState } from '@naru/contract'
import { attemptOf } from '../payments/state/payment.ts'
import { approveNow } from './approve.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './module.ts'
import { paymentKeyOf, settledProgress } from './progress.ts'
import { paymentTokenOf, stateOf } from './result.ts'

/**
 * How an attempt stands, once the PG has decided about what the shopper agreed to. An approval that a server died before is
 * made now; only one that the merchant is asked about is not, since asking twice may reserve stock twice.
 */
export const awaitCheckout = async (parts: CheckoutParts, found: Found): Promise<CheckoutState> => {
  await resumeApproval(parts, found)
  return stateOf(found.attempt, await settledProgress(parts, found))
}

const resumeApproval = async (parts: CheckoutParts, found: Found): Promise<void> => {
  const key = paymentKeyOf(found)
  const { attempt, channel } = found
  if (!key || attempt.kind !== 'PAYMENT' || channel.manualConfirm || attempt.request.confirmUrl !== undefined) return
  const { transactionId } = attempt
  const { state } = await parts.payments.process.load(key)
  const { phase, authentication } = attemptOf(state, transactionId)
  if (phase !== 'READY' || !authentication) return
  await approveNow(parts, key, { transactionId, paymentToken: paymentTokenOf(parts, attempt) }, undefined)
}
