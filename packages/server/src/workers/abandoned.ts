import type { Sql } from '../db/connect.ts'
import { minute, realTime } from '../kernel/clock.ts'
import type { DueSource } from './due.ts'
import { lookAtAll } from './due-work.ts'

/** No lease of a row is longer. */
const longestLease = 5 * minute

/**
 * Ends all leases of rows that fall due. For a server that has the database to itself, before it claims anything: who had
 * them is dead, and what that server had claimed would be as late as its leases are long.
 *
 * A store with leased rows is looked at when the first of its leases ends (`settle`), or before. Only the rows of a moving
 * clock are not noted: whoever moves it on runs them, leased or not.
 */
export const endAllLeases = async (sql: Sql, sources: readonly DueSource[]): Promise<void> => {
  const noted = await sql<{ storeId: string; kinds: string[] }[]>`
    select store_id as "storeId", array_agg(distinct kind) as kinds from due_work
    where look_at <= ${realTime() + longestLease}::timestamptz group by store_id order by store_id`
  for (const { storeId, kinds } of noted) {
    for (const source of sources) if (kinds.includes(source.kind)) await source.endLeases(storeId)
    await sql`${lookAtAll(sql, storeId)}`
  }
}
