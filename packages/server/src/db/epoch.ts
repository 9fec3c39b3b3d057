import type { Fragment } from 'postgres'
import { epochOf } from '../kernel/work.ts'
import type { Queryable } from './connect.ts'

/**
 * The store's id, for an insert that no version guards: fails where the store was reset since the work saw it first, so that
 * nothing from before a reset is written after it. `wasReset` tells that failure from others.
 */
export const ownStore = (sql: Queryable, storeId: string): Fragment =>
  sql`store_in_epoch(${storeId}, ${epochOf(storeId) ?? null}::integer)`
