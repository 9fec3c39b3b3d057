import type { CheckoutState } from '@naru/contract'
import { leave } from '../identity-verifications/rules.ts'
import { leaveWindow } from '../payments/window.ts'
import { type Found, findByKey } from './find.ts'
import { isOver } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { keyOf, progressOf, settledProgress } from './progress.ts'
import { redirectOf, stateOf, undecided } from './result.ts'
import { endAttempt } from './store.ts'
import { afterWebhook } from './webhook-first.ts'

/**
 * The window is gone, or the shopper wants it to be. What is decided stays; what is not being approved fails as left by
 * the shopper; what the PG is being asked about is waited for, never failed: it may have charged.
 */
export const closeCheckout = async (parts: CheckoutParts, found: Found): Promise<CheckoutState> => {
  const { attempt } = found
  const before = await progressOf(parts, found)
  if (before.kind !== 'ended') {
    await leaveAttempt(parts, found, (await isOver(parts, attempt)) ? expired : left)
  }
  // Read again: that it was left is written down.
  const current = (await findByKey(parts, attempt.storeId, attempt.transactionId)) ?? found
  const after = await settledProgress(parts, current)
  if (after.kind === 'ended') {
    await afterWebhook(parts, current)
    return stateOf(attempt, after)
  }
  const result = undecided(attempt)
  return { result, ...redirectOf(attempt, result) }
}

type Failure = { readonly pgCode: string; readonly pgMessage: string }

const left: Failure = { pgCode: 'PAY_PROCESS_CANCELED', pgMessage: '사용자가 결제를 취소하였습니다' }
const expired: Failure = { pgCode: 'PAY_PROCESS_EXPIRED', pgMessage: '결제 시간이 만료되었습니다' }

const leaveAttempt = async (parts: CheckoutParts, found: Found, failure: Failure): Promise<void> => {
  const { attempt } = found
  const key = keyOf(found)
  switch (attempt.kind) {
    case 'PAYMENT':
      await leaveWindow(parts.payments, key, attempt.transactionId, failure)
      return
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      await endAttempt(parts.sql, attempt, { kind: 'FAILED', ...failure }, 'OPEN')
      return
    case 'IDENTITY_VERIFICATION':
      await parts.verifications.process.apply(key, (state) => leave(state, attempt.transactionId, failure))
  }
}
