import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { type Instant, minute } from '../kernel/clock.ts'
import { beginOf, type Day, dayOf } from '../kernel/days.ts'
import type { DueSource } from '../workers/due.ts'
import { noteDue } from '../workers/due-work.ts'
import { type DueParts, platformDue } from './due.ts'
import { applyDueChanges } from './entities/due.ts'
import { ofPlatform, type Platform, type PlatformRequest } from './platform.ts'

/** Days on which something falls due, and which day it is. */
export type Arming = { readonly days: readonly Day[]; readonly today: Day }

/**
 * Parts of a statement, `with …, ${armDays(…)} …`: insert the days on which something falls due by the clock of the platform's
 * store. `days` are the days wanted, where the condition holds: what is not written shall not be waited for either.
 *
 * Who finds a day to come there need not write it, so that no two transfers wait for each other. A day that has begun may
 * be about to be done with: there its row decides, and the day is looked at anew.
 */
export const armDays = (
  sql: Sql,
  { merchantId, isForTest, store }: Platform,
  { days, today }: Arming,
  where: Fragment,
) => {
  const distinct = [...new Set(days)].sort()
  const instants: Instant[] = distinct.map(beginOf)
  const notes = instants.map((at) => ({ kind: 'platform_days', at }))
  return sql`noted as (${noteDue(sql, store.storeId, notes)}), armed as (
    insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
    select ${merchantId}, ${isForTest}::boolean, ${store.storeId}, d.day, d.due_at
    from unnest(${distinct}::text[], ${instants}::timestamptz[]) as d (day, due_at)
    where ${where} order by d.day
    on conflict (merchant_id, is_for_test, store_id, day) ${
      distinct.some((day) => day <= today)
        ? sql`do update set is_second_pass = false, due_at = excluded.due_at
            where platform_days.is_second_pass and platform_days.day <= ${today}`
        : sql`do nothing`
    }
  )`
}

/** Something that happens when a day begins in Seoul, of one store; `today` may be later. Must be safe to run twice. */
export type DayWork = (request: PlatformRequest, day: Day, today: Day) => Promise<void>

/** Days that have begun, each for a platform and a store. */
export const dayDue = (parts: DueParts, work: readonly DayWork[]): DueSource =>
  platformDue(parts, { name: 'platform day', table: 'platform_days', concurrency: 4 }, async (request, day) => {
    const today = dayOf(request.now)
    await applyDueChanges(parts.sql, request)
    for (const run of work) await run(request, day, today)
    await finishDay(parts.sql, request, day)
  })

/**
 * A day is looked at once more a minute later, which is longer than any statement may run: what was committed while it ran,
 * by those who found the day there and did not write it, is found then.
 *
 * The day by which an order would be settled that waits for its payment is kept, though no longer due: by the days that there are
 * lists find what waits. Who starts the order makes it due again.
 */
const finishDay = async (sql: Sql, { platform, now }: PlatformRequest, day: Day): Promise<void> => {
  const { storeId } = platform.store
  const mine = sql`d.merchant_id = ${platform.merchantId} and d.is_for_test = ${platform.isForTest} and d.store_id = ${storeId}`
  const isHeldUp = sql`exists (
    select from platform_transfers
    where ${ofPlatform(sql, platform)} and store_id = ${storeId} and scheduled_start <= ${dayOf(now)}
      and settlement_date = d.day and deleted_at is null
  )`
  await sql`
    with noted as (${noteDue(sql, storeId, [{ kind: 'platform_days', at: now + minute }])}), over as (
      delete from platform_days d
      where ${mine} and d.is_second_pass and (d.day = ${day} or d.due_at is null) and not ${isHeldUp}
    )
    update platform_days d set is_second_pass = true, leased_until = null,
      due_at = case when not d.is_second_pass then ${now + minute}::timestamptz end
    where ${mine} and d.day = ${day} and (not d.is_second_pass or ${isHeldUp})`
}
