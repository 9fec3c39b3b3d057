import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'
import type { DueItem } from '../workers/due.ts'
import { dueUntil, untilAllClaimed } from '../workers/due-rows.ts'
import { noteDue } from '../workers/due-work.ts'

/** A delivery that this process has leased. */
export type ClaimedItem = DueItem & { readonly target: string; readonly leasedUntil: Instant }

/** Longer than an attempt can take, so that a lease runs out only when its process is gone. */
const lease = 90 * second

type ClaimOptions = {
  readonly limit: number
  /** How many deliveries of the store to one target may be under way in this process. */
  readonly perTarget: number
  /** How many of these places are taken now. */
  readonly busy: ReadonlyMap<string, number>
}

/**
 * Leases deliveries of a store that are due by its clock, earliest first, within the limits of their targets.
 *
 * Deliveries queue by target, and only the head of each queue is read: `due_work` says which queues have something. One pass
 * over everything due, oldest first, would be simpler, but a dead receiver's backlog lies at the front of it: a million rows
 * to step over for every claim.
 *
 * Leases use real time, not the store's clock: they are an agreement between server processes.
 */
export const claimDue = (
  sql: Sql,
  storeId: string,
  { limit, perTarget, busy }: ClaimOptions,
): Promise<readonly ClaimedItem[]> => {
  const now = realTime()
  const isDue = (until: Fragment) => sql`
    w.store_id = ${storeId} and w.due_at <= ${until}
    and (w.leased_until is null or w.leased_until < ${now}::timestamptz)`
  const until = dueUntil(sql, storeId, now)
  const heads = queueHeads(sql, storeId, isDue(until), { now, perTarget, busy })
  return untilAllClaimed(
    () => sql`
      with found as materialized (
        select w.webhook_id from webhooks w
        where w.store_id = ${storeId} and w.webhook_id = any(array(${heads}))
        order by w.due_at, w.webhook_id limit ${limit}
      ), claimed as (
        update webhooks w set leased_until = ${now + lease}::timestamptz
        where ${isDue(until)} and w.webhook_id = any(array(select webhook_id from found))
        returning w.store_id as "storeId", w.webhook_id as id, w.due_at as "dueAt", w.target,
          w.leased_until as "leasedUntil"
      )
      select (select count(*) from found) as found, claimed.* from (select) as always left join claimed on true`,
  )
}

/** Ends the lease of a delivery that was cut off, so that another server can make it at once. */
export const releaseClaimed = async (
  sql: Sql,
  { storeId, id, target, dueAt, leasedUntil }: ClaimedItem,
): Promise<void> => {
  await sql`
    with noted as (${noteDue(sql, storeId, [{ kind: 'webhooks', queue: target, at: dueAt }])})
    update webhooks w set leased_until = null
    where w.store_id = ${storeId} and w.webhook_id = ${id} and w.due_at is not null
      and w.leased_until = ${leasedUntil}::timestamptz`
}

/** The ids at the head of each queue of the store in which something may be due: as many as its target has places free. */
const queueHeads = (
  sql: Sql,
  storeId: string,
  isDue: Fragment,
  { now, perTarget, busy }: Omit<ClaimOptions, 'limit'> & { readonly now: Instant },
): Fragment => sql`
  select unnest(array(
    select w.webhook_id from webhooks w
    where w.target = work.queue and ${isDue}
    order by w.due_at limit greatest(0, ${perTarget} - coalesce((
      select busy.count from unnest(${[...busy.keys()]}::text[], ${[...busy.values()]}::integer[]) as busy (target, count)
      where busy.target = work.queue), 0))))
  from due_work work
  where work.store_id = ${storeId} and work.kind = 'webhooks' and work.look_at <= ${now}::timestamptz`

/** As many of one target as may be delivered at once. */
const mostOfOneTarget = 8

/** The store's deliveries that are due next, all of one instant, at or before `until`, leased or not. */
export const nextDue = async (sql: Sql, storeId: string, until: Instant): Promise<readonly DueItem[]> => [
  ...(await sql<DueItem[]>`
  with queues as materialized (
    select work.queue, (
      select w.due_at from webhooks w
      where w.store_id = ${storeId} and w.target = work.queue and w.due_at <= ${until}
      order by w.due_at limit 1
    ) as due_at
    from due_work work where work.store_id = ${storeId} and work.kind = 'webhooks'
  ), first as materialized (
    select queue, due_at from queues where due_at = (select min(due_at) from queues) order by queue limit 100
  )
  select ${storeId}::text as "storeId", w.webhook_id as id, w.due_at as "dueAt"
  from webhooks w
  where w.store_id = ${storeId} and w.webhook_id = any(array(
    select unnest(array(
      select w.webhook_id from webhooks w
      where w.store_id = ${storeId} and w.target = first.queue and w.due_at = first.due_at
      order by w.webhook_id limit ${mostOfOneTarget}))
    from first))
  order by w.webhook_id limit 100`),
]
