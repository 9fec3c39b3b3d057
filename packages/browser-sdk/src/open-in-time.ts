import type { OpenedCheckout } from '@naru/contract'
import { close, type Opening, open, Refused } from './server.ts'
import type { Loading } from './window/loading.ts'
import { ending } from './window/window.ts'

/** How long a shopper waits for a window, in milliseconds. */
const longestWait = 30_000

/** Why there is none: the server did not answer in time, or the shopper closed what stood in its place. */
export type NotOpened = 'late' | 'closed'

/**
 * Asks for a window once the one before is over. An answer that comes after all opens nothing: its attempt is closed, so that the
 * order waits for nobody.
 */
export const openInTime = async (
  opening: Opening,
  before: Promise<unknown> | undefined,
  loading: Loading,
): Promise<OpenedCheckout | Refused | NotOpened> => {
  const givenUp = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = ending<NotOpened>()
  const answer = Promise.resolve(before).then(() => {
    timer = setTimeout(() => late.end('late'), longestWait)
    return open(opening, givenUp.signal)
  })
  const opened = await Promise.race([answer, late.promise, loading.closed])
  loading.remove()
  clearTimeout(timer)
  if (typeof opened !== 'string') return opened
  givenUp.abort()
  void answer.then((tooLate) => (tooLate instanceof Refused ? undefined : close(tooLate.token)))
  return opened
}
