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
  store(storeId: string): Promise<Store | undefined>
  /** All stores of a merchant, the representative one first. */
  storesOf(merchantId: string): Promise<readonly Store[]>
  /** To be called after every change to a store's configuration. */
  forget(storeId: string): void
}

export const storeDirectory = (sql: Sql, encryption: Encryption): StoreDirectory => {
  const stores = new ExpiringCache<Store | undefined>()
  const merchants = new ExpiringCache<readonly Store[]>()
  return {
    store: (storeId) =>
      stores.get(storeId, async () => {
        const [store] = await selectStores(sql, encryption, { storeId })
        return store
      }),
    storesOf: (merchantId) => merchants.get(merchantId, () => selectStores(sql, encryption, { merchantId })),
    forget: (storeId) => {
      stores.delete(storeId)
      // Which merchant it belongs to may not be known here, and changes are rare.
      merchants.clear()
    },
  }
}
