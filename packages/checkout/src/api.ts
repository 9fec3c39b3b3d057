import { backOff, limitedTo, retryAfterIn } from '@naru/browser-sdk/back-off'
import type {
  CheckoutPaymentMethod,
  CheckoutProblem,
  CheckoutState,
  CheckoutView,
  PageBody,
  SessionPage,
  SubmitAnswer,
  SubmitCheckout,
} from '@naru/contract'
import { preferredLanguage } from './preferred-language.ts'

/** The last part of our address is the attempt's token. It holds nothing that is percent-encoded: what is damaged is not known. */
export const token = location.pathname.split('/').at(-1) ?? ''

/** Which attempt it is, as the token says. */
export const [, transactionId = ''] = token.split('.')

/** The connection is away, or the server restarts or has too much to do: nobody knows what became of the request. */
export class Offline extends Error {
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfter: number
  constructor(retryAfter = 0) {
    super()
    this.retryAfter = retryAfter
  }
}

/** The server does not do it, and would not if it was asked again. */
export class Refused extends Error {
  /** Why, for the shopper, where the server says so. */
  readonly told: string | undefined
  constructor(told?: string) {
    super()
    this.told = told
  }
}

/** The server does not know this checkout. */
export class Unknown extends Refused {}

export const readView = (): Promise<CheckoutView> => ask('view', { token })

export const submit = (submission: Omit<SubmitCheckout, 'token'>): Promise<SubmitAnswer> =>
  ask('submit', { token, ...submission })

export const readSession = (): Promise<SessionPage> =>
  ask('sessions/view', { sessionId: token, language: preferredLanguage() })

export const openFromSession = (
  paymentMethod: CheckoutPaymentMethod,
  language: SessionPage['language'],
): Promise<{ url: string }> => {
  const device = /android|iphone|ipad|mobile/i.test(navigator.userAgent) ? 'MOBILE' : 'PC'
  return ask('sessions/pay', { sessionId: token, paymentMethod, device, language })
}

/** How things stand; waits while the PG is being asked. */
export const readState = (): Promise<CheckoutState> => ask('attempts/state', { token })

export const close = (): Promise<CheckoutState> => ask('attempts/close', { token })

/** As `close`, from a page that is being left. */
export const closeAndForget = (): void => {
  navigator.sendBeacon(addressOf('attempts/close'), JSON.stringify({ token }))
}

/** Tells the server that this page is there, or is left; goes out while it is left, too. */
export const tellOfPage = (isLeft: boolean): void => {
  const said: PageBody = { token, loadedAt: performance.timeOrigin, isLeft }
  navigator.sendBeacon(addressOf('page'), JSON.stringify(said))
}

/** How long a page is waited for, and everything that may wait for the PG, in milliseconds. */
const limits = { view: 10_000, work: 60_000 }

const addressOf = (path: string): string => `/checkout/v1/${path}`

const ask = async <Answer>(path: string, body: object): Promise<Answer> => {
  const signal = limitedTo(path.endsWith('view') ? limits.view : limits.work)
  const asked = { method: 'POST', body: JSON.stringify(body), signal }
  const response = await fetch(addressOf(path), asked).catch(() => {
    throw new Offline()
  })
  if (response.ok) return await response.json().catch(() => Promise.reject(new Offline()))
  // A server that restarts or has too much to do says nothing about the payment.
  if (response.status >= 500 || response.status === 429) throw new Offline(retryAfterIn(response))
  const problem: Partial<CheckoutProblem> = await response.json().catch(() => ({}))
  tellDeveloper(problem)
  if (response.status === 404) throw new Unknown()
  // With a detail for developers, the message is for shoppers.
  throw new Refused(problem.detail && problem.message)
}

/** What the shop can mend is for its developer. */
const tellDeveloper = ({ code, message, detail = message }: Partial<CheckoutProblem>): void => {
  if (code !== undefined) console.warn('[Naru]', `${code}: ${detail}`)
}

/** Until it works, or fails for another reason than the connection. For what can be asked twice. */
export const retrying = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Offline)) throw error
      await backOff(tries, error.retryAfter)
    }
  }
}
