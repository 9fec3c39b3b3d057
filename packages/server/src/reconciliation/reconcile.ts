import type { Sql } from '../db/connect.ts'
import type { Channel, Store } from '../merchants/store.ts'
import { addDays, type Day } from './days.ts'
import type { FeePolicy } from './fee.ts'
import type { FileKind } from './file.ts'
import { type Finding, match } from './matching.ts'
import { findMovements } from './movement.ts'
import { findRows } from './store.ts'

/** How far both sides are read beyond the days: a wrong date is found by comparing, not by missing the row. */
const margin = 14

/** Compares what moved through a channel in the given days with the files of its PG. */
export const reconcile = async (
  sql: Sql,
  store: Store,
  channel: Channel,
  kind: FileKind,
  days: { readonly from: Day; readonly until: Day },
  policy: FeePolicy,
): Promise<readonly Finding[]> => {
  const wide = { from: addDays(days.from, -margin), until: addDays(days.until, margin) }
  const [movements, rows] = await Promise.all([
    findMovements(sql, [store.storeId], wide),
    findRows(sql, [store.storeId], kind, wide),
  ])
  return match(
    kind,
    movements.filter((movement) => movement.channel.id === channel.id),
    rows.filter(({ channelId }) => channelId === channel.id),
    policy,
    days,
  )
}
