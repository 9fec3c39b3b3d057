import type { DueItem } from '../workers/due.ts'
import type { ClaimedItem } from './queue.ts'

/** How many deliveries may wait besides, in total and of one store. Each holds a socket. */
const maximumWaiting = 1_000
const maximumWaitingOfStore = 250

type Claimed = ClaimedItem & { readonly hurry: AbortController; isWaiting: boolean }

/** The claimed deliveries that this process has not finished. */
export class UnderWay {
  readonly #items = new Map<string, Claimed>()

  add(item: ClaimedItem): void {
    this.#items.set(keyOf(item), { ...item, hurry: new AbortController(), isWaiting: false })
  }

  /** As it was claimed; `undefined` where a clock runs it. */
  claimedAs(item: DueItem): ClaimedItem | undefined {
    return this.#items.get(keyOf(item))
  }

  /** Returns it as it was claimed; `undefined` where a clock runs it. */
  remove(item: DueItem): ClaimedItem | undefined {
    const claimed = this.#items.get(keyOf(item))
    this.#items.delete(keyOf(item))
    return claimed
  }

  /** Counts the item as waiting from now on, unless too many are waiting already. */
  letWait(item: DueItem): boolean {
    const claimed = this.#items.get(keyOf(item))
    if (claimed === undefined) return false
    const waiting = [...this.#items.values()].filter(({ isWaiting }) => isWaiting)
    const ofStore = waiting.filter(({ storeId }) => storeId === item.storeId)
    if (waiting.length >= maximumWaiting || ofStore.length >= maximumWaitingOfStore) return false
    claimed.isWaiting = true
    return true
  }

  /** A clock waits for what this process delivers for the store. */
  hurry(storeId: string): void {
    for (const item of this.#items.values()) if (item.storeId === storeId) item.hurry.abort()
  }

  /** Aborted once a clock waits. A clock that is being advanced runs items itself, without a claim. */
  hurryOf(item: DueItem): AbortSignal {
    return this.#items.get(keyOf(item))?.hurry.signal ?? AbortSignal.abort()
  }

  /** How many deliveries to each target are under way: of one store, and of all. */
  countByTarget(ofStore: string): { readonly store: Map<string, number>; readonly all: ReadonlyMap<string, number> } {
    const [store, all] = [new Map<string, number>(), new Map<string, number>()]
    for (const { storeId, target } of this.#items.values())
      for (const counts of storeId === ofStore ? [store, all] : [all]) counts.set(target, (counts.get(target) ?? 0) + 1)
    return { store, all }
  }
}

const keyOf = ({ storeId, id }: Pick<DueItem, 'storeId' | 'id'>): string => `${storeId} ${id}`
