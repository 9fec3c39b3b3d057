import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { loadEncryption } from '../installation.ts'
import { storeDirectory } from '../merchants/directory.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { platformStore, type Store } from '../merchants/store.ts'
import { loadClock } from '../sandbox/clock-store.ts'

/** The store that a command names, whose epoch the command belongs to from now on. Throws a message for the user if there is none. */
export const storeOf = async (sql: Sql, configuration: Configuration, storeId: string): Promise<Store> => {
  const store = await storeDirectory(sql, await loadEncryption(sql, configuration)).store(storeId)
  if (!store) throw new SetupError(`There is no store ${storeId}. See: naru store list`)
  await loadClock(sql, storeId)
  return store
}

/** The store whose clock a platform of this store's merchant follows, and whose epoch the command belongs to from now on. */
export const platformStoreOf = async (
  sql: Sql,
  configuration: Configuration,
  { merchantId }: Store,
  isForTest: boolean,
): Promise<Store> => {
  const stores = await storeDirectory(sql, await loadEncryption(sql, configuration)).storesOf(merchantId)
  const store = platformStore(stores, isForTest)
  if (!store) throw new SetupError(`The merchant ${merchantId} has no representative store. See: naru store list`)
  await loadClock(sql, store.storeId)
  return store
}
