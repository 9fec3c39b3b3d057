import type { DialResult } from './exchange.ts'

/**
 * The targets of a store that have kept a moving clock waiting: unreachable, without an answer or without an end of it, or with
 * a name that nobody knows. Days pass within moments there, and the clock waits for every attempt: without this, a receiver that accepts
 * connections and says nothing held an advance for half a minute with each of its retries.
 */
export class SilentTargets {
  readonly #targets = new Map<string, Map<string, Silence>>()

  /** A clock begins to move: each target is waited for once more. */
  forget(storeId: string): void {
    this.#targets.delete(storeId)
  }

  of(storeId: string, target: string): Silence | undefined {
    return this.#targets.get(storeId)?.get(target)
  }

  note(storeId: string, target: string, result: DialResult): void {
    if (!result.wasWaitedFor) return
    const known = this.#targets.get(storeId) ?? new Map<string, Silence>()
    this.#targets.set(storeId, known.set(target, 'response' in result ? 'endless body' : 'no answer'))
  }
}

/** What a target was waited for in vain: any answer, or the end of one whose status is known. */
export type Silence = 'no answer' | 'endless body'
