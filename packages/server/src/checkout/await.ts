import type { CheckoutState } from '@naru/contract'
import { issueToken } from '../billing-keys/confirm.ts'
import { storeTime } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { attemptOf } from '../payments/state/payment.ts'
import { issueNow } from './agree-to-store.ts'
import { approveNow } from './approve.ts'
import { billingTokenOf } from './billing-progress.ts'
import { type Found, findAgain } from './find.ts'
import { expired, leaveAttempt } from './leave.ts'
import type { CheckoutParts } from './parts.ts'
import { keyOf, settledProgress } from './progress.ts'
import { type Progress, paymentTokenOf, stateOf } from './result.ts'
import { endStale, isStale } from './stale.ts'
import { agreeOnce } from './store.ts'
import { afterWebhook } from './webhook-first.ts'

/**
 * How an attempt stands, once the PG has decided about what the shopper agreed to. An approval that a server died before is
 * made now; only one that the merchant is asked about is not, since asking twice may reserve stock twice: it fails by itself
 * (`expireWindows`).
 */
export const awaitCheckout = async (parts: CheckoutParts, found: Found): Promise<CheckoutState> => {
  await resume(parts, found)
  const current = await findAgain(parts, found)
  const progress = await outcomeOf(parts, current)
  if (progress.kind === 'ended') await afterWebhook(parts, current)
  return { ...stateOf(found.attempt, progress), ...compact({ page: current.attempt.page }) }
}

/**
 * A PG's window knows nothing of the order that it asks money for: only this answer makes the script close it. Nobody has to look at a
 * page of ours before.
 */
const outcomeOf = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const progress = await settledProgress(parts, found)
  if (isStale(progress)) return await settledProgress(parts, await endStale(parts, found, progress))
  if (progress.kind !== 'open' || !isTimedOut(parts, found)) return progress
  await leaveAttempt(parts, found, expired(found))
  return await settledProgress(parts, await findAgain(parts, found))
}

/** Nothing can come of it any more; a PG that charges in its own window may do so for longer than it is open here. */
const isTimedOut = (parts: CheckoutParts, { attempt, channel, clock }: Found): boolean => {
  const { within = 0 } = parts.pgWindowOf(channel)?.charges ?? {}
  return storeTime(clock) > Math.max(attempt.expiresAt, attempt.createdAt + within)
}

const resume = async (parts: CheckoutParts, found: Found): Promise<void> => {
  if (found.channel.manualConfirm) return
  switch (found.attempt.kind) {
    case 'PAYMENT':
      return await resumeApproval(parts, found)
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return await resumeIssue(parts, found)
    case 'IDENTITY_VERIFICATION':
      return
  }
}

const resumeApproval = async (parts: CheckoutParts, found: Found): Promise<void> => {
  const { attempt } = found
  if (attempt.kind !== 'PAYMENT' || attempt.request.confirmUrl !== undefined) return
  const key = keyOf(found)
  const { transactionId } = attempt
  const { state } = await parts.payments.process.load(key)
  const { phase, authentication } = attemptOf(state, transactionId)
  if (phase !== 'READY' || !authentication) return
  await approveNow(parts, key, { transactionId, paymentToken: paymentTokenOf(parts, attempt) }, undefined)
}

const resumeIssue = async (parts: CheckoutParts, found: Found): Promise<void> => {
  const { attempt } = found
  const { state } = await parts.billingKeys.process.load(keyOf(found))
  if (!state.ready || state.request || attempt.ending?.kind === 'FAILED') return
  if (attempt.ending?.kind === 'AGREED' || (await agreeOnce(parts.sql, attempt)))
    await issueNow(parts, found, issueToken(attempt.subjectId, billingTokenOf(parts, attempt)))
}
