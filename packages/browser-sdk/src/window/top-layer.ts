/**
 * Shows a dialog above everything that a shop may have in the browser's top layer: its own modal dialogs, popovers and what is in
 * fullscreen, also if it opens them later. A popover would be inert while a shop's dialog is open. Nothing but `close` of ours ends
 * it. Returns how to take it away.
 */
export const stayOnTop = (overlay: HTMLDialogElement): (() => void) => {
  const popovers = openPopovers()
  const showBackdrop = hideBackdrop(overlay)
  const show = () => overlay.open || overlay.showModal()
  const raise = () => {
    overlay.close()
    show()
  }
  const raiseAbove = ({ target, newState }: ToggleEvent) => {
    if (newState === 'open' && Object(target).popover) raise()
  }
  // Esc and the back gesture lead to the page in it, or to nothing.
  overlay.setAttribute('closedby', 'none')
  overlay.addEventListener('cancel', preventDefault)
  // Older browsers close it at the second Esc, whoever prevents that.
  overlay.addEventListener('close', show)
  for (const type of events) overlay.addEventListener(type, stopPropagation)
  // While ours is on top nothing else can have the focus.
  document.addEventListener('focusin', raise)
  document.addEventListener('toggle', raiseAbove, true)
  document.addEventListener('fullscreenchange', raise)
  const stopBaring = keepBare(overlay)
  show()
  return () => {
    stopBaring()
    overlay.removeEventListener('close', show)
    document.removeEventListener('focusin', raise)
    document.removeEventListener('toggle', raiseAbove, true)
    document.removeEventListener('fullscreenchange', raise)
    overlay.close()
    showBackdrop()
    for (const popover of popovers) showAgain(popover)
  }
}

/** What a shop listens to on its page in order to close a dialog of its own: a click outside, Esc, or a focus that leaves. */
const events = ['click', 'pointerdown', 'mousedown', 'touchstart', 'keydown', 'keyup', 'focusin']

const stopPropagation = (event: Event) => event.stopPropagation()

const preventDefault = (event: Event) => event.preventDefault()

/** A modal dialog hides them, unlike a shop's modal dialog. */
const openPopovers = (): readonly HTMLElement[] =>
  'popover' in HTMLElement.prototype ? [...document.querySelectorAll<HTMLElement>(':popover-open')] : []

const showAgain = (popover: HTMLElement): void => {
  try {
    popover.showPopover()
  } catch {
    // The shop has shown it, taken it away or made something else of it meanwhile.
  }
}

/** Libraries hide from the keyboard and from screen readers whatever comes into the page beside a dialog of theirs. */
const keepBare = (overlay: HTMLElement): (() => void) => {
  const names = ['inert', 'aria-hidden']
  const observer = new MutationObserver(() => {
    for (const name of names) overlay.removeAttribute(name)
  })
  observer.observe(overlay, { attributeFilter: names })
  return () => observer.disconnect()
}

/** The dialog is dimmed by itself, or by nothing. A sheet made by a script is one that every content security policy allows. */
const hideBackdrop = (overlay: HTMLElement): (() => void) => {
  overlay.setAttribute('data-naru', '')
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('[data-naru]::backdrop{display:none!important}')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet)
    }
  } catch {
    // An older browser dims it a little more.
    return () => undefined
  }
}
