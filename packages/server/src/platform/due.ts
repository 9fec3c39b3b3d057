import type { Sql } from '../db/connect.ts'
import { minute, type ReadClock } from '../kernel/clock.ts'
import type { DueSource } from '../workers/due.ts'
import { type DueRows, type DueTable, dueRowsSource, type FindStore, releaseDueRow } from '../workers/due-rows.ts'
import { type PlatformRequest, readDueId, requestTo } from './platform.ts'

export type DueParts = {
  readonly sql: Sql
  readonly findStore: FindStore
  readonly clockOf: (storeId: string) => Promise<ReadClock>
}

type PlatformRows = {
  /** Named in logs, metrics and the clock's report. */
  readonly name: string
  /** Its rows have `due_id`: the environment, a slash, and the rest of their key. */
  readonly table: DueTable
  readonly concurrency: number
  /** How long, in milliseconds, a claimed row is left to its server. Whoever claims it after a death waits as long. */
  readonly lease?: number
}

/** Longer than a run takes, so that no second worker starts while the first still works. */
const usualLease = 2 * minute

/** Rows of platforms whose time comes. `run` gets the rest of the row's key, and must be safe to run twice. */
export const platformDue = (
  { sql, findStore, clockOf }: DueParts,
  { name, table, concurrency, lease = usualLease }: PlatformRows,
  run: (request: PlatformRequest, rest: string) => Promise<void>,
): DueSource => {
  // The tables lead with the merchant; the store is whose clock a row follows.
  const rowsOf = async (storeId: string): Promise<DueRows> => {
    const merchantId = (await findStore(storeId))?.merchantId ?? null
    return { table, idColumn: 'due_id', condition: sql`and r.merchant_id = ${merchantId}` }
  }
  return {
    name,
    concurrency,
    ...dueRowsSource(sql, rowsOf, { kind: table, lease }),
    run: async (item) => {
      const store = await findStore(item.storeId)
      if (store) {
        const { isForTest, rest } = readDueId(item.id)
        await run(requestTo(store, isForTest, await clockOf(item.storeId)), rest)
      }
      await releaseDueRow(sql, await rowsOf(item.storeId), item)
      return store !== undefined
    },
  }
}
