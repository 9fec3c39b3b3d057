import type { Sql } from '../db/connect.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { ExpiringCache } from './expiring-cache.ts'
import type { Store } from './store.ts'
import { selectStores } from './store-rows.ts'

/**
 * Reads stores with everything that requests need of them. Answers may be a second old, except for changes that were
 * made through this process.
 */
export type StoreDirectory = {
  /** With the webhook settings that hold for it, inherited ones included. */
  store(storeId: string): Promise<Store | undefined>
  /** All stores of a merchant, the representative one first. */
  storesOf(merchantId: string): Promise<readonly Store[]>
  /** To be called after every change to a store's configuration. */
  forget(storeId: string): void
}

export const storeDirectory = (sql: Sql, encryption: Encryption): StoreDirectory => {
  const stores = new ExpiringCache<Store | undefined>()
  const merchants = new ExpiringCache<readonly Store[]>()
  const storesOf: StoreDirectory['storesOf'] = (merchantId) =>
    merchants.get(merchantId, () => selectStores(sql, encryption, { merchantId }))
  /** A store that has no webhook settings of its own for an environment has those of the representative store. */
  const withInherited = async (own: Store | undefined): Promise<Store | undefined> => {
    if (own === undefined || own.isRepresentative) return own
    const representative = (await storesOf(own.merchantId)).find(({ isRepresentative }) => isRepresentative)
    return { ...own, webhookSettings: { ...representative?.webhookSettings, ...own.webhookSettings } }
  }
  return {
    store: (storeId) =>
      stores.get(storeId, async () => withInherited((await selectStores(sql, encryption, { storeId }))[0])),
    storesOf,
    forget: (storeId) => {
      stores.delete(storeId)
      // Which merchant it belongs to may not be known here, and changes are rare.
      merchants.clear()
    },
  }
}
