/**
 * Runs tasks that share a key one after another, in the order they came, and tasks with different keys at once.
 *
 * Without it, 64 requests that change one payment in this process would all read version n, and 63 would lose the
 * conditional write and read again: 64 + 63 + … rounds. The database's version check stays the guard between
 * processes; this only keeps one process from racing against itself.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>()

  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const previous = this.#tails.get(key)
    const current = previous === undefined ? task() : previous.then(task, task)
    this.#tails.set(key, current)
    const forget = () => {
      if (this.#tails.get(key) === current) this.#tails.delete(key)
    }
    current.then(forget, forget)
    return current
  }

  get size(): number {
    return this.#tails.size
  }
}
