/** So many values by their keys, of which the ones that were not asked for longest are forgotten. */
export class Latest<Value> {
  readonly #values = new Map<string, Value>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    // A map has its keys in the order in which they came.
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest)
  }

  delete(key: string): void {
    this.#values.delete(key)
  }

  /** The oldest first. What is deleted meanwhile is left out. */
  entries(): Iterable<[string, Value]> {
    return this.#values.entries()
  }
}
