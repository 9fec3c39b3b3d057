import { second } from '../kernel/clock.ts'
import type { DueSource } from '../workers/due.ts'
import { deliver } from './deliver.ts'
import type { WebhookParts } from './parts.ts'
import { claimDue, nextDue } from './queue.ts'
import { UnderWay } from './under-way.ts'
import { Unreachable } from './unreachable.ts'

/**
 * Deliveries under way at once in this process, and of these to one target and of one store: slow receivers hold up only
 * themselves, and a store with many of them only itself.
 */
const concurrency = 100
const perTarget = 8
const perStore = 50

/** A delivery that takes longer is only waiting for its receiver, and no longer counts against `concurrency`. */
const promptness = second

/** The due deliveries of all stores. */
export const webhookDue = (parts: WebhookParts): DueSource => {
  const underWay = new UnderWay()
  const unreachable = new Unreachable()
  return {
    name: 'webhook',
    concurrency,
    claim: async (limit) => {
      const busy = { targets: busyTargets(underWay, unreachable), stores: underWay.placesByStore() }
      const claimed = await claimDue(parts.sql, { limit, perTarget, perStore, busy })
      for (const item of claimed) underWay.add(item)
      return claimed
    },
    next: (storeId, until) => nextDue(parts.sql, storeId, until),
    hurry: (storeId) => underWay.hurry(storeId),
    run: async (item, giveWay) => {
      const timer = setTimeout(() => {
        if (giveWay !== undefined && underWay.letWait(item)) giveWay()
      }, promptness)
      try {
        await deliver(parts, unreachable, item, underWay.hurryOf(item))
      } finally {
        clearTimeout(timer)
        underWay.remove(item)
      }
    },
  }
}

/** How many places of each target are taken. One that cannot be reached is tried by one delivery at a time. */
const busyTargets = (underWay: UnderWay, unreachable: Unreachable): ReadonlyMap<string, number> => {
  const busy = underWay.countByTarget()
  for (const target of unreachable.targets()) busy.set(target, busy.has(target) ? perTarget : perTarget - 1)
  return busy
}
