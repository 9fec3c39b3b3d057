import { keepAsking, type Rhythm } from './asking.ts'
import type { Ending, Watch } from './window.ts'

/** Who closes the popup is not waited for much longer than where it is seen. */
const rhythm: Rhythm = { firstWait: 500, longestWait: 2_000, mostAsked: Number.POSITIVE_INFINITY }

/** How long the page in a popup may take to say that it is there, in milliseconds: its script is about to run. */
const longestSilence = 10_000

/** After so many milliseconds nothing can be agreed to in a window. A PG's page in it says nothing, not even that it is left. */
const windowLifetime = 1_810_000

/**
 * A shop's page that isolates itself (`Cross-Origin-Opener-Policy: same-origin`) is told that its popup is closed as soon as our page
 * is in it, and hears nothing of it. Whether the shopper has closed it, only the server knows: our page tells it that it is there,
 * and that it is left.
 */
export const watchUnseen = (token: string, end: (how: Ending) => void): Watch => {
  let timer = setTimeout(() => end('unloaded'), longestSilence)
  let isKnown = false
  const asking = keepAsking(
    token,
    rhythm,
    ({ result, page }) => {
      if (page && !isKnown) {
        isKnown = true
        clearTimeout(timer)
        timer = setTimeout(() => end('gone'), windowLifetime)
        console.warn('[Naru]', 'Cross-Origin-Opener-Policy hides the popup. Use same-origin-allow-popups.')
      }
      if (result) end('said')
      if (page === 'LEFT') end('gone')
      return false
    },
    () => end('said'),
  )
  return {
    stop: () => {
      clearTimeout(timer)
      asking.stop()
    },
  }
}
