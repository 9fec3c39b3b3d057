import { Refused, stateOf } from '../server.ts'
import type { Watch } from './window.ts'

/** How long after one question the next one follows, in milliseconds: at first, and at most. Each wait is a quarter longer. */
const [firstWait, longestWait] = [4_000, 30_000]

/** So often the server is asked unless the shopper comes back to the page: for about as long as a window is open. */
const mostAsked = 60

/** Our own page, which may be about to come back, shows what there is to read first, such as the number of a virtual account. */
const graceForPage = 2_000

/**
 * A PG's window may be completed where we do not see it: an app comes back into another tab, or into another browser. So the server
 * is asked when the shopper comes back to the shop's page, and again and again while it is seen. Never twice at once.
 */
export const askUntilDecided = (token: string, decided: () => void): Watch => {
  let [wait, asked, isAsking, isStopped] = [firstWait, 0, false, false]
  let timer: ReturnType<typeof setTimeout>
  const again = (after: number) => {
    timer = setTimeout(look, after)
  }
  const look = async () => {
    if (isAsking || document.visibilityState === 'hidden') return
    clearTimeout(timer)
    isAsking = true
    const state = await stateOf(token)
    if (isStopped) return
    if (!(state instanceof Refused) && state.result) {
      timer = setTimeout(decided, graceForPage)
      return
    }
    isAsking = false
    wait = Math.min(longestWait, wait * 1.25)
    if (++asked < mostAsked) again(state instanceof Refused ? Math.max(wait, state.retryAfter) : wait)
  }
  again(wait)
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
