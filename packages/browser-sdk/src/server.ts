import type { CheckoutKind, CheckoutProblem, CheckoutState, CloseCheckout, OpenedCheckout } from '@naru/contract'
import { backOff, limitedTo, retryAfterIn } from './back-off.ts'
import type { Fields } from './fields.ts'
import { jsonOf } from './json.ts'
import { textsFor } from './texts.ts'

/**
 * Where the server is; filled in when the script is served. PortOne's playground points its own script elsewhere by
 * changing this object, and so can whoever imports the module.
 */
export const slots = { CHECKOUT_SERVER: '__NARU_PUBLIC_URL__' }

/** A problem, as far as the server said what it is: a load balancer in front of it answers with a page of its own. */
type Said = Partial<CheckoutProblem> & Pick<CheckoutProblem, 'code'>

/** Why the server did not do what it was asked for. Its fields are set by its constructor alone: a browser of 2020 needs 250 bytes for others. */
export class Refused {
  declare readonly problem: Said
  /** No word about what was asked: the connection is away, or the server restarts or has too much to do. */
  declare readonly isPassing: boolean
  /** How long the server wants to be left alone, in milliseconds. */
  declare readonly retryAfter: number
  constructor(problem: Said, isPassing: boolean, retryAfter = 0) {
    this.problem = problem
    this.isPassing = isPassing
    this.retryAfter = retryAfter
  }
}

export type Opening = {
  readonly kind: CheckoutKind
  readonly request: Fields
  readonly device: 'PC' | 'MOBILE'
  readonly pageUrl: string
  /** When this page was loaded, and how long after that it asks: the server may hear of a later request first. */
  readonly page: number
  readonly askedAt: number
}

/**
 * A server that restarts or has too much to do, or a connection that blinks, is asked a few times: two windows of one order
 * are no harm, it is charged once. Nobody asks again after `givenUp`, but an answer that is under way is still heard: it may have
 * opened an attempt.
 */
export const open = async (opening: Opening, givenUp: AbortSignal): Promise<OpenedCheckout | Refused> => {
  for (let tries = 0; ; tries++) {
    if (givenUp.aborted) return new Refused({ code: 'Unavailable' }, true)
    const opened = await ask<OpenedCheckout>('attempts', opening, openingLimit)
    if (!(opened instanceof Refused) || !opened.isPassing || tries === 3) return opened
    await backOff(tries, opened.retryAfter)
  }
}

/** Asks about an attempt, for so many milliseconds at most. */
export type Asking = (token: string, limit?: number) => Promise<CheckoutState | Refused>

/** How the attempt stands; where the PG is being asked, the answer takes as long as that. */
export const stateOf: Asking = (token, limit) => askAbout('attempts/state', token, limit)

/** The window is gone: what nobody agreed to is over, what the PG is being asked about is waited for. */
export const close = (token: string, limit?: number, reason?: CloseCheckout['reason']) =>
  askAbout('attempts/close', token, limit, reason)

/** As `close`, from a page that is being left. */
export const closeFromLeavingPage = (token: string): void => {
  navigator.sendBeacon?.(addressOf('attempts/close'), jsonOf({ token }))
}

const addressOf = (path: string): string => `${slots.CHECKOUT_SERVER}/checkout/v1/${path}`

/** How long one request may take, in milliseconds: longer than any PG is waited for. */
const usualLimit = 60_000

/** How long the answer to an opening is listened to; a server that stood still for minutes opens the attempt after all. */
const openingLimit = 600_000

const askAbout = (
  path: string,
  token: string,
  limit = usualLimit,
  reason?: CloseCheckout['reason'],
): Promise<CheckoutState | Refused> => ask(path, { token, reason }, Math.min(limit, usualLimit))

/** The body goes as plain text, so that no permission has to be asked for first. */
const ask = async <Answer>(path: string, body: object, limit: number): Promise<Answer | Refused> => {
  try {
    const response = await fetch(addressOf(path), {
      method: 'POST',
      body: jsonOf(body),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: limitedTo(limit),
    })
    if (response.ok) return await response.json()
    const { status } = response
    const problem = {
      code: status > 501 ? 'Unavailable' : 'UnknownError',
      ...(await response.json().catch(() => ({}))),
    }
    return new Refused(problem, isPassing(status), retryAfterIn(response))
  } catch {
    return new Refused({ code: 'Unavailable' }, true)
  }
}

const isPassing = (status: number): boolean => status === 429 || status >= 500

/**
 * What a shop is told of a window that was not opened. Shops show it to their shoppers, so what is for the shop's developer is said in
 * the console: the field and the remedy.
 */
export const problemIn = ({ problem: { detail, ...problem } }: Refused, request: Fields): CheckoutProblem => {
  const why = detail ?? problem.message
  if (why !== undefined) console.warn('[Naru]', `${problem.code}: ${why}`)
  const own = detail === undefined ? ownWords(problem.code, request) : undefined
  return { ...problem, message: own ?? problem.message ?? textsFor(request).unreadable }
}

/** Of what a server, or whatever stands before it, says in words of its own. */
const ownWords = (code: string, request: Fields): string | undefined => {
  const { unavailable, busy } = textsFor(request)
  if (code === 'Unavailable') return unavailable
  return code === 'ResourceExhausted' ? busy : undefined
}
