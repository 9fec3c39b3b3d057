import type { Sql } from '../db/connect.ts'
import { minute, type StoreClock, storeTime } from '../kernel/clock.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { claimDueRows, type DueTable, type FindStore, nextDueRows } from '../workers/due-rows.ts'
import { type PlatformRequest, platformOfStore, readDueId } from './platform.ts'

export type DueParts = {
  readonly sql: Sql
  readonly findStore: FindStore
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}

type DueRows = {
  /** Named in logs, metrics and the clock's report. */
  readonly name: string
  /** Its rows have `due_id`: the environment, a slash, and the rest of their key. */
  readonly table: DueTable
  readonly concurrency: number
}

/** Longer than a run takes, so that no second worker starts while the first still works. */
const lease = 2 * minute

/** Rows of platforms whose time comes. `run` gets the rest of the row's key, and must be safe to run twice. */
export const platformDue = (
  { sql, findStore, clockOf }: DueParts,
  { name, table, concurrency }: DueRows,
  run: (request: PlatformRequest, rest: string) => Promise<void>,
): DueSource => ({
  name,
  concurrency,
  claim: (limit) => claimDueRows(sql, table, 'due_id', { limit, lease }),
  next: (storeId, until) => nextDueRows(sql, table, 'due_id', storeId, until),
  run: async (item) => {
    const store = await findStore(item.storeId)
    if (store) {
      const { isForTest, rest } = readDueId(item.id)
      const now = storeTime(await clockOf(item.storeId))
      await run({ platform: platformOfStore(store, isForTest), now }, rest)
    }
    await release(sql, table, item)
  },
})

/** Where running changed nothing, the row must not stay leased. The index of due rows finds it. */
const release = async (sql: Sql, table: DueTable, { storeId, id }: DueItem): Promise<void> => {
  await sql`
    update ${sql(table)} set leased_until = null
    where store_id = ${storeId} and due_at is not null and due_id = ${id} and leased_until is not null`
}
