import type { Sql } from '../../db/connect.ts'
import { type Instant, minute, realTime } from '../../kernel/clock.ts'
import type { DueItem, DueSource } from '../due.ts'
import { firstDue } from '../first-due.ts'

/** The rows of a source that a moving clock would run next, at or before `until`, leased or not. They are not leased afterwards. */
export const nextDue = async (
  sql: Sql,
  source: DueSource,
  storeId: string,
  until: Instant,
): Promise<readonly DueItem[]> => {
  const first = await firstDue(sql, [source], storeId, until)
  if (first === undefined) return []
  const leasedUntil = realTime() + minute
  const items = await source.take(storeId, first.dueAt, { until: leasedUntil, evenLeased: true })
  await source.giveBack(items, leasedUntil)
  return items
}
