import { slots } from '../server.ts'
import { askUntilDecided } from './asking.ts'
import { dress, takeAway } from './dress.ts'
import { loadingNote } from './note.ts'
import type { Ending, Watch } from './window.ts'

/** How long the page may take to show itself, in milliseconds: at first, and once it was loaded anew. */
const limits = [15_000, 30_000]

/** The page's script runs before its frame has loaded: what says nothing by then is not our page, but an error or a portal. */
const limitOnceLoaded = 5_000

/**
 * Until the page says that it is there, nothing in the frame can be relied on to close it: so there is a close button of our own,
 * and Esc. A page that says nothing is loaded anew once, and then given up.
 */
export const watchOpening = (
  overlay: HTMLElement,
  frame: HTMLElement,
  text: string,
  abandon: (how: Ending) => void,
): Watch => {
  let tries = 0
  let timer: ReturnType<typeof setTimeout>
  const waitFor = (limit: number | undefined) => {
    clearTimeout(timer)
    timer = setTimeout(next, limit)
  }
  const next = () => {
    tries++
    if (tries === limits.length) {
      console.warn(
        '[Naru]',
        `The checkout did not load. Does a Content-Security-Policy, Cross-Origin-Embedder-Policy or blocker forbid frames of ${slots.CHECKOUT_SERVER}? In another site's frame, use windowType POPUP or REDIRECTION.`,
      )
      return abandon('unloaded')
    }
    // Put in anew, it loads anew, wherever it was; its `src` would leave a step for the back button.
    overlay.prepend(frame)
    waitFor(limits[tries])
  }
  const onLoad = () => waitFor(limitOnceLoaded)
  frame.addEventListener('load', onLoad)
  const note = loadingNote(text)
  overlay.append(note)
  const wayOut = offerWayOut(overlay, () => abandon('gone'))
  wayOut.button.focus()
  waitFor(limits[tries])
  return {
    stop: () => {
      clearTimeout(timer)
      takeAway(note)
      frame.removeEventListener('load', onLoad)
      if (wayOut.remove()) frame.focus()
    },
  }
}

/**
 * The PG's own page takes the frame over: nobody can see from here whether it shows anything, or ever comes back. The same way
 * out stays for as long as it has the frame, in a strip of its own, so that nothing of the PG's is covered. Nothing is given up
 * by itself, since the shopper may be paying: `decided` is called once the server knows what came of it.
 */
export const watchPg = (overlay: HTMLElement, token: string, leave: () => void, decided: () => void): Watch => {
  const wayOut = offerWayOut(overlay, leave)
  const asking = askUntilDecided(token, decided)
  overlay.style.setProperty('padding-top', '64px', 'important')
  return {
    stop: () => {
      asking.stop()
      wayOut.remove()
      overlay.style.setProperty('padding-top', '0', 'important')
    },
  }
}

/** A close button over the frame, and Esc. `remove` says whether they were still there. */
export const offerWayOut = (overlay: HTMLElement, leave: () => void) => {
  const button = closeButton(leave)
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    // It is no Esc of the shop's, which may have a dialog of its own below.
    event.preventDefault()
    event.stopImmediatePropagation()
    leave()
  }
  addEventListener('keydown', onKey, true)
  overlay.append(button)
  return {
    button,
    remove: (): boolean => {
      removeEventListener('keydown', onKey, true)
      const wasThere = button.isConnected
      takeAway(button)
      return wasThere
    },
  }
}

/** Seen only where the page is not there after a moment, but there for the keyboard at once. */
const closeButton = (onClick: () => void): HTMLElement => {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = '×'
  button.setAttribute('aria-label', '닫기 · Close')
  dress(
    button,
    'position:absolute;top:10px;right:12px;display:block;width:44px;height:44px;min-width:0;max-width:none;margin:0;padding:0;' +
      'border:0;border-radius:50%;background:#fff;color:#16191f;box-shadow:0 2px 12px rgba(10,20,40,.4);' +
      'font:24px/1 system-ui,sans-serif;cursor:pointer;visibility:visible;',
  )
  button.addEventListener('click', onClick)
  button.animate?.({ opacity: [0, 1] }, { delay: 1_000, duration: 200, fill: 'backwards' })
  return button
}
