import { Refusal } from '../kernel/refusal.ts'
import { type Channel, findAnyChannel, type Store } from '../merchants/store.ts'
import type { CheckoutAttempt } from './attempt.ts'
import type { CheckoutParts } from './parts.ts'
import { findAttempt } from './store.ts'
import { isSameDigest, readToken } from './token.ts'

export type Found = { readonly attempt: CheckoutAttempt; readonly store: Store; readonly channel: Channel }

/** The attempt that a token is the key of. */
export const findByToken = async (parts: CheckoutParts, token: string): Promise<Found | undefined> => {
  const said = readToken(token)
  const found = said && (await findByKey(parts, said.storeId, said.transactionId))
  return found && isSameDigest(found.attempt.tokenDigest, said.digest) ? found : undefined
}

/** The attempt, whoever asks. */
export const findByKey = async (
  parts: CheckoutParts,
  storeId: string,
  transactionId: string,
): Promise<Found | undefined> => {
  const [attempt, store] = await Promise.all([
    findAttempt(parts.sql, storeId, transactionId),
    parts.directory.store(storeId),
  ])
  if (!attempt || !store) return undefined
  const channel = findAnyChannel(store, attempt.channelKey)
  return channel instanceof Refusal ? undefined : { attempt, store, channel }
}
