import { second } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { type Found, findAgain } from './find.ts'
import { type Failure, leaveAttempt } from './leave.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import type { Progress } from './result.ts'

/** It would be the shopper's turn, but the order was paid, or the person verified, elsewhere, or the order is another one by now. */
export type Stale = Extract<Progress, { kind: 'overtaken' | 'outdated' }>

export const isStale = (progress: Progress): progress is Stale =>
  progress.kind === 'overtaken' || progress.kind === 'outdated'

/**
 * How long a PG that charges in its own window is waited for: money that it says later that it took is given back all the same, while
 * the window asks for more as long as it is open.
 */
const patience = 5 * second

/**
 * Ends a window in which nobody should pay any more. What the PG has charged in it is asked first, and so once: who asks later finds it
 * ended. Returns it as it is then.
 */
export const endStale = async (parts: CheckoutParts, found: Found, stale: Stale): Promise<Found> => {
  await leaveAttempt(parts, found, await failureOf(parts, found, stale), { onlyOpen: true, patience })
  return await findAgain(parts, found)
}

const failureOf = async (parts: CheckoutParts, found: Found, stale: Stale): Promise<Failure> => {
  switch (stale.kind) {
    case 'overtaken':
      return naruFailure(found.attempt.kind === 'IDENTITY_VERIFICATION' ? 'NARU_ALREADY_VERIFIED' : 'NARU_ALREADY_PAID')
    // A session that is replaced by one of another amount is closed.
    case 'outdated':
      return (await endingOf(parts, found)) ?? outdated(stale)
  }
}

const outdated = ({ differing }: Extract<Stale, { kind: 'outdated' }>): Failure =>
  naruFailure('NARU_NOT_APPROVABLE', { message: `${differing} differs from what was pre-registered meanwhile.` })
