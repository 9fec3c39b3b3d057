import type { OpenedCheckout } from '@naru/contract'
import type { Fields } from '../fields.ts'
import { closeFromLeavingPage, slots } from '../server.ts'
import { textsFor } from '../texts.ts'
import { coverShop, windowName } from './cover.ts'
import { dress } from './dress.ts'
import { watchOpening, watchPg } from './opening.ts'
import { type Ending, ending, listen, type OpenWindow, type Watch } from './window.ts'

/**
 * The page in a frame over the shop's. Going back leaves the frame: the shop's own router may change the page under it.
 */
export const openFrame = ({ token, url }: OpenedCheckout, fields: Fields): OpenWindow => {
  const { promise, end } = ending()
  const address = `${slots.CHECKOUT_SERVER}${url}`
  const { overlay, uncover: giveBack } = coverShop(fields.iframe)
  const frame = document.createElement('iframe')
  frame.title = windowName
  frame.allow = 'payment; clipboard-write'
  frame.src = address
  dress(frame, 'all:initial;display:block;width:100%;height:100%;')
  overlay.append(frame)
  /** The shop's page is usable again, while the server may still be asked what became of the attempt. Again is no harm. */
  const uncover = () => {
    watch.stop()
    removal.disconnect()
    page.stop()
    removeEventListener('popstate', leave)
    giveBack()
  }
  const abandon = (how: Ending) => {
    uncover()
    end(how)
  }
  let watch: Watch = watchOpening(overlay, frame, textsFor(fields).loading, abandon)
  const page = listen(() => frame.contentWindow, address, token, {
    ready: () => watch.stop(),
    away: () => {
      watch.stop()
      watch = watchPg(
        overlay,
        token,
        () => abandon('gone'),
        () => abandon('said'),
      )
    },
    done: () => end('said'),
    left: () => abandon('gone'),
    unloaded: () => abandon('unloaded'),
  })
  const leave = () => end('gone')
  const leaveForGood = () => closeFromLeavingPage(token)
  addEventListener('popstate', leave)
  addEventListener('pagehide', leaveForGood)
  const removal = whenRemoved(frame, leave)
  return {
    ended: promise,
    hasSent: page.hasSent,
    tearDown: (how = 'gone') => {
      uncover()
      removeEventListener('pagehide', leaveForGood)
      end(how)
    },
  }
}

/** The shop's own script may take the window out of the page, as a change of its route does: then it is gone. */
const whenRemoved = (frame: HTMLElement, then: () => void): MutationObserver => {
  const observer = new MutationObserver(() => frame.isConnected || then())
  for (let node: Node | null = frame.parentNode; node; node = node.parentNode)
    observer.observe(node, { childList: true })
  return observer
}
