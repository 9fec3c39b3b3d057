import type { OpenedCheckout } from '@naru/contract'
import { closeFromLeavingPage, slots } from '../server.ts'
import { watchOpening, watchPg } from './opening.ts'
import { type Ending, ending, listen, type OpenWindow, type Watch } from './window.ts'

/** Above anything that a shop may have. */
const onTop = '2147483647'

/**
 * The page in a frame over the shop's. Everything behind it is inert while it is there, and gets the focus back that it
 * had. Going back leaves the frame: the shop's own router may change the page under it.
 */
export const openFrame = ({ token, url }: OpenedCheckout, options: unknown): OpenWindow => {
  const { promise, end } = ending()
  const address = `${slots.CHECKOUT_SERVER}${url}`
  const focused = document.activeElement
  const overlay = document.createElement('div')
  const isDim = Object(options).dim !== false
  Object.assign(overlay.style, {
    position: 'fixed',
    inset: '0',
    zIndex: onTop,
    background: isDim ? 'rgba(10, 14, 22, 0.55)' : 'transparent',
    colorScheme: 'normal',
  })
  const frame = document.createElement('iframe')
  frame.title = '결제 · Checkout'
  frame.allow = 'payment; clipboard-write'
  frame.src = address
  Object.assign(frame.style, {
    border: '0',
    width: '100%',
    height: '100%',
    display: 'block',
    background: 'transparent',
  })
  overlay.append(frame)
  const restore = makeInert()
  document.body.append(overlay)
  let isCovered = true
  /** The shop's page is usable again, while the server may still be asked what became of the attempt. */
  const uncover = () => {
    if (!isCovered) return
    isCovered = false
    watch.stop()
    removal.disconnect()
    stopListening()
    removeEventListener('popstate', leave)
    overlay.remove()
    restore()
    if (focused instanceof HTMLElement) focused.focus()
  }
  const abandon = (how: Ending) => {
    uncover()
    end(how)
  }
  let watch: Watch = watchOpening(overlay, frame, () => abandon('unopened'))
  const stopListening = listen(() => frame.contentWindow, address, token, {
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
  })
  const leave = () => end('gone')
  const leaveForGood = () => closeFromLeavingPage(token)
  addEventListener('popstate', leave)
  addEventListener('pagehide', leaveForGood)
  const removal = whenRemoved(frame, leave)
  return {
    ended: promise,
    tearDown: () => {
      uncover()
      removeEventListener('pagehide', leaveForGood)
      end('gone')
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

/** Makes everything in the page inert and keeps it from scrolling; returns how to undo that. */
const makeInert = (): (() => void) => {
  const others = [...document.body.children].filter((element) => !element.hasAttribute('inert'))
  for (const element of others) element.setAttribute('inert', '')
  const { overflow } = document.documentElement.style
  document.documentElement.style.overflow = 'hidden'
  return () => {
    for (const element of others) element.removeAttribute('inert')
    document.documentElement.style.overflow = overflow
  }
}
