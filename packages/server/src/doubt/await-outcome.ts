import { EventEmitter, once } from 'node:events'
import { type Instant, realTime, second } from '../kernel/clock.ts'
import { workBegan } from '../kernel/work.ts'

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
 * How long after its beginning a request is answered at the latest, in real time: PortOne's SDKs hang up after 60 s, and
 * who was hung up on does not learn that the result is unknown, and pays again.
 */
const patience = 50 * second

/** When the request must be answered that this is done for. */
export const answerBy = (): Instant => workBegan() + patience

/**
 * Waits until `isSettled`, asking the PG whenever an inquiry is due and listening for what others find out; at most until
 * an instant of real time. An inquiry that is under way then goes on by itself.
 */
export const awaitOutcome = async <State, Loaded extends { readonly state: State }>(
  settlements: Settlements,
  key: string,
  work: { inquireDue(): Promise<void>; load(): Promise<Loaded>; isSettled(state: State): boolean },
  until: Instant = answerBy(),
): Promise<Loaded> => {
  const over = passed(until)
  for (;;) {
    await Promise.race([work.inquireDue(), over])
    const loaded = await work.load()
    const left = until - realTime()
    if (work.isSettled(loaded.state) || left <= 0) return loaded
    await settlements.next(key, Math.min(left, pollInterval))
  }
}

const passed = async (until: Instant): Promise<void> => {
  const timeout = AbortSignal.timeout(Math.max(1, until - realTime()))
  await once(timeout, 'abort')
}

/** How often a waiting request looks whether another server settled the payment. */
const pollInterval = 500
