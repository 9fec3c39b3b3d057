import type { Fragment } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import { epochOf } from '../kernel/work.ts'
import type { Queryable } from './connect.ts'

/**
 * The store's id, for an insert that no version guards: fails where the store was reset since the work saw it first, so that
 * nothing from before a reset is written after it. `wasReset` tells that failure from others.
 */
export const ownStore = (sql: Queryable, storeId: string, epoch = epochOf(storeId)): Fragment =>
  sql`store_in_epoch(${storeId}, ${epoch ?? null}::integer)`

/**
 * As `ownStore`, for what must be written before `actBefore` by the store's clock, where that is given: fails where it is too
 * late, which `cameTooLate` tells. Nobody can move the clock until the statement is over.
 */
export const ownStoreInTime = (
  sql: Queryable,
  storeId: string,
  actBefore: Instant | undefined,
  epoch = epochOf(storeId),
): Fragment => sql`store_in_time(${storeId}, ${epoch ?? null}::integer, ${actBefore ?? null}::timestamptz)`

/** The same as a condition, for statements that insert no row of their own. It is evaluated once, before rows are locked. */
export const inTime = (
  sql: Queryable,
  storeId: string,
  actBefore: Instant | undefined,
  epoch = epochOf(storeId),
): Fragment => sql`(select ${ownStoreInTime(sql, storeId, actBefore, epoch)}) is not null`
