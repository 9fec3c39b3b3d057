import type { CheckoutState } from '@naru/contract'
import { Refused, stateOf } from '../server.ts'
import type { Watch } from './window.ts'

/** How long after one question the next one follows, in milliseconds: at first, and at most. Each wait is a quarter longer. */
export type Rhythm = {
  readonly firstWait: number
  readonly longestWait: number
  /** So often the server is asked unless the shopper comes back to the page: for about as long as a window is open. */
  readonly mostAsked: number
}

const usual: Rhythm = { firstWait: 4_000, longestWait: 30_000, mostAsked: 60 }

/** Our own page, which may be about to come back, shows what there is to read first, such as the number of a virtual account. */
const graceForPage = 2_000

/**
 * A PG's window may be completed where we do not see it: an app comes back into another tab, or into another browser. So the server
 * is asked when the shopper comes back to the shop's page, and again and again, also while that is hidden: behind a popup it may be.
 */
export const askUntilDecided = (token: string, decided: () => void): Watch => {
  let timer: ReturnType<typeof setTimeout>
  const asking = keepAsking(
    token,
    usual,
    ({ result }) => {
      if (result) timer = setTimeout(decided, graceForPage)
      return result !== undefined
    },
    decided,
  )
  return {
    stop: () => {
      asking.stop()
      clearTimeout(timer)
    },
  }
}

/**
 * Asks how the attempt stands, never twice at once, until `isEnough`. Where the server itself says that it knows of none, as after a
 * reset, it is `forgotten`: nobody will ever say more.
 */
export const keepAsking = (
  token: string,
  rhythm: Rhythm,
  isEnough: (state: CheckoutState) => boolean,
  forgotten: () => void,
): Watch => {
  let [wait, asked, isAsking, isStopped] = [rhythm.firstWait, 0, false, false]
  let timer: ReturnType<typeof setTimeout>
  const look = async () => {
    if (isAsking) return
    clearTimeout(timer)
    isAsking = true
    const state = await stateOf(token)
    const isRefused = state instanceof Refused
    if (isStopped || (!isRefused && isEnough(state))) return
    if (isRefused && state.problem.code === 'TransactionNotFound') return forgotten()
    isAsking = false
    wait = Math.min(rhythm.longestWait, wait * 1.25)
    if (++asked < rhythm.mostAsked) timer = setTimeout(look, isRefused ? Math.max(wait, state.retryAfter) : wait)
  }
  timer = setTimeout(look, wait)
  document.addEventListener('visibilitychange', look)
  addEventListener('focus', look)
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
      removeEventListener('focus', look)
    },
  }
}
