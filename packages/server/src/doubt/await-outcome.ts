import { EventEmitter, once } from 'node:events'
import { type Instant, minute, realTime } from '../kernel/clock.ts'

/**
 * Lets a request wait for what another request, or the due loop, finds out about the same payment. Servers are told of
 * their own commits at once; of another server's, by looking again every `pollInterval`.
 */
export class Settlements {
  readonly #emitter = new EventEmitter().setMaxListeners(0)

  /** The payment `key` changed in some way. */
  settled(key: string): void {
    this.#emitter.emit(key)
  }

  /** Resolves when the payment was settled here, or after `timeout` milliseconds of real time, whichever is first. */
  async next(key: string, timeout: number): Promise<void> {
    await once(this.#emitter, key, { signal: AbortSignal.timeout(timeout) }).catch(() => undefined)
  }
}

/**
 * How long a request may wait for a result that got lost on the way, in real time. PortOne recommends that clients read
 * for at least 60 s.
 */
export const patience = minute

/**
 * Waits until `isSettled`, asking the PG whenever an inquiry is due and listening for what others find out; at most
 * `patience` milliseconds of real time from `since`.
 */
export const awaitOutcome = async <State, Loaded extends { readonly state: State }>(
  settlements: Settlements,
  key: string,
  work: { inquireDue(): Promise<void>; load(): Promise<Loaded>; isSettled(state: State): boolean },
  since: Instant = realTime(),
): Promise<Loaded> => {
  for (;;) {
    await work.inquireDue()
    const loaded = await work.load()
    const left = since + patience - realTime()
    if (work.isSettled(loaded.state) || left <= 0) return loaded
    await settlements.next(key, Math.min(left, pollInterval))
  }
}

/** How often a waiting request looks whether another server settled the payment. */
const pollInterval = 500
