import { second } from '../kernel/clock.ts'
import type { DueSource } from '../workers/due.ts'
import { settle } from '../workers/due-work.ts'
import { leasesOf } from '../workers/leases.ts'
import { deliver } from './deliver.ts'
import type { WebhookParts } from './parts.ts'
import { claimDue, releaseClaimed, sideBySide } from './queue.ts'
import { SilentTargets } from './silent.ts'
import { UnderWay } from './under-way.ts'
import { Unreachable } from './unreachable.ts'

/** The maximum of concurrent deliveries in this process. One store gets at most half of them. */
const concurrency = 100

/**
 * The maximum to one target of one store. Stores that share a receiver have places of their own there, so that a slow receiver
 * delays only itself, and a store with many slow deliveries only itself.
 */
const perTarget = 8

/** A receiver with so many deliveries of all stores gets one at a time of each store. */
const crowd = 64

/** A delivery that takes longer only waits for its receiver, and no longer counts towards `concurrency`. */
const promptness = second

/** The due deliveries of all stores. */
export const webhookDue = (parts: WebhookParts): DueSource => {
  const underWay = new UnderWay()
  const known = { unreachable: new Unreachable(), silent: new SilentTargets() }
  const stopped = new AbortController()
  const rows = async () => ({ table: 'webhooks', narrowed: parts.sql`and r.target = work.queue` })
  return {
    name: 'webhook',
    kind: 'webhooks',
    concurrency,
    claim: async (storeId, limit) => {
      const busy = busyTargets(storeId, underWay, known.unreachable)
      const claimed = await claimDue(parts.sql, storeId, { limit, perTarget, busy })
      for (const item of claimed) underWay.add(item)
      return claimed
    },
    settle: async (storeId) => settle(parts.sql, storeId, 'webhooks', await rows()),
    rows,
    ...leasesOf(parts.sql, (storeId) => ({
      table: 'webhooks',
      idColumn: 'webhook_id',
      choose: (isDue) => sideBySide(parts.sql, storeId, isDue),
    })),
    hurry: (storeId) => {
      known.silent.forget(storeId)
      underWay.hurry(storeId)
    },
    // Wait for receivers that answer promptly: otherwise each restart would send them messages twice.
    stop: () => void setTimeout(() => stopped.abort(), promptness),
    run: async (item, giveWay) => {
      const timer = setTimeout(() => {
        if (giveWay !== undefined && underWay.letWait(item)) giveWay()
      }, promptness)
      const signals = { hurry: underWay.hurryOf(item), stop: stopped.signal }
      let result: Awaited<ReturnType<typeof deliver>> | undefined
      try {
        result = await deliver(parts, known, item, signals, underWay.claimedAs(item))
      } finally {
        clearTimeout(timer)
        const claimed = underWay.remove(item)
        if (result === 'cut off' && claimed) await releaseClaimed(parts.sql, claimed)
      }
      return result === 'made'
    },
  }
}

/** How many of a store's places at each target are taken. It has a single one at a target that is crowded or unreachable. */
const busyTargets = (storeId: string, underWay: UnderWay, unreachable: Unreachable): ReadonlyMap<string, number> => {
  const { store: busy, all } = underWay.countByTarget(storeId)
  const crowded = [...all].flatMap(([target, count]) => (count >= crowd ? [target] : []))
  for (const target of new Set([...crowded, ...unreachable.targets()])) {
    busy.set(target, busy.has(target) ? perTarget : perTarget - 1)
  }
  return busy
}
