import type { OpenedCheckout } from '@naru/contract'
import type { Fields } from '../fields.ts'
import { closeFromLeavingPage, slots } from '../server.ts'
import { askUntilDecided } from './asking.ts'
import { watchUnseen } from './unseen.ts'
import { ending, listen, type OpenWindow, type Watch } from './window.ts'

export type Popup = Window

const [width, height] = [480, 760]

/** An empty popup for the page to come, if the shop asks for one. Must run in the click. */
export const popupFor = (fields: Fields, device: 'PC' | 'MOBILE'): Popup | undefined => {
  const wanted = Object(fields.windowType)[device === 'PC' ? 'pc' : 'mobile']
  return wanted === 'POPUP' ? openEmpty(Object(fields.popup).center !== false) : undefined
}

const openEmpty = (isCentred: boolean): Popup | undefined => {
  const at = (start: number, room: number) => (isCentred ? Math.round(start + Math.max(0, room / 2)) : 0)
  const [left, top] = [at(screenX, outerWidth - width), at(screenY, outerHeight - height)]
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  try {
    return window.open('about:blank', '_blank', features) ?? undefined
  } catch {
    // Some apps forbid popups so: it is as good as blocked.
    return undefined
  }
}

/** How often we look whether the shopper closed it: browsers do not say. */
export const lookEvery = 300

/** The page in a popup; `undefined` where the browser blocks it. */
export const openPopup = ({ token, url }: OpenedCheckout, prepared: Popup | undefined): OpenWindow | undefined => {
  const popup = prepared ?? openEmpty(true)
  if (!popup || popup.closed) return undefined
  const { promise, end } = ending()
  const address = `${slots.CHECKOUT_SERVER}${url}`
  popup.location.replace(address)
  /** Whether our page in it has found this one: then it is closed where it says so. */
  let isSeen = false
  let asking: Watch | undefined
  const ask = (next?: Watch) => {
    asking?.stop()
    asking = next
  }
  const page = listen(() => popup, address, token, {
    ready: () => {
      isSeen = true
      ask()
    },
    // A PG's page tells nobody when it is over; it may be completed elsewhere, or stuck.
    away: () => ask(askUntilDecided(token, () => end('said'))),
    done: () => end('said'),
    left: () => end('gone'),
    unloaded: () => end('unloaded'),
  })
  const timer = setInterval(() => {
    // A PG's page that isolates itself counts as closed, too. Whoever has closed it comes back to the shop's page.
    if (!popup.closed || (asking && !document.hasFocus())) return
    clearInterval(timer)
    if (isSeen) end('gone')
    else ask(watchUnseen(token, end))
  }, lookEvery)
  // Nobody would hear what becomes of the popup.
  const leaveForGood = () => {
    closeFromLeavingPage(token)
    popup.close()
  }
  addEventListener('pagehide', leaveForGood)
  return {
    ended: promise,
    // Of one that is not seen nobody knows.
    hasSent: () => !isSeen || page.hasSent(),
    tearDown: (how = 'gone') => {
      page.stop()
      clearInterval(timer)
      ask()
      removeEventListener('pagehide', leaveForGood)
      popup.close()
      end(how)
    },
  }
}
