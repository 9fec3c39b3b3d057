import type { SessionBody, SessionPage, SessionStanding } from '@naru/contract'
import { type Instant, storeTime } from '../../kernel/clock.ts'
import { compact } from '../../kernel/compact.ts'
import { type Attempt, isUndecided, type Payment, paidAttempt } from '../../payments/state/payment.ts'
import { amountOf, chargedOrder } from '../charged-order.ts'
import type { CheckoutParts } from '../parts.ts'
import { methodsOf, payableIn } from './offer.ts'
import { findSession, languageIn, type Session } from './session.ts'
import { wayToShop } from './way-to-shop.ts'

/** What the page of a session shows, also once nothing can be paid in it any more; nothing where there is no such session. */
export const sessionPage = async (
  parts: CheckoutParts,
  { sessionId, language }: SessionBody,
): Promise<SessionPage | undefined> => {
  const session = await findSession(parts, sessionId)
  if (!session) return undefined
  const { content, storeId } = session
  const store = await parts.directory.store(storeId)
  if (!store) throw new Error(`the store ${storeId} of a payment session is gone`)
  const { state, clock } = await parts.payments.process.load({ store, id: content.paymentId })
  const methods = await methodsOf(parts, content)
  const paid = paidAttempt(state)
  const standing = standingOf(session, state, storeTime(clock))
  return {
    storeName: content.storeName ?? store.name,
    ...orderShown(content, paid),
    isTest: store.channels.some(
      ({ key, type }) => type === 'TEST' && methods.some(({ channelKey }) => channelKey === key),
    ),
    standing,
    language: languageIn(session),
    methods: payableIn(parts, store, content, methods).map(({ paymentMethod }) => paymentMethod),
    agreements: content.agreements ?? [],
    isDirect: content.paymentMethod !== undefined && (content.agreements ?? []).length === 0,
    ...compact({
      colors: content.colors,
      imageUrl: content.orderImageUrl,
      redirectUrl: wayToShop(session, standing, state, language),
    }),
  }
}

const standingOf = ({ closedAt, expiresAt }: Session, payment: Payment, now: Instant): SessionStanding => {
  if (paidAttempt(payment)) return 'PAID'
  if (closedAt === null && now < expiresAt) return 'OPEN'
  if (payment.attempts.some(mayYetBePaid)) return 'WAITING'
  return closedAt === null ? 'EXPIRED' : 'CLOSED'
}

/** The PG is asked about it, the shopper has an account to pay into, or the merchant's server has yet to confirm it. */
const mayYetBePaid = (attempt: Attempt): boolean =>
  isUndecided(attempt) ||
  attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED' ||
  (attempt.phase === 'READY' && attempt.authentication !== undefined && attempt.expiredAt === undefined)

/** What was paid, if the order is: another session of it, or the API, may have made it another one. */
const orderShown = (
  content: Session['content'],
  paid: Attempt | undefined,
): Pick<SessionPage, 'orderName' | 'amount' | 'discount' | 'refund' | 'products'> => {
  const { orderName, totalAmount, currency } = content
  const products = (content.products ?? []).map(({ name, quantity, unitPrice }) => ({
    name,
    quantity,
    amount: unitPrice * quantity,
  }))
  if (!paid) return { orderName, amount: amountOf(totalAmount, currency), products }
  const isThis = paid.request.amount.total === totalAmount && paid.request.currency === currency
  return { ...chargedOrder(paid, paid.promotion !== undefined), products: isThis ? products : [] }
}
