import type { Sql } from '../db/connect.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { ExpiringCache } from './expiring-cache.ts'
import type { Environment, Store, WebhookSettings } from './store.ts'
import { selectStores } from './store-rows.ts'

/**
 * Reads stores with everything that requests need of them. Answers may be a second old, except for changes that were
 * made through this process.
 */
export type StoreDirectory = {
  store(storeId: string): Promise<Store | undefined>
  /** All stores of a merchant, the representative one first. */
  storesOf(merchantId: string): Promise<readonly Store[]>
  /** The webhook settings that hold for a store: its own, or else those of its merchant's representative store. */
  webhookSettings(storeId: string, environment: Environment): Promise<WebhookSettings | undefined>
  /** To be called after every change to a store's configuration. */
  forget(storeId: string): void
}

export const storeDirectory = (sql: Sql, encryption: Encryption): StoreDirectory => {
  const stores = new ExpiringCache<Store | undefined>()
  const merchants = new ExpiringCache<readonly Store[]>()
  const store: StoreDirectory['store'] = (storeId) =>
    stores.get(storeId, async () => (await selectStores(sql, encryption, { storeId }))[0])
  const storesOf: StoreDirectory['storesOf'] = (merchantId) =>
    merchants.get(merchantId, () => selectStores(sql, encryption, { merchantId }))
  return {
    store,
    storesOf,
    webhookSettings: async (storeId, environment) => {
      const own = await store(storeId)
      if (own === undefined || own.isRepresentative) return own?.webhookSettings[environment]
      if (own.webhookSettings[environment] !== undefined) return own.webhookSettings[environment]
      const representative = (await storesOf(own.merchantId)).find(({ isRepresentative }) => isRepresentative)
      return representative?.webhookSettings[environment]
    },
    forget: (storeId) => {
      stores.delete(storeId)
      // Which merchant it belongs to may not be known here, and changes are rare.
      merchants.clear()
    },
  }
}
