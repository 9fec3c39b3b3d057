import { closeSession } from '../checkout/sessions/close.ts'
import { createSession } from '../checkout/sessions/create.ts'
import { evaluateProfile, findProfile } from '../checkout/sessions/profile.ts'
import { findSession, openSession, sessionView, unknownSession } from '../checkout/sessions/session.ts'
import type { Handlers } from '../http/handler.ts'
import { toIso } from '../kernel/clock.ts'
import { invalid, Refusal, refuse } from '../kernel/refusal.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'checkout' | 'publicUrl'>

type PaymentSessionOperationId =
  | 'createPaymentSession'
  | 'getPaymentSession'
  | 'closePaymentSession'
  | 'evaluateCheckoutProfile'

export const paymentSessionOperations = ({
  access,
  checkout,
  publicUrl,
}: Parts): Pick<Handlers, PaymentSessionOperationId> => ({
  createPaymentSession: forStore(access, async ({ body, store }) => {
    const created = await createSession(checkout, store, body)
    if (created instanceof Refusal) return created
    const { sessionId, expiresAt } = created
    return { sessionId, url: `${publicUrl()}/checkout/sessions/${sessionId}`, expiresAt: toIso(expiresAt) }
  }),

  getPaymentSession: async ({ path }) => {
    const session = await openSession(checkout, path.sessionId)
    return session instanceof Refusal ? session : sessionView(session)
  },

  closePaymentSession: async ({ path, principal }) => {
    const session = await findSession(checkout, path.sessionId)
    if (!session) return unknownSession()
    const store = await access.resolveStore(principal, session.storeId)
    if (store instanceof Refusal) return store
    return { closedAt: toIso(await closeSession(checkout, session)) }
  },

  evaluateCheckoutProfile: async ({ query }) => {
    const { profileKey, country, currency, amount } = query
    if (amount <= 0) return invalid('amount must be greater than 0.')
    const profile = await findProfile(checkout.sql, profileKey)
    return profile
      ? { methods: evaluateProfile(profile, { country, currency, amount }) }
      : refuse('PROFILE_SETTINGS_NOT_FOUND', `There is no checkout profile ${profileKey}.`)
  },
})
