import { randomBytes } from 'node:crypto'
import type { PgProvider } from '@naru/contract'
import { createEncryption } from '../../src/kernel/encryption.ts'
import { createChannel } from '../../src/merchants/setup.ts'
import type { TestNaru, TestStore } from './naru.ts'

/** Adds the sandbox PG to a store under the name of another: what only that PG has can be tested there. */
export const addChannel = async (
  naru: TestNaru,
  storeId: string,
  pgProvider: PgProvider,
  more: { readonly manualCapture?: boolean } = {},
): Promise<string> => {
  const channel = { name: pgProvider, type: 'TEST', adapter: 'sandbox', pgProvider, pgMerchantId: 'sandbox' } as const
  // The sandbox has no credentials, so that nothing is encrypted with this key.
  const unused = createEncryption(randomBytes(32))
  return await createChannel(naru.database.sql, unused, { storeId, ...channel, ...more })
}

/** A new store whose channel is the sandbox PG under the name of another. */
export const storeAt = async (naru: TestNaru, pgProvider: PgProvider): Promise<TestStore> => {
  const store = await naru.newStore()
  return { ...store, channelKey: await addChannel(naru, store.storeId, pgProvider) }
}
