import type { Sql } from '../db/connect.ts'
import { addDays, type Days, spanOf, widened } from '../kernel/days.ts'
import type { Channel, Store } from '../merchants/store.ts'
import { type Comparison, type Finding, match } from './matching.ts'
import { findMovements } from './movement.ts'
import { findRows } from './store.ts'

/** Compares the movements of a channel in the given days with the files of its PG. */
export const reconcile = async (
  sql: Sql,
  store: Store,
  channel: Channel,
  comparison: Comparison,
  days: Days,
): Promise<readonly Finding[]> => {
  const wide = widened(days)
  const before = comparison.kind === 'SETTLEMENT' ? spanOf(comparison.policy.payoutAfter) : 0
  const [movements, rows] = await Promise.all([
    // What is settled in these days was paid before them.
    findMovements(sql, [store.storeId], { from: addDays(wide.from, -before), until: wide.until }),
    findRows(sql, [store.storeId], comparison.kind, wide),
  ])
  return match(
    comparison,
    movements.filter((movement) => movement.channelId === channel.id),
    rows.filter(({ channelId }) => channelId === channel.id),
    days,
  )
}
