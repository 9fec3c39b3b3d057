import { dress, takeAway } from './dress.ts'
import { stayOnTop } from './top-layer.ts'

/** What lies over the shop's page. */
export type Cover = {
  readonly overlay: HTMLElement
  /** Makes the shop's page usable again. Again is no harm. */
  uncover(): void
}

/**
 * What it is called, for whoever does not see it. In both languages: nobody knows the shopper's before the page is there.
 */
export const windowName = '결제 · Checkout'

/** Of a shop's modal dialog, and of a body that is moved by `transform`, only what is in the browser's top layer is independent. */
const hasTopLayer = typeof HTMLDialogElement === 'function' && 'showModal' in HTMLDialogElement.prototype

/** Covers the shop's page. Everything behind it is inert while it is there, and gets the focus back that it had. */
export const coverShop = (options: unknown): Cover => {
  const focused = document.activeElement
  // A browser that knows no dialogs takes it for any element.
  const overlay = document.createElement('dialog')
  overlay.setAttribute('aria-label', windowName)
  const background = Object(options).dim === false ? 'transparent' : 'rgba(10,14,22,.55)'
  dress(overlay, `all:initial;position:fixed;inset:0;display:block;z-index:2147483647;background:${background};`)
  const makeUsable = hasTopLayer ? undefined : makeInert()
  const letScroll = keepFromScrolling()
  document.body.append(overlay)
  const leaveTop = hasTopLayer ? stayOnTop(overlay) : undefined
  let isCovered = true
  return {
    overlay,
    uncover: () => {
      if (!isCovered) return
      isCovered = false
      leaveTop?.()
      takeAway(overlay)
      makeUsable?.()
      letScroll()
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
    },
  }
}

/** Makes everything in the page inert, as a modal dialog does; returns how to undo that. */
const makeInert = (): (() => void) => {
  const others = [...document.body.children].filter((element) => !element.hasAttribute('inert'))
  for (const element of others) element.setAttribute('inert', '')
  return () => {
    for (const element of others) element.removeAttribute('inert')
  }
}

/** Keeps the page where it is; returns how to undo that. */
const keepFromScrolling = (): (() => void) => {
  const { documentElement } = document
  const { overflow, scrollbarGutter } = documentElement.style
  // Where a scrollbar goes, nothing moves into its place.
  const gutter = innerWidth > documentElement.clientWidth ? 'stable' : scrollbarGutter
  Object.assign(documentElement.style, { overflow: 'hidden', scrollbarGutter: gutter })
  return () => {
    Object.assign(documentElement.style, { overflow, scrollbarGutter })
  }
}
