import type { Sql } from '../db/connect.ts'
import type { FileKind } from '../gateways/port/file.ts'
import { addDays, type Days, spanOf, widened } from '../kernel/days.ts'
import type { FeePolicy } from '../merchants/fee-policy.ts'
import type { Channel, Store } from '../merchants/store.ts'
import { type Finding, match } from './matching.ts'
import { findMovements } from './movement.ts'
import { findRows } from './store.ts'

/** Compares what moved through a channel in the given days with the files of its PG. */
export const reconcile = async (
  sql: Sql,
  store: Store,
  channel: Channel,
  kind: FileKind,
  days: Days,
  policy: FeePolicy,
): Promise<readonly Finding[]> => {
  const wide = widened(days)
  const [movements, rows] = await Promise.all([
    // What is settled in the days was paid before them.
    findMovements(sql, [store.storeId], {
      from: kind === 'SETTLEMENT' ? addDays(wide.from, -spanOf(policy.payoutAfter)) : wide.from,
      until: wide.until,
    }),
    findRows(sql, [store.storeId], kind, wide),
  ])
  return match(
    kind,
    movements.filter((movement) => movement.channelId === channel.id),
    rows.filter(({ channelId }) => channelId === channel.id),
    policy,
    days,
  )
}
