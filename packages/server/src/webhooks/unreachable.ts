import { type Instant, minute, realTime, second } from '../kernel/clock.ts'
import type { DialResult } from './exchange.ts'

/**
 * The targets that connecting to timed out lately, in real time. What fails at once, such as a refused connection, delays
 * nobody and is not remembered.
 */
export class Unreachable {
  readonly #targets = new Map<string, Instant>()

  /** Notes the result of an attempt that began at `startedAt`. */
  note(target: string, result: DialResult, startedAt: Instant): void {
    const now = realTime()
    // The oldest come first: a target that is noted again moves to the end.
    for (const [old, at] of this.#targets) {
      if (now - at <= minute) break
      this.#targets.delete(old)
    }
    const isReached = result.status !== 'FAILED_UNEXPECTED_ERROR' || result.isReached
    this.#targets.delete(target)
    if (!isReached && now - startedAt >= second) this.#targets.set(target, now)
  }

  /** Those that were found unreachable within the last minute. */
  targets(): readonly string[] {
    const now = realTime()
    return [...this.#targets].flatMap(([target, at]) => (now - at <= minute ? [target] : []))
  }
}
