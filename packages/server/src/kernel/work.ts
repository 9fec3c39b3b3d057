import { AsyncLocalStorage } from 'node:async_hooks'
import { type Instant, realTime, second } from './clock.ts'
import { codeOf } from './error-code.ts'

/**
 * One request, or one row whose time has come: what holds for everything that is done on its behalf, however deep in the
 * calls. A parameter through every function lost: whoever adds an operation would have to remember to pass it on.
 */
type Work = {
  /** When it must be answered, in real time. */
  readonly answerBy: Instant
  /** Aborted when it must be answered at once: the server ends. */
  readonly answerNow?: AbortSignal | undefined
  /** The epoch of each store that was seen: a sandbox store that is reset begins another. */
  readonly epochs: Map<string, number>
  /** Of a request with an Idempotency-Key. */
  readonly lease?: Lease
}

/** The right to do what a request with an Idempotency-Key asks for. Another server takes it over once it has run out. */
export type Lease = {
  /** Until when nobody else has it, in real time. */
  readonly until: () => Instant
  /** As the database had it last: which request, and until when by the database's clock. */
  readonly claim: () => HeldLease
  /** The same, once a renewal that is under way is over. */
  readonly held: () => Promise<HeldLease>
  readonly steps: Steps
}

/** What came of the steps that the request has taken, under this lease or by a server that died, each as JSON by its name. */
export type Steps = {
  readonly get: (step: string) => string | undefined
  /** All of them and one more, encrypted, as the database keeps them: results may hold API secrets. */
  readonly sealedWith: (step: string, result: string) => Buffer
  /** To be called once it is committed. */
  readonly add: (step: string, result: string) => void
}

export type HeldLease = { readonly merchantId: string; readonly requestKey: string; readonly leasedUntil: Instant }

const current = new AsyncLocalStorage<Work>()

/**
 * How long after its beginning a request is answered at the latest, in real time: PortOne's SDKs hang up after 60 s, and
 * who was hung up on does not learn that the result is unknown, and pays again.
 */
const defaultPatience = 50 * second

export type WorkOptions = {
  /** In real time; now, unless given. */
  readonly began?: Instant | undefined
  /** How long it waits for an outcome, in milliseconds. */
  readonly patience?: number | undefined
  /** Ends its patience early. */
  readonly answerNow?: AbortSignal | undefined
}

/** Runs a piece of work of its own. */
export const asWork = <Result>(
  run: () => Promise<Result>,
  { began = realTime(), patience = defaultPatience, answerNow }: WorkOptions = {},
): Promise<Result> => current.run({ answerBy: began + patience, answerNow, epochs: new Map() }, run)

/** When the request must be answered that this is done for, in real time: sooner than was said before where the server ends. */
export const answerBy = (): Instant => {
  const { answerBy: latest, answerNow } = current.getStore() ?? { answerBy: realTime() + defaultPatience }
  return answerNow?.aborted ? Math.min(latest, realTime()) : latest
}

/**
 * Tells when `until` has come, or the request must be answered that this is done for. To be disposed of once nobody waits for
 * it. A timer may end a millisecond before the clock says so: once it was told, `isOver` says the same.
 */
export const outOfTime = (
  until: Instant,
): Disposable & { readonly promise: Promise<void>; readonly isOver: () => boolean } => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const answerNow = current.getStore()?.answerNow
  const latest = Math.min(until, answerBy())
  let told = false
  const end = () => {
    told = true
    resolve()
  }
  const timer = setTimeout(end, Math.max(1, latest - realTime())).unref()
  answerNow?.addEventListener('abort', end)
  return {
    promise,
    isOver: () => told || realTime() >= latest,
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      answerNow?.removeEventListener('abort', end)
    },
  }
}

/** Another server may have taken the request over, and answered it: this one stood still for longer than its lease. */
export class TakenOver extends Error {
  override name = 'TakenOver'
}

/** The server stops before this is done. What there is of it stays, and whoever asks again, or the next start, goes on from there. */
export class ServerStops extends Error {
  override name = 'ServerStops'
}

/** A newer version has migrated the database: this server must not run what is due. The message says so, and what to do. */
export class ServerIsOutdated extends Error {
  override name = 'ServerIsOutdated'
}

/** Runs what a request with an Idempotency-Key asks for. */
export const underLease = <Result>(lease: Lease, run: () => Promise<Result>): Promise<Result> =>
  current.run({ ...(current.getStore() ?? { answerBy: answerBy(), epochs: new Map() }), lease }, run)

/** The lease under which this is done; `undefined` where it is no request with an Idempotency-Key. */
export const leaseOfWork = (): Lease | undefined => current.getStore()?.lease

/**
 * To be called right before something is begun on a request's behalf. Whoever took the request over may have been refused, and
 * said so to the client: what is begun now would contradict it. Throws `TakenOver`.
 */
export const holdLease = (): void => {
  const leasedUntil = leaseOfWork()?.until()
  if (leasedUntil !== undefined && realTime() >= leasedUntil) throw new TakenOver()
}

/** The sandbox store was reset while this was under way: nothing of it is left, and nothing of it may be written any more. */
export class StoreWasReset extends Error {
  override name = 'StoreWasReset'
}

/** Whether it says so, by itself or as PostgreSQL told it (`store_in_epoch`). */
export const wasReset = (error: unknown): boolean => error instanceof StoreWasReset || codeOf(error) === 'NR001'

/** Whether a call reached the sandbox PG after the time before which it had to act (`store_in_time`): nothing of it was done. */
export const cameTooLate = (error: unknown): boolean => codeOf(error) === 'NR002'

/** Notes which epoch a store is in. Throws `StoreWasReset` where the work saw another one before. */
export const seeEpoch = (storeId: string, epoch: number): void => {
  const epochs = current.getStore()?.epochs
  if ((epochs?.get(storeId) ?? epoch) !== epoch) throw new StoreWasReset()
  epochs?.set(storeId, epoch)
}

/** The epoch that the work saw the store in; `undefined` where it has not looked yet. */
export const epochOf = (storeId: string): number | undefined => current.getStore()?.epochs.get(storeId)

/** Runs what fell due, and returns what `run` does: whether it was still to be run. Not where its store was reset meanwhile. */
export const asDueWork = async (run: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await asWork(run)
  } catch (error) {
    if (wasReset(error)) return false
    throw error
  }
}
