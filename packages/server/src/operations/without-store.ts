import type { PgProvider } from '@naru/contract'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Channel, Store } from '../merchants/store.ts'
import type { OperationParts } from './parts.ts'

/** The stores that a credential reaches, for operations that name none. */
export const storesOf = async (
  { access }: Pick<OperationParts, 'access'>,
  principal: Principal,
): Promise<readonly Store[]> => {
  const stores = await access.reachableStores(principal, undefined)
  return stores instanceof Refusal ? [] : stores
}

/** The channel with this key, in whichever store of the credential it is. */
export const findChannel = async (
  parts: Pick<OperationParts, 'access'>,
  principal: Principal,
  channelKey: string,
): Promise<{ store: Store; channel: Channel & { pgProvider: PgProvider } } | undefined> => {
  for (const store of await storesOf(parts, principal)) {
    const channel = store.channels.find(({ key }) => key === channelKey)
    if (channel) return { store, channel }
  }
  return undefined
}

/** Asked so seldom that the sandbox may look for a script without knowing of one. */
export const readingCall = async (
  parts: Pick<OperationParts, 'clockOf'>,
  { storeId }: Store,
  testCode: string | undefined,
) => ({
  reference: timeOrderedId(),
  clock: await parts.clockOf(storeId),
  followsScripts: true,
  testCode,
})
