import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { type Instant, minute } from '../kernel/clock.ts'
import { beginOf, type Day, dayOf } from '../kernel/days.ts'
import type { DueSource } from '../workers/due.ts'
import { type DueParts, platformDue } from './due.ts'
import { applyDueChanges } from './entities/due.ts'
import { ofPlatform, type Platform, type PlatformRequest } from './platform.ts'

/**
 * A statement's CTE-ready insert of the days on which something falls due by the clock of the platform's store. `days` are
 * the days wanted, where the condition holds: what is not written shall not be waited for either.
 */
export const armDays = (
  sql: Sql,
  { merchantId, isForTest, store }: Platform,
  days: readonly Day[],
  where: Fragment,
) => {
  const distinct = [...new Set(days)]
  const instants: Instant[] = distinct.map(beginOf)
  return sql`
    insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
    select ${merchantId}, ${isForTest}::boolean, ${store.storeId}, d.day, d.due_at
    from unnest(${distinct}::text[], ${instants}::timestamptz[]) as d (day, due_at)
    where ${where}
    on conflict (merchant_id, is_for_test, store_id, day) do nothing`
}

/** Something that happens when a day begins in Seoul: to all up to today, of one store. Must be safe to run twice. */
export type DayWork = (request: PlatformRequest, today: Day) => Promise<void>

/** Days that have begun, each for a platform and a store. */
export const dayDue = (parts: DueParts, work: readonly DayWork[]): DueSource =>
  platformDue(parts, { name: 'platform day', table: 'platform_days', concurrency: 2 }, async (request, day) => {
    const today = dayOf(request.now)
    await applyDueChanges(parts.sql, request)
    for (const run of work) await run(request, today)
    await finishDay(parts.sql, request, day)
  })

/**
 * A day is looked at once more a minute later, which is longer than any statement may run: what was committed while it ran,
 * dated this day, is found then. Who finds the day there need not write it, so that no two transfers wait for each other.
 */
const finishDay = async (sql: Sql, { platform, now }: PlatformRequest, day: Day): Promise<void> => {
  await sql`
    with over as (
      delete from platform_days
      where ${ofPlatform(sql, platform)} and store_id = ${platform.store.storeId} and day = ${day} and is_second_pass
    )
    update platform_days set is_second_pass = true, due_at = ${now + minute}::timestamptz, leased_until = null
    where ${ofPlatform(sql, platform)} and store_id = ${platform.store.storeId} and day = ${day} and not is_second_pass`
}
