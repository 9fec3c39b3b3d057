/**
 * Before a request is tried again: until the browser says that it is connected, or for as long as the server asks for. Otherwise
 * twice as long each time, up to eight seconds, and not at the same moment as everybody else whom the server sent away. The
 * checkout's page does the same.
 */
export const backOff = (tries: number, retryAfter = 0): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const [chance = 0] = crypto.getRandomValues(new Uint8Array(1))
    const wait = Math.min(8_000, 500 * 2 ** tries) * (0.5 + chance / 510)
    const timer = setTimeout(done, Math.max(wait, retryAfter))
    addEventListener('online', done)
  })

/** What a `retry-after` asks for, in milliseconds; a minute at most, since a shopper waits. */
export const retryAfterIn = ({ headers }: Response): number =>
  Math.min(60, Number(headers.get('retry-after')) || 0) * 1_000

/** Ends a request that gets no answer for that long, in milliseconds. */
export const limitedTo = (limit: number): AbortSignal => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), limit)
  return controller.signal
}
