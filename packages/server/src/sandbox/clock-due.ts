import type { Sql } from '../db/connect.ts'
import type { DueSource } from '../workers/due.ts'
import { clockKind, lookAtAll, settle } from '../workers/due-work.ts'

/** Has the notes of stores looked at once more whose clock was moved; see `clockMoved`. There is nothing to run. */
export const clockDue = (sql: Sql): DueSource => ({
  name: 'clock',
  kind: clockKind,
  concurrency: 2,
  claim: async (storeId) => {
    await sql`${lookAtAll(sql, storeId)}`
    return []
  },
  settle: (storeId) => settle(sql, storeId, clockKind),
  next: async () => [],
  take: async (items) => items,
  giveBack: async () => {},
  run: async () => false,
})
