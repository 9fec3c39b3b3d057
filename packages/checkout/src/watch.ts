/** How often the server is asked about what happens without the page, such as that a transfer arrives, in milliseconds. */
export const lookEvery = 5_000

/**
 * Looks again each time that so many milliseconds are over, if that is given, and when the shopper comes back to the page: the order may have been
 * paid in another tab. Never twice at once. Returns how to stop.
 */
export const watch = (wait: number | undefined, look: () => Promise<void>): (() => void) => {
  let isLooking = false
  const again = () => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => {
      isLooking = false
    })
  }
  const timer = wait === undefined ? undefined : setInterval(again, wait)
  document.addEventListener('visibilitychange', again)
  addEventListener('focus', again)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', again)
    removeEventListener('focus', again)
  }
}
