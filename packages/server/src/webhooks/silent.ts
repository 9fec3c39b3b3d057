import type { DialResult } from './exchange.ts'

/**
 * The targets of a store that have kept a moving clock waiting: unreachable, without an answer, or with a name that nobody
 * knows. Days pass within moments there, and the clock waits for every attempt: without this, a receiver that accepts
 * connections and says nothing held an advance for half a minute with each of its retries.
 */
export class SilentTargets {
  readonly #targets = new Map<string, Set<string>>()

  /** A clock begins to move: each target is waited for once more. */
  forget(storeId: string): void {
    this.#targets.delete(storeId)
  }

  has(storeId: string, target: string): boolean {
    return this.#targets.get(storeId)?.has(target) ?? false
  }

  note(storeId: string, target: string, result: DialResult): void {
    if (result.status !== 'FAILED_UNEXPECTED_ERROR' || !result.wasWaitedFor) return
    const known = this.#targets.get(storeId)
    if (known) known.add(target)
    else this.#targets.set(storeId, new Set([target]))
  }
}
