/**
 * The stores of which a source may have rows to run, in the order of their turns, and how many of its places each holds.
 * Stores take turns, and none holds more than half of the places: one with a long backlog, or whose rows take long, holds up
 * no other.
 */
export class Line {
  readonly #waiting = new Set<string>()
  /** More was found than could run. */
  readonly #backlogged = new Set<string>()
  readonly #taken = new Map<string, number>()
  readonly #places: number
  #takenInAll = 0

  constructor(places: number) {
    this.#places = places
  }

  /** The store may have rows to run. */
  add(storeId: string): void {
    this.#waiting.add(storeId)
  }

  /**
   * The store whose turn it is, and how many rows it may be given: its share of what is free. `undefined` where no store waits
   * for which there is a place.
   */
  next(): { readonly storeId: string; readonly limit: number } | undefined {
    for (const storeId of this.#waiting) {
      const limit = this.#limit(storeId)
      if (limit < 1) continue
      this.#waiting.delete(storeId)
      return { storeId, limit }
    }
    return undefined
  }

  /** The store got as many as it asked for: there may be more, for which it waits behind the others. */
  hasMore(storeId: string, hasMore: boolean): void {
    if (hasMore) this.#waiting.add(storeId)
    if (hasMore) this.#backlogged.add(storeId)
    else this.#backlogged.delete(storeId)
  }

  take(storeId: string): void {
    this.#takenInAll++
    this.#taken.set(storeId, this.#takenBy(storeId) + 1)
  }

  free(storeId: string): void {
    this.#takenInAll--
    const taken = this.#takenBy(storeId) - 1
    if (taken > 0) this.#taken.set(storeId, taken)
    else this.#taken.delete(storeId)
  }

  #takenBy(storeId: string): number {
    return this.#taken.get(storeId) ?? 0
  }

  #limit(storeId: string): number {
    const half = Math.ceil(this.#places / 2)
    const share = Math.ceil((this.#places - this.#takenInAll) / this.#waiting.size)
    const limit = Math.min(share, half - this.#takenBy(storeId))
    // Where one store has more than may run, half of it is claimed at once: a claim is a commit, whatever its size.
    const isAlone = this.#waiting.size === 1
    return isAlone && this.#backlogged.has(storeId) && limit < half / 2 ? 0 : limit
  }
}
