import { storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './parts.ts'
import { openSession } from './sessions/session.ts'

/** Nothing can be agreed to any more: the time is over, or the merchant has closed the session that it was opened from. */
export const isOver = async (
  parts: CheckoutParts,
  { attempt: { expiresAt, surroundings }, clock }: Pick<Found, 'attempt' | 'clock'>,
): Promise<boolean> => {
  if (storeTime(clock) > expiresAt) return true
  const { sessionId } = surroundings
  return sessionId !== undefined && (await openSession(parts, sessionId)) instanceof Refusal
}
