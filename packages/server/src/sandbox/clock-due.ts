import type { Sql } from '../db/connect.ts'
import type { DueSource } from '../workers/due.ts'
import { clockKind, lookAtAll, settle } from '../workers/due-work.ts'

/** Looks again at the notes of stores whose clock was moved; see `clockMoved`. It runs nothing itself. */
export const clockDue = (sql: Sql): DueSource => ({
  name: 'clock',
  kind: clockKind,
  concurrency: 2,
  claim: async (storeId) => {
    await sql`${lookAtAll(sql, storeId)}`
    return []
  },
  settle: (storeId) => settle(sql, storeId, clockKind),
  take: async () => [],
  giveBack: async () => {},
  endLeases: async () => {},
  run: async () => false,
})
