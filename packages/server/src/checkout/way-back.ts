import type { CheckoutAttempt } from './attempt.ts'

/** Where the shopper came from: the session's page, or the shop's, of which the browser has said the origin. */
export const wayBack = ({ surroundings }: Pick<CheckoutAttempt, 'surroundings'>): string | undefined => {
  const { sessionId, shopOrigin, origin } = surroundings
  if (sessionId !== undefined) return `/checkout/sessions/${encodeURIComponent(sessionId)}`
  const page = URL.parse(origin?.url ?? '')
  return page !== null && page.origin === shopOrigin ? page.href : shopOrigin
}
