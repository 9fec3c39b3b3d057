import type { CheckoutState } from '@naru/contract'
import { storeTime } from '../kernel/clock.ts'
import { leaveWindow } from '../payments/window.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './module.ts'
import { paymentKeyOf, progressOf, settledProgress } from './progress.ts'
import { redirectOf, stateOf, undecided } from './result.ts'

/**
 * The window is gone, or the shopper wants it to be. What is decided stays; what is not being approved fails as left by
 * the shopper; what the PG is being asked about is waited for, never failed: it may have charged.
 */
export const closeCheckout = async (parts: CheckoutParts, found: Found): Promise<CheckoutState> => {
  const { attempt, store } = found
  const key = paymentKeyOf(found)
  const before = await progressOf(parts, found)
  if (before.kind !== 'ended' && key) {
    const now = storeTime(await parts.clockOf(store.storeId))
    await leaveWindow(parts.payments, key, attempt.transactionId, now > attempt.expiresAt ? expired : left)
  }
  const after = await settledProgress(parts, found)
  if (after.kind === 'ended') return stateOf(attempt, after)
  const result = undecided(attempt)
  return { result, ...redirectOf(attempt, result) }
}

const left = { pgCode: 'PAY_PROCESS_CANCELED', pgMessage: '사용자가 결제를 취소하였습니다' }
const expired = { pgCode: 'PAY_PROCESS_EXPIRED', pgMessage: '결제 시간이 만료되었습니다' }
