import type { StoreClock } from '../kernel/clock.ts'
import { isSameSecret } from '../kernel/digest.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Channel, findAnyChannel, type Store } from '../merchants/store.ts'
import type { CheckoutAttempt } from './attempt.ts'
import { findAttempt } from './attempts.ts'
import type { CheckoutParts } from './parts.ts'
import { readToken } from './token.ts'

export type Found = {
  readonly attempt: CheckoutAttempt
  readonly store: Store
  readonly channel: Channel
  /** The store's, read together with the attempt. */
  readonly clock: StoreClock
}

/** The attempt that a token is the key of. */
export const findByToken = async (parts: CheckoutParts, token: string): Promise<Found | undefined> => {
  const said = readToken(token)
  const found = said && (await findByKey(parts, said.storeId, said.transactionId))
  return found && isSameSecret(found.attempt.tokenDigest, said.digest) ? found : undefined
}

/** The attempt as it is by now: something was written down. */
export const findAgain = async (parts: CheckoutParts, found: Found): Promise<Found> =>
  (await findByKey(parts, found.attempt.storeId, found.attempt.transactionId)) ?? found

/** The attempt, whoever asks. */
export const findByKey = async (
  parts: CheckoutParts,
  storeId: string,
  transactionId: string,
): Promise<Found | undefined> => {
  const [found, store] = await Promise.all([
    findAttempt(parts.sql, storeId, transactionId),
    parts.directory.store(storeId),
  ])
  if (!found || !store) return undefined
  const channel = findAnyChannel(store, found.attempt.channelKey)
  return channel instanceof Refusal ? undefined : { ...found, store, channel }
}
