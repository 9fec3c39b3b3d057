import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'
import type { DueItem } from '../workers/due.ts'
import { dueUntil, untilAllClaimed } from '../workers/due-rows.ts'
import { noteDue } from '../workers/due-work.ts'
import { type Delivery, type DeliveryRow, deliveryColumns, withClock } from './delivery.ts'

/** A delivery that this process has leased, as it was then: it is not read again to be made. */
export type ClaimedItem = DueItem & {
  readonly target: string
  readonly leasedUntil: Instant
  readonly delivery: Delivery
}

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
export const claimDue = async (
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
  const rows = await untilAllClaimed<ClaimedRow>(
    () => sql`
      with found as materialized (
        select w.webhook_id from webhooks w
        where w.store_id = ${storeId} and w.webhook_id = any(array(${heads}))
        order by w.due_at, w.webhook_id limit ${limit}
      ), claimed as (
        update webhooks w set leased_until = ${now + lease}::timestamptz
        where ${isDue(until)} and w.webhook_id = any(array(select webhook_id from found))
        returning w.*
      )
      select (select count(*) from found) as found, w.webhook_id as id, w.leased_until as "leasedUntil", ${deliveryColumns(sql)}
      from stores s left join claimed w on true where s.store_id = ${storeId}`,
  )
  return rows.map(({ id, dueAt, leasedUntil, ...row }) => {
    const { target } = row
    return { storeId, id, dueAt, target, leasedUntil, delivery: withClock({ ...row, dueAt }) }
  })
}

type ClaimedRow = DeliveryRow & DueItem & { readonly leasedUntil: Instant }

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

/** As many of one target as a moving clock may deliver at once, and as many of all. */
const mostOfOneTarget = 8
const mostOfAll = 100

/** Which of a store's deliveries `r` of one instant a moving clock makes at once. */
export const sideBySide = (sql: Sql, storeId: string, isDue: Fragment): Fragment => sql`
  select unnest(array(
    select r.webhook_id from webhooks r where r.target = work.queue and ${isDue}
    order by r.webhook_id limit ${mostOfOneTarget}))
  from due_work work where work.store_id = ${storeId} and work.kind = 'webhooks' limit ${mostOfAll}`
