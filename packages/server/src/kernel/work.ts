import { AsyncLocalStorage } from 'node:async_hooks'
import { type Instant, realTime } from './clock.ts'

/**
 * One request, or one row whose time has come: what holds for everything that is done on its behalf, however deep in the
 * calls. A parameter through every function lost: whoever adds an operation would have to remember to pass it on.
 */
type Work = {
  readonly began: Instant
  /** For a request with an Idempotency-Key: until when, in real time, no other server takes it over. */
  readonly leasedUntil?: () => Instant
}

const current = new AsyncLocalStorage<Work>()

/** Runs a piece of work of its own, which began at an instant of real time: now, unless given. */
export const asWork = <Result>(run: () => Promise<Result>, began: Instant = realTime()): Promise<Result> =>
  current.run({ began }, run)

/** When the work began that this is done for, in real time; now, where nobody said. */
export const workBegan = (): Instant => current.getStore()?.began ?? realTime()

/** Another server may have taken the request over, and answered it: this one stood still for longer than its lease. */
export class TakenOver extends Error {
  override name = 'TakenOver'
}

/** Runs what a request with an Idempotency-Key asks for. */
export const underLease = <Result>(leasedUntil: () => Instant, run: () => Promise<Result>): Promise<Result> =>
  current.run({ began: workBegan(), leasedUntil }, run)

/**
 * To be called right before something is begun on a request's behalf. Whoever took the request over may have been refused, and
 * said so to the client: what is begun now would contradict it. Throws `TakenOver`.
 */
export const holdLease = (): void => {
  const leasedUntil = current.getStore()?.leasedUntil?.()
  if (leasedUntil !== undefined && realTime() >= leasedUntil) throw new TakenOver()
}
