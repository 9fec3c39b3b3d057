import { EventEmitter, once } from 'node:events'

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

/** How often a waiting request looks whether another server settled the payment. */
export const pollInterval = 500
