import { storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { CheckoutAttempt } from './attempt.ts'
import type { CheckoutParts } from './parts.ts'
import { openSession } from './sessions/session.ts'

/** Nothing can be agreed to any more: the time is over, or the merchant has closed the session that it was opened from. */
export const isOver = async (
  parts: CheckoutParts,
  { storeId, expiresAt, surroundings: { sessionId } }: CheckoutAttempt,
): Promise<boolean> => {
  if (storeTime(await parts.clockOf(storeId)) > expiresAt) return true
  return sessionId !== undefined && (await openSession(parts, sessionId)) instanceof Refusal
}
