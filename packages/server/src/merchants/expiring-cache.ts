import { type Instant, realTime } from '../kernel/clock.ts'

type Entry<Value> = { readonly value: Promise<Value>; readonly loadedAt: Instant }

/**
 * Remembers what a query answered for a short while, so that the hot path asks the database once a second instead of
 * once a request, and several servers still agree within a second. Callers that come while a query runs share it.
 */
export class ExpiringCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #lifetime: number
  readonly #limit: number

  /** @param lifetime in milliseconds; @param limit entries at most, the oldest go first */
  constructor(lifetime = 1_000, limit = 10_000) {
    this.#lifetime = lifetime
    this.#limit = limit
  }

  /** What `load` answers, or answered less than a lifetime ago. Neither failures nor `undefined` are remembered. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const now = realTime()
    const known = this.#entries.get(key)
    if (known !== undefined && now - known.loadedAt < this.#lifetime) return known.value
    const entry = { value: load(), loadedAt: now }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > this.#limit) this.#dropOldest()
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    // Otherwise anyone who tries random keys would evict the useful entries.
    entry.value.then((value) => value === undefined && forget(), forget)
    return entry.value
  }

  /** Forgets one key, even while its query is running, since that may have read the old state. */
  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key)
      return
    }
  }
}
