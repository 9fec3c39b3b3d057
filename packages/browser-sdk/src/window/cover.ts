/** Above anything that a shop may have. */
const onTop = '2147483647'

/** What lies over the shop's page. */
export type Cover = {
  readonly overlay: HTMLElement
  /** Makes the shop's page usable again. Again is no harm. */
  uncover(): void
}

/** Covers the shop's page. Everything behind it is inert while it is there, and gets the focus back that it had. */
export const coverShop = (options: unknown): Cover => {
  const focused = document.activeElement
  const overlay = document.createElement('div')
  Object.assign(overlay.style, {
    position: 'fixed',
    inset: '0',
    zIndex: onTop,
    background: Object(options).dim === false ? 'transparent' : 'rgba(10, 14, 22, 0.55)',
    colorScheme: 'normal',
  })
  const restore = makeInert()
  document.body.append(overlay)
  let isCovered = true
  return {
    overlay,
    uncover: () => {
      if (!isCovered) return
      isCovered = false
      overlay.remove()
      restore()
      if (focused instanceof HTMLElement) focused.focus()
    },
  }
}

/** Makes everything in the page inert and keeps it from scrolling; returns how to undo that. */
const makeInert = (): (() => void) => {
  const others = [...document.body.children].filter((element) => !element.hasAttribute('inert'))
  for (const element of others) element.setAttribute('inert', '')
  const { documentElement } = document
  const { overflow, scrollbarGutter } = documentElement.style
  // Where a scrollbar goes, nothing moves into its place.
  const gutter = innerWidth > documentElement.clientWidth ? 'stable' : scrollbarGutter
  Object.assign(documentElement.style, { overflow: 'hidden', scrollbarGutter: gutter })
  return () => {
    for (const element of others) element.removeAttribute('inert')
    Object.assign(documentElement.style, { overflow, scrollbarGutter })
  }
}
