import type { OpenedCheckout, WindowMode } from '@naru/contract'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import type { Store } from '../merchants/store.ts'
import { windowLifetime } from '../payments/state/window.ts'
import { refuseNoticeTargets, refuseTargets } from '../webhooks/targets.ts'
import type { CheckoutAttempt, CheckoutRequest, Surroundings } from './attempt.ts'
import { insertAttempt } from './attempts.ts'
import { unknownResultText } from './failures.ts'
import { languageOf } from './language.ts'
import { refuseOfferPeriod } from './offer-period.ts'
import { openBillingKey } from './open-billing-key.ts'
import { openIdentity } from './open-identity.ts'
import { openPayment } from './open-payment.ts'
import { type Caller, type Opener, type Opening, originOf } from './opening.ts'
import type { CheckoutParts } from './parts.ts'
import { Unopened } from './problem.ts'
import { isRedirectTarget } from './redirect-url.ts'
import { idsOf } from './result.ts'
import { newToken } from './token.ts'
import { windowMode } from './window-mode.ts'

/**
 * Opens a window: checks the request in the order that PortOne's error codes suggest (store, channel, state of the order,
 * what the window needs), writes down what was asked for, then begins the attempt itself.
 *
 * A crash in between leaves a row that nobody has the token of.
 */
export const openCheckout = async (
  parts: CheckoutParts,
  asked: CheckoutRequest,
  caller: Caller,
  session?: { readonly sessionId: string; readonly expiresAt: Instant },
): Promise<(OpenedCheckout & { readonly attempt: CheckoutAttempt }) | Unopened> => {
  const { offerPeriod } = { offerPeriod: undefined, ...asked.request }
  const broken = refuseUrls(asked) ?? refuseOfferPeriod(offerPeriod)
  if (broken) return broken
  const { storeId } = asked.request
  const store = await parts.directory.store(storeId)
  if (!store) return new Unopened('StoreNotFound', `storeId: there is no store ${storeId}.`)
  const uncallable = refuseUncallable(parts, store, asked)
  if (uncallable) return uncallable
  const transactionId = timeOrderedId()
  const opening = { store, asked, transactionId, caller }
  const opener = openerOf(parts, opening)
  const placed = await opener.place()
  if (placed instanceof Unopened) return placed
  const mode = session ? 'REDIRECTION' : windowMode(placed.channel.pgProvider, caller.device, asked.request)
  if (mode instanceof Unopened) return mode
  const token = newToken(storeId, transactionId)
  const now = storeTime(placed.clock)
  const attempt: CheckoutAttempt = {
    ...asked,
    storeId,
    transactionId,
    subjectId: placed.subjectId,
    tokenDigest: digestOf(token),
    channelKey: placed.channel.key,
    surroundings: surroundingsOf(asked, caller, mode, session?.sessionId),
    createdAt: now,
    expiresAt: Math.min(now + windowLifetime, session?.expiresAt ?? Number.POSITIVE_INFINITY),
  }
  await insertAttempt(parts.sql, attempt)
  const { channel, clock } = placed
  const refusal = await opener.begin({ found: { attempt, store, channel, clock }, token })
  const unknownResult = unknownResultText(asked.kind, languageOf(asked.request))
  return refusal ?? { token, mode, url: `/checkout/${token}`, ids: idsOf(attempt), unknownResult, attempt }
}

const surroundingsOf = (
  { request: { redirectUrl, forceRedirect } }: CheckoutRequest,
  caller: Caller,
  mode: WindowMode,
  sessionId: string | undefined,
): Surroundings => ({
  mode,
  shopOrigin: caller.shopOrigin,
  redirects: redirectUrl !== undefined && (mode === 'REDIRECTION' || forceRedirect === true),
  origin: originOf(caller),
  device: caller.device,
  serverUrl: caller.serverUrl,
  sessionId,
})

const openerOf = (parts: CheckoutParts, opening: Opening): Opener => {
  const { asked } = opening
  switch (asked.kind) {
    case 'PAYMENT':
      return openPayment(parts, { ...opening, asked: asked.request })
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return openBillingKey(parts, { ...opening, asked })
    case 'IDENTITY_VERIFICATION':
      return openIdentity(parts, { ...opening, asked: asked.request })
  }
}

/** What this server would later refuse to call for the store. */
const refuseUncallable = ({ webhooks }: CheckoutParts, store: Store, asked: CheckoutRequest): Unopened | undefined => {
  const confirmUrl = asked.kind === 'PAYMENT' ? asked.request.confirmUrl : undefined
  const refusal =
    refuseNoticeTargets(webhooks, store, asked.request.noticeUrls) ?? refuseTargets(webhooks, store, { confirmUrl })
  return refusal && new Unopened('BadRequest', refusal.body.message ?? 'A URL cannot be called.')
}

const refuseUrls = ({ request }: CheckoutRequest): Unopened | undefined => {
  const { redirectUrl, noticeUrls = [] } = request
  if (redirectUrl !== undefined && !isRedirectTarget(redirectUrl))
    return new Unopened('BadRequest', "redirectUrl must be a web address, or an app's such as myapp://done.")
  for (const [index, url] of noticeUrls.entries()) {
    const problem = webUrlProblem(url)
    if (problem !== undefined) return new Unopened('BadRequest', `noticeUrls[${index}] must ${problem}.`)
  }
  return undefined
}
