import type { DueItem, DueSource } from '../workers/due.ts'
import { attemptDelivery, type WebhookParts } from './attempt.ts'
import { type ClaimedItem, claimDue, nextDue } from './queue.ts'
import { retryDelay } from './retry.ts'
import { loadDelivery, recordAttempt } from './store.ts'

/** Deliveries under way at once in this process, and of these to one target: slow receivers hold up only themselves. */
const concurrency = 100
const perTarget = 8

/** The due deliveries of all stores. */
export const webhookDue = (parts: WebhookParts): DueSource => {
  const underWay = new UnderWay()
  return {
    name: 'webhook',
    concurrency,
    claim: async (limit) => {
      const claimed = await claimDue(parts.sql, { limit, perTarget, busy: underWay.countByTarget() })
      for (const item of claimed) underWay.add(item)
      return claimed
    },
    next: (storeId, until) => nextDue(parts.sql, storeId, until),
    run: async (item) => {
      try {
        await deliver(parts, item)
      } finally {
        underWay.remove(item)
      }
    },
  }
}

/**
 * Makes one attempt and writes it down. A crash in between leaves the row due, so that it is delivered again once the
 * lease has run out: at least once, never not at all.
 */
const deliver = async (parts: WebhookParts, { storeId, id, dueAt }: DueItem): Promise<void> => {
  const delivery = await loadDelivery(parts.sql, storeId, id)
  // Another worker has run it since it was found.
  if (delivery?.dueAt !== dueAt) return
  const attempt = await attemptDelivery(parts, delivery)
  const isDelivered = attempt.result.status === 'SUCCEEDED'
  const delay = isDelivered ? undefined : retryDelay(delivery.executionCount + 1, parts.chance())
  await recordAttempt(parts.sql, delivery, attempt, delay === undefined ? undefined : attempt.finishedAt + delay)
}

/** Which claimed deliveries this process has not finished. */
class UnderWay {
  readonly #targets = new Map<string, string>()

  add({ storeId, id, target }: ClaimedItem): void {
    this.#targets.set(keyOf(storeId, id), target)
  }

  /** Does nothing for a delivery that was not claimed, but run by a clock that is being advanced. */
  remove({ storeId, id }: DueItem): void {
    this.#targets.delete(keyOf(storeId, id))
  }

  countByTarget(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const target of this.#targets.values()) counts.set(target, (counts.get(target) ?? 0) + 1)
    return counts
  }
}

const keyOf = (storeId: string, id: string): string => `${storeId} ${id}`
