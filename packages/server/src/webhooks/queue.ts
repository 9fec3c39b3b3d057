import type { Queryable } from '../db/connect.ts'
import type { Instant } from '../kernel/clock.ts'
import type { DueItem } from '../workers/due.ts'

/** A delivery that this process has leased. */
export type ClaimedItem = DueItem & { readonly target: string }

/** How many places each target and each store hold. */
export type Busy = {
  readonly targets: ReadonlyMap<string, number>
  readonly stores: ReadonlyMap<string, number>
}

/** Longer than an attempt can take, so that a lease runs out only when its process is gone. */
const leaseSeconds = 90

/**
 * Leases up to `limit` deliveries whose time, by their store's own clock, has come. `busy` says how many of this process's
 * places each target and each store holds already; neither is given more than `perTarget` and `perStore` in all. Stores
 * take turns: each one's oldest delivery comes before anybody's second, so that none waits behind another's backlog.
 *
 * Deliveries queue by (store, target), and the statement hops through the index from one queue to the next, reading
 * only the head of each. One pass over everything due, oldest first, would be simpler, but a dead receiver's backlog
 * lies at the front of it: a million rows to step over for every claim.
 *
 * Leases are real time, whatever the store's clock shows: they are a matter between server processes.
 */
export const claimDue = (
  sql: Queryable,
  { limit, perTarget, perStore, busy }: { limit: number; perTarget: number; perStore: number; busy: Busy },
): Promise<readonly ClaimedItem[]> => sql<ClaimedItem[]>`
  with recursive queues as (
    (select store_id, target from webhooks where due_at is not null order by store_id, target limit 1)
    union all
    select following.store_id, following.target
    from queues cross join lateral (
      select store_id, target from webhooks
      where due_at is not null and (store_id, target) > (queues.store_id, queues.target)
      order by store_id, target
      limit 1
    ) following
  ), heads as (
    select
      queues.store_id, queues.target, head.webhook_id, head.due_at,
      row_number() over (partition by queues.target order by head.due_at, head.webhook_id) as place
    from queues join stores s using (store_id) cross join lateral (
      select webhook_id, due_at from webhooks w
      where w.store_id = queues.store_id and w.target = queues.target
        and w.due_at <= coalesce(s.clock_stopped_at, now() + s.clock_offset * interval '1 millisecond')
        and (w.leased_until is null or w.leased_until < now())
      order by due_at
      limit ${perTarget}
    ) head
    where s.clock_target is null
  ), turns as (
    select
      heads.store_id, heads.webhook_id, heads.due_at,
      row_number() over (partition by heads.store_id order by heads.due_at, heads.webhook_id) as turn
    from heads
    left join unnest(${[...busy.targets.keys()]}::text[], ${[...busy.targets.values()]}::integer[]) as busy (target, count)
      on busy.target = heads.target
    where heads.place <= ${perTarget} - coalesce(busy.count, 0)
  ), chosen as (
    select w.store_id, w.webhook_id
    from turns
    join webhooks w using (store_id, webhook_id)
    left join unnest(${[...busy.stores.keys()]}::text[], ${[...busy.stores.values()]}::integer[]) as busy (store_id, count)
      on busy.store_id = turns.store_id
    where turns.turn <= ${perStore} - coalesce(busy.count, 0)
      and w.due_at = turns.due_at and (w.leased_until is null or w.leased_until < now())
    order by turns.turn, turns.due_at
    limit ${limit}
    for update of w skip locked
  )
  update webhooks w
  set leased_until = now() + ${leaseSeconds} * interval '1 second'
  from chosen
  where w.store_id = chosen.store_id and w.webhook_id = chosen.webhook_id
  returning w.store_id as "storeId", w.webhook_id as id, w.due_at as "dueAt", w.target
`

/** As many of one target as may be under way at once. */
const mostOfOneTarget = 8

/** The store's deliveries that are due next, all of one instant, at or before `until`, leased or not. */
export const nextDue = async (sql: Queryable, storeId: string, until: Instant): Promise<readonly DueItem[]> => {
  const items = await sql<DueItem[]>`
    with recursive queues as (
      (select target from webhooks where store_id = ${storeId} and due_at is not null order by target limit 1)
      union all
      select following.target
      from queues cross join lateral (
        select target from webhooks
        where store_id = ${storeId} and due_at is not null and target > queues.target
        order by target
        limit 1
      ) following
    )
    select ${storeId}::text as "storeId", head.webhook_id as id, head.due_at as "dueAt"
    from queues cross join lateral (
      select webhook_id, due_at from webhooks w
      where w.store_id = ${storeId} and w.target = queues.target and w.due_at <= ${until}
      order by due_at, webhook_id
      limit ${mostOfOneTarget}
    ) head
    order by head.due_at, head.webhook_id
    limit 100
  `
  return items.filter(({ dueAt }) => dueAt === items[0]?.dueAt)
}
