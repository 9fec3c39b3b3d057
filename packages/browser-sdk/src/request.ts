import type {
  CheckoutKind,
  CheckoutProblem,
  CheckoutResult,
  CheckoutState,
  CloseCheckout,
  OpenedCheckout,
} from '@naru/contract'
import { backOff } from './back-off.ts'
import { deviceOf } from './device.ts'
import { failed } from './errors.ts'
import { type Fields, problemWith } from './fields.ts'
import { type NotOpened, openInTime } from './open-in-time.ts'
import { type Asking, close, problemIn, Refused, stateOf } from './server.ts'
import { textsFor } from './texts.ts'
import { openFrame } from './window/frame.ts'
import { showLoading } from './window/loading.ts'
import { openPopup, type Popup, popupFor } from './window/popup.ts'
import { openHere } from './window/redirection.ts'
import type { Ending, OpenWindow } from './window/window.ts'

/**
 * The request whose window is open, or is about to be. There is never more than one: a later request takes its place, also that of a
 * double click, behind which a second window would wait to be paid as well.
 */
let current: { readonly replaced: AbortController; readonly over: Promise<unknown> } | undefined

/**
 * Opens the checkout and resolves with what came of it. Rejects where nothing was opened; everything that happens in the
 * window, failures included, resolves. Where the browser leaves the page it stays pending: shops read the result's fields
 * right away, and there are none.
 */
export const request = async (kind: CheckoutKind, given: unknown): Promise<CheckoutResult> => {
  const problem = problemWith(kind, given)
  if (problem !== undefined) throw failed(kind, { code: 'BadRequest', message: problem })
  const fields: Fields = { ...Object(given) }
  const device = deviceOf()
  // In the click itself: browsers block a popup that opens later.
  const popup = popupFor(fields, device)
  const [before, replaced] = [current, new AbortController()]
  before?.replaced.abort()
  const result = run({ kind, fields, device, popup, replaced: replaced.signal }, before?.over)
  const own = { replaced, over: result.catch(() => undefined) }
  current = own
  try {
    return await result
  } finally {
    if (current === own) current = undefined
  }
}

type Run = {
  readonly kind: CheckoutKind
  readonly fields: Fields
  readonly device: 'PC' | 'MOBILE'
  readonly popup: Popup | undefined
  readonly replaced: AbortSignal
}

/** Opens the window once the one before is over, and says what came of it. */
const run = async (asked: Run, before: Promise<unknown> | undefined): Promise<CheckoutResult> => {
  const { kind, fields, device, popup, replaced } = asked
  const loading = showLoading(fields, popup)
  replaced.addEventListener('abort', loading.remove)
  const opened = await openInTime(
    { kind, request: fields, device, pageUrl: location.href, page: performance.timeOrigin, askedAt: performance.now() },
    before,
    loading,
  )
  if (typeof opened === 'string' || opened instanceof Refused) {
    popup?.close()
    throw failed(kind, problemOf(opened, asked), idsIn(kind, fields))
  }
  for (const warning of opened.warnings ?? []) console.warn('[Naru]', warning)
  const shown = show(opened, fields, popup)
  // The page has nobody to tell then, and must know from the beginning that the result goes to `redirectUrl`.
  if (shown === undefined) return await run({ ...asked, fields: { ...fields, forceRedirect: true } }, undefined)
  if (typeof shown === 'string') {
    await close(opened.token)
    throw failed(kind, { code: 'BadRequest', message: shown }, idsIn(kind, fields))
  }
  if (replaced.aborted) shown.tearDown('replaced')
  replaced.addEventListener('abort', () => shown.tearDown('replaced'))
  const { ids, unknownResult: message } = opened
  return await outcome(opened, shown, { ...ids, transactionType: kind, code: 'PORTONE_ERROR', message })
}

/** What the shop is told where nothing was opened. */
const problemOf = (why: NotOpened | Refused, { kind, fields }: Run): CheckoutProblem => {
  const { cancelled, unavailable } = textsFor(fields)
  const said = cancelled(kind)
  if (why instanceof Refused) return problemIn(why, fields)
  if (why === 'late') return { code: 'Unavailable', message: unavailable }
  const pgCode = 'PAY_PROCESS_CANCELED'
  return { code: 'FAILURE_TYPE_PG', message: `[${pgCode}] ${said}`, pgCode, pgMessage: said }
}

/** A window, or why there is none. Nothing where the popup is blocked, and the page could take the place of the shop's instead. */
const show = (opened: OpenedCheckout, fields: Fields, popup: Popup | undefined): OpenWindow | string | undefined => {
  switch (opened.mode) {
    case 'IFRAME':
      return openFrame(opened, fields)
    case 'POPUP': {
      const shown = openPopup(opened, popup)
      if (shown) return shown
      if (fields.redirectUrl === undefined) return 'The browser blocked the popup. Allow popups, or give redirectUrl.'
      return fields.forceRedirect === true ? openHere(opened) : undefined
    }
    case 'REDIRECTION':
      return openHere(opened)
  }
}

/**
 * A window in place of the shop's page ends here where the shopper came back to that page: what failed is told there, where the
 * shopper wants to be. What is paid goes to `redirectUrl`. `unknown` is the result where the server never says.
 */
const outcome = async (opened: OpenedCheckout, shown: OpenWindow, unknown: CheckoutResult): Promise<CheckoutResult> => {
  const ended = await shown.ended
  const state = await settled(opened.token, ended, shown)
  shown.tearDown()
  const { result, redirectUrl } = state
  if (redirectUrl !== undefined && !(opened.mode === 'REDIRECTION' && result?.code !== undefined)) {
    location.assign(redirectUrl)
    // The browser is leaving; if it comes back out of its cache, the shop gets the result after all.
    await new Promise<void>((resolve) => addEventListener('pageshow', () => resolve(), { once: true }))
  }
  return result ?? unknown
}

/**
 * What the server says came of it, never what a message said. A connection that is away is waited for, and so is a server that
 * restarts or has too much to do: the shopper may have paid. Where nothing was sent nobody can have, and the shop need not wait for a
 * connection that the browser knows to be away: it hears that the result is not known.
 */
const settled = async (token: string, ended: Ending, shown: OpenWindow): Promise<CheckoutState> => {
  const closeIt: Asking = (...about) => close(...about, reasons[ended])
  let ask = ended === 'said' ? stateOf : closeIt
  const mayHavePaid = shown.hasSent() && ended !== 'unloaded'
  const giveUpAt = performance.now() + (mayHavePaid ? longPatience : shortPatience)
  for (let tries = 0; performance.now() < giveUpAt; tries++) {
    const state = await ask(token, giveUpAt - performance.now())
    if (state instanceof Refused) {
      if (!state.isPassing || !(mayHavePaid || navigator.onLine)) return {}
      await backOff(tries, state.retryAfter)
    } else if (state.result) return state
    // It said that it is over, and is not: then it is now.
    else ask = closeIt
  }
  return {}
}

/** How long the shop waits for a result that nobody can give, in milliseconds: where the shopper may have paid, and where not. */
const longPatience = 180_000
const shortPatience = 15_000

/** What the server is told of a window that the shopper has not closed. */
const reasons: Readonly<Partial<Record<Ending, CloseCheckout['reason']>>> = {
  replaced: 'REPLACED',
  unloaded: 'NOT_LOADED',
}

/** The ids that an error names, as far as the request has them. */
const idsIn = (kind: CheckoutKind, { paymentId, identityVerificationId }: Fields): object =>
  kind === 'IDENTITY_VERIFICATION' ? { identityVerificationId } : paymentId === undefined ? {} : { paymentId }
