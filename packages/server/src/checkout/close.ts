import type { CheckoutState, CloseCheckout } from '@naru/contract'
import { type Found, findAgain } from './find.ts'
import { closedByScript, leaveAttempt, left } from './leave.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { progressOf, settledProgress } from './progress.ts'
import { redirectOf, stateOf, undecided } from './result.ts'
import { endStale } from './stale.ts'
import { afterWebhook } from './webhook-first.ts'

/**
 * The window is gone, or the shopper wants it to be. What is decided stays; what is not being approved fails as left by
 * the shopper, or for the script's `reason`; what the PG is being asked about is waited for, never failed: it may have charged.
 */
export const closeCheckout = async (
  parts: CheckoutParts,
  found: Found,
  reason?: CloseCheckout['reason'],
): Promise<CheckoutState> => {
  const { attempt } = found
  const before = await progressOf(parts, found)
  if (before.kind === 'overtaken') await endStale(parts, found, before)
  else if (before.kind !== 'ended') {
    const closed = reason ? closedByScript[reason] : left(found)
    await leaveAttempt(parts, found, (await endingOf(parts, found)) ?? closed)
  }
  // Read again: that it was left is written down.
  const current = await findAgain(parts, found)
  const after = await settledProgress(parts, current)
  if (after.kind === 'ended') {
    await afterWebhook(parts, current)
    return stateOf(attempt, after)
  }
  const result = undecided(attempt)
  return { result, ...redirectOf(attempt, result) }
}
