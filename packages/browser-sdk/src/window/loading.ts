import type { Fields } from '../fields.ts'
import { textsFor } from '../texts.ts'
import { coverShop } from './cover.ts'
import { loadingNote } from './note.ts'
import { offerWayOut } from './opening.ts'
import { lookEvery, type Popup } from './popup.ts'
import { ending } from './window.ts'

/** What the shopper sees until the server has answered. */
export type Loading = {
  /** The shopper does not want to wait. */
  readonly closed: Promise<'closed'>
  /** Again is no harm. */
  remove(): void
}

/** Shows at once that something happens: in the popup, where there is one, otherwise over the shop's page. */
export const showLoading = (fields: Fields, popup: Popup | undefined): Loading => {
  const { promise: closed, end } = ending<'closed'>()
  const close = () => end('closed')
  if (popup) return { closed, remove: loadInPopup(popup, fields, close) }
  // A script may ask in the head of a page.
  if (!document.body) return { closed, remove: close }
  const { overlay, uncover } = coverShop(fields.iframe)
  overlay.append(loadingNote(textsFor(fields).loading))
  const wayOut = offerWayOut(overlay, close)
  wayOut.button.focus()
  return {
    closed,
    remove: () => {
      wayOut.remove()
      uncover()
    },
  }
}

const loadInPopup = (popup: Popup, fields: Fields, close: () => void): (() => void) => {
  const { loading } = textsFor(fields)
  try {
    const { document: page } = popup
    page.title = loading
    page.documentElement.style.colorScheme = 'light dark'
    page.body.append(loadingNote(loading, page))
  } catch {
    // What an app opens in place of a popup may have no page to write to.
  }
  const timer = setInterval(() => popup.closed && close(), lookEvery)
  return () => clearInterval(timer)
}
