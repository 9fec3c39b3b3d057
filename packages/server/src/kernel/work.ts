import { AsyncLocalStorage } from 'node:async_hooks'
import { type Instant, realTime } from './clock.ts'

/**
 * One request, or one row whose time has come: what holds for everything that is done on its behalf, however deep in the
 * calls. A parameter through every function lost: whoever adds an operation would have to remember to pass it on.
 */
type Work = { readonly began: Instant }

const current = new AsyncLocalStorage<Work>()

/** Runs a piece of work of its own, which began at an instant of real time: now, unless given. */
export const asWork = <Result>(run: () => Promise<Result>, began: Instant = realTime()): Promise<Result> =>
  current.run({ began }, run)

/** When the work began that this is done for, in real time; now, where nobody said. */
export const workBegan = (): Instant => current.getStore()?.began ?? realTime()
