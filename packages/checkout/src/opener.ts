import type { CheckoutMessage, CheckoutView } from '@naru/contract'
import { closeAndForget, transactionId } from './api.ts'

const message = (naru: CheckoutMessage['naru']): CheckoutMessage => ({ naru, txId: transactionId })

export const isFramed = parent !== window

/** Whether whoever opened us is there, and hears us. */
export const isSeen = isFramed || window.opener !== null

/**
 * In a popup of a shop's page that isolates itself (`Cross-Origin-Opener-Policy`): neither of us sees the other. What becomes of us
 * it hears from the server.
 */
export const isUnseenPopup = ({ mode }: Pick<CheckoutView, 'mode'>): boolean => mode === 'POPUP' && !isSeen

/** Whether whoever opened us is still there: a shop's tab may be closed before its popup. */
export const isHeard = (): boolean => isFramed || (window.opener !== null && !window.opener.closed)

/** Whether leaving leads anywhere: whoever opened us takes us away, or the shop's page comes before ours. */
export const canLeave = isSeen || history.length > 1

/** What anybody may hear: it says nothing of the payment. */
const tell = (naru: CheckoutMessage['naru']): void => {
  const opener: Window | null = isFramed ? parent : window.opener
  opener?.postMessage(message(naru), '*')
}

/** Tells the shop's page that our own page is there, with its close button: it takes its own away, and need not ask the server. */
export const tellReady = (): void => tell('ready')

/** Tells the shop's page that something was sent: from now on only the server knows whether the shopper has paid. */
export const tellSent = (): void => tell('sent')

/** Tells the shop's page that a PG's page takes our place, which tells nobody when it is over. */
export const tellAway = (): void => tell('away')

/** Tells whoever opened us that the shopper wants to leave: they take us away, and ask the server what became of the attempt. */
export const tellLeft = (): void => tell('left')

/** Tells whoever opened us that the server does not say what is to be paid: they ask it what became of the attempt, and close us. */
export const tellUnloaded = (): void => tell('unloaded')

/**
 * Tells whoever opened us that we are done; what came of it they ask the server. Returns whether anybody is there.
 */
export const tellOpener = ({ mode, shopOrigin = '*' }: Pick<CheckoutView, 'mode' | 'shopOrigin'>): boolean => {
  const opener: Window | null = mode === 'IFRAME' ? (isFramed ? parent : null) : window.opener
  opener?.postMessage(message('done'), shopOrigin)
  return opener !== null && !opener.closed
}

/** Goes back to where a page of ours was opened from, of which nothing has to be told. */
export const goBack = (): void => {
  if (isSeen) window.close()
  else history.back()
}

/** Makes way at once, without waiting for the server: the shop's page asks it what became of the payment. */
export const leaveAtOnce = (): void => {
  if (isFramed) tellLeft()
  else if (isSeen) window.close()
  else {
    closeAndForget()
    history.back()
  }
}
