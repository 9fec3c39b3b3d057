import assert from 'node:assert/strict'
import type { PgProvider } from '@naru/contract'
import { createEncryption, readEncryptionKey } from '../../src/kernel/encryption.ts'
import { createChannel, type NewChannel } from '../../src/merchants/setup.ts'
import type { TestNaru, TestStore } from './naru.ts'

/** Adds the sandbox PG to a store under the name of another: what only that PG has can be tested there. */
export const addChannel = async (
  { database, encryptionKey }: TestNaru,
  storeId: string,
  pgProvider: PgProvider,
  more: Partial<NewChannel> = {},
): Promise<string> => {
  const key = readEncryptionKey(encryptionKey)
  assert(key)
  const channel = { name: pgProvider, type: 'TEST', adapter: 'sandbox', pgProvider, pgMerchantId: 'sandbox' } as const
  return await createChannel(database.sql, createEncryption(key), { storeId, ...channel, ...more })
}

/** A new store whose channel is the sandbox PG under the name of another. */
export const storeAt = async (naru: TestNaru, pgProvider: PgProvider): Promise<TestStore> => {
  const store = await naru.newStore()
  return { ...store, channelKey: await addChannel(naru, store.storeId, pgProvider) }
}
