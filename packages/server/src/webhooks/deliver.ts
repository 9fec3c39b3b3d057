import { realTime, second } from '../kernel/clock.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { attemptDelivery, type WebhookParts } from './attempt.ts'
import type { Dialer } from './dial.ts'
import { failed } from './exchange.ts'
import { type ClaimedItem, claimDue, nextDue } from './queue.ts'
import { retryDelay } from './retry.ts'
import { loadDelivery, recordAttempt } from './store.ts'
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
/** So many may wait besides, in all and of one store. Each of them is a socket. */
const maximumWaiting = 1_000
const maximumWaitingOfStore = 250

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

/**
 * Makes one attempt and writes it down. A crash in between leaves the row due, so that it is delivered again once the
 * lease has run out: at least once, never not at all.
 */
const deliver = async (
  parts: WebhookParts,
  unreachable: Unreachable,
  { storeId, id, dueAt }: DueItem,
  hurry: AbortSignal,
): Promise<void> => {
  const delivery = await loadDelivery(parts.sql, storeId, id)
  // Another worker has run it since it was found.
  if (delivery?.dueAt !== dueAt) return
  const post = postTo(parts.dialer, unreachable, delivery.target, hurry)
  const attempt = await attemptDelivery({ ...parts, dialer: { ...parts.dialer, post } }, delivery)
  const isDelivered = attempt.result.status === 'SUCCEEDED'
  const delay = isDelivered ? undefined : retryDelay(delivery.executionCount + 1, parts.chance())
  await recordAttempt(parts.sql, delivery, attempt, delay === undefined ? undefined : attempt.finishedAt + delay)
}

/** How long a clock that is being advanced takes a target to be away without another try. */
const advanceMemory = 10 * second

/**
 * Posts to a target and remembers whether it could be reached. While a clock is advanced, hours pass within moments and
 * everything waits for every attempt. A target that could not be reached a moment ago is still away: the attempts of the
 * hours in between fail as the first did, without another wait.
 */
const postTo =
  (dialer: Dialer, unreachable: Unreachable, target: string, hurry: AbortSignal): Dialer['post'] =>
  async (request) => {
    if (hurry.aborted && unreachable.has(target, advanceMemory))
      return failed('No connection could be made a moment ago. A clock that is being advanced does not wait again.')
    const startedAt = realTime()
    const result = await dialer.post({ ...request, hurry })
    unreachable.note(target, result, startedAt)
    return result
  }

type Claimed = ClaimedItem & { readonly hurry: AbortController; isWaiting: boolean }

/** Which claimed deliveries this process has not finished. */
class UnderWay {
  readonly #items = new Map<string, Claimed>()

  add(item: ClaimedItem): void {
    this.#items.set(keyOf(item), { ...item, hurry: new AbortController(), isWaiting: false })
  }

  remove(item: DueItem): void {
    this.#items.delete(keyOf(item))
  }

  /** Counts the item as waiting from now on, unless too many wait already. */
  letWait(item: DueItem): boolean {
    const claimed = this.#items.get(keyOf(item))
    if (claimed === undefined) return false
    const waiting = [...this.#items.values()].filter(({ isWaiting }) => isWaiting)
    const ofStore = waiting.filter(({ storeId }) => storeId === item.storeId)
    if (waiting.length >= maximumWaiting || ofStore.length >= maximumWaitingOfStore) return false
    claimed.isWaiting = true
    return true
  }

  /** The places that each store holds; what only waits for its receiver holds none. */
  placesByStore(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { storeId, isWaiting } of this.#items.values())
      if (!isWaiting) counts.set(storeId, (counts.get(storeId) ?? 0) + 1)
    return counts
  }

  /** A clock waits for what this process delivers for the store. */
  hurry(storeId: string): void {
    for (const item of this.#items.values()) if (item.storeId === storeId) item.hurry.abort()
  }

  /** Aborted once a clock waits. One that is being advanced runs what it finds itself, without a claim. */
  hurryOf(item: DueItem): AbortSignal {
    return this.#items.get(keyOf(item))?.hurry.signal ?? AbortSignal.abort()
  }

  countByTarget(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { target } of this.#items.values()) counts.set(target, (counts.get(target) ?? 0) + 1)
    return counts
  }
}

const keyOf = ({ storeId, id }: Pick<DueItem, 'storeId' | 'id'>): string => `${storeId} ${id}`
