import type { Instant } from '../../kernel/clock.ts'
import { closeCheckout } from '../close.ts'
import { type Found, findByKey } from '../find.ts'
import type { CheckoutParts } from '../parts.ts'
import { markClosed, type Session } from './session.ts'

/**
 * Closes a session: no window opens from it any more, those that are open end, and what a shopper has just agreed to is
 * waited for. After the answer nothing is charged through it, so that the payment then says whether it was paid. Returns when
 * it was closed; closing it again repeats what a crash may have left.
 */
export const closeSession = async (parts: CheckoutParts, session: Session): Promise<Instant> => {
  const closedAt = await markClosed(parts, session)
  // Read afterwards: whoever agrees in a window that was opened later finds the session closed.
  const windows = await undecidedWindows(parts, session)
  await Promise.all(windows.map((window) => closeCheckout(parts, window)))
  return closedAt
}

const undecidedWindows = async (parts: CheckoutParts, session: Session): Promise<readonly Found[]> => {
  const { storeId, sessionId, content } = session
  const store = await parts.directory.store(storeId)
  if (!store) throw new Error(`the store ${storeId} of a payment session is gone`)
  const { state } = await parts.payments.process.load({ store, id: content.paymentId })
  const undecided = state.attempts.filter(({ phase }) => ['READY', 'APPROVING', 'REVERSING'].includes(phase))
  const windows = await Promise.all(undecided.map((attempt) => findByKey(parts, storeId, attempt.transactionId)))
  return windows.flatMap((window) => (window?.attempt.surroundings.sessionId === sessionId ? [window] : []))
}
