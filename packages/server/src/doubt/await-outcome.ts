import { EventEmitter, once } from 'node:events'
import type { Instant } from '../kernel/clock.ts'
import { answerBy, outOfTime } from '../kernel/work.ts'

/**
 * Lets a request wait for what another request, or the due loop, finds out about the same thing. A server hears of its
 * own commits at once, and of another server's by looking again every `pollInterval`.
 */
export class OutcomeSignals {
  readonly #emitter = new EventEmitter().setMaxListeners(0)

  /** What `key` names has changed in some way. */
  changed(key: string): void {
    this.#emitter.emit(key)
  }

  /** Resolves at the next change made by this server, or after `timeout` milliseconds of real time. */
  async next(key: string, timeout: number): Promise<void> {
    await once(this.#emitter, key, { signal: AbortSignal.timeout(timeout) }).catch(() => undefined)
  }
}

/**
 * Waits until `isDecided`, asking the PG whenever an inquiry is due and listening for what others find out; at most until
 * an instant of real time, and not once the request must be answered. An inquiry that is under way then goes on by itself.
 */
export const awaitOutcome = async <State, Loaded extends { readonly state: State }>(
  signals: OutcomeSignals,
  key: string,
  work: { inquireDue(): Promise<void>; load(): Promise<Loaded>; isDecided(state: State): boolean },
  until: Instant = answerBy(),
): Promise<Loaded> => {
  using over = outOfTime(until)
  for (;;) {
    await Promise.race([work.inquireDue(), over.promise])
    const loaded = await work.load()
    if (work.isDecided(loaded.state) || over.isOver()) return loaded
    await Promise.race([signals.next(key, pollInterval), over.promise])
  }
}

/** How often a waiting request looks for another server's commits. */
const pollInterval = 500
