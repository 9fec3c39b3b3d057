import type { Sql } from '../../db/connect.ts'
import { findEntities } from '../entities/store.ts'
import type { Platform } from '../platform.ts'

/** Those of the contracts that cannot be used for anything new, because they are archived or not there. */
export const unusableContracts = async (sql: Sql, platform: Platform, ids: readonly string[]): Promise<string[]> => {
  const contracts = await findEntities(sql, platform, 'CONTRACT', ids)
  return ids.filter((id) => contracts.get(id)?.isArchived !== false)
}
