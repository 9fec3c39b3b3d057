import type { Instant } from '../../kernel/clock.ts'
import type { CheckoutParts } from '../parts.ts'
import { markClosed, type Session } from './session.ts'
import { withdrawWindows } from './windows.ts'

/**
 * Closes a session: no window opens from it any more, those that are open end, what nobody has confirmed cannot be confirmed any more,
 * and what a shopper has just agreed to is waited for. After the answer nothing is charged through it, so that the payment then says
 * whether it was paid; what a PG charges in its own window all the same is given back, and so is what it approves after it had
 * declined. Returns when it was closed; closing it again repeats what a crash may have left.
 */
export const closeSession = async (parts: CheckoutParts, session: Session): Promise<Instant> => {
  const { storeId, sessionId, content } = session
  const closedAt = await markClosed(parts, session)
  // Read afterwards: whoever agrees in a window that was opened later finds the session closed.
  const store = await parts.directory.store(storeId)
  if (!store) throw new Error(`the store ${storeId} of a payment session is gone`)
  await withdrawWindows(parts, store, content.paymentId, ({ attempt }) => attempt.surroundings.sessionId === sessionId)
  return closedAt
}
