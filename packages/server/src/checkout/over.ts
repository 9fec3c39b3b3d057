import { storeTime } from '../kernel/clock.ts'
import type { Found } from './find.ts'
import { closedByShop, expired } from './leave.ts'
import type { CheckoutParts } from './parts.ts'
import { findSession } from './sessions/session.ts'

/**
 * How a window ends in which nothing can be agreed to any more: its time is over, or the merchant has closed the session that it
 * was opened from.
 */
export const endingOf = async (
  parts: CheckoutParts,
  { attempt, clock }: Pick<Found, 'attempt' | 'clock'>,
): Promise<ReturnType<typeof expired> | undefined> => {
  const now = storeTime(clock)
  if (now > attempt.expiresAt) return expired({ attempt })
  const { sessionId } = attempt.surroundings
  if (sessionId === undefined) return undefined
  const session = await findSession(parts, sessionId)
  if (session && session.closedAt !== null) return closedByShop({ attempt })
  return session && now < session.expiresAt ? undefined : expired({ attempt })
}
