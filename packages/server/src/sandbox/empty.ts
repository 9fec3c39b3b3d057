import type { Sql } from '../db/connect.ts'
import type { Store } from '../merchants/store.ts'
import { resetStore, tables } from './reset.ts'

/** How many rows a reset would delete, by table; tables without any are left out. */
export const rowsOfStore = async (
  sql: Sql,
  storeId: string,
): Promise<readonly { readonly table: string; readonly count: number }[]> => {
  const counted = await Promise.all(
    tables.map(async (table) => {
      const [{ count }] = await sql<[{ count: number }]>`
        select count(*)::int as count from ${sql(table)} where store_id = ${storeId}`
      return { table, count }
    }),
  )
  return counted.filter(({ count }) => count > 0)
}

/**
 * As a reset by the store's own secret, which leaves partner settlement alone. In one transaction: half a store would be no
 * books, and the store's clock and epoch belong to what is deleted.
 */
export const emptyStore = (sql: Sql, store: Pick<Store, 'merchantId' | 'storeId'>): Promise<void> =>
  resetStore(sql, store, { requestKey: undefined, scope: 'STORE' })
