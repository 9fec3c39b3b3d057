import type { BrowserPayment, EvaluatedCheckoutMethod, PaySessionBody, SessionPage } from '@naru/contract'
import { compact } from '../../kernel/compact.ts'
import { type Attempt, paidAttempt } from '../../payments/state/payment.ts'
import { amountOf, chargedOrder } from '../charged-order.ts'
import { openCheckout } from '../open.ts'
import type { Caller } from '../opening.ts'
import type { CheckoutParts } from '../parts.ts'
import { Unopened } from '../problem.ts'
import { methodsOf, payableIn, payMethodOf } from './offer.ts'
import { findSession, type Session } from './session.ts'

/** What the order sheet shows. */
export const sessionPage = async (parts: CheckoutParts, session: Session): Promise<SessionPage> => {
  const { content, storeId } = session
  const store = await parts.directory.store(storeId)
  if (!store) throw new Error(`the store ${storeId} of a payment session is gone`)
  const { state } = await parts.payments.process.load({ store, id: content.paymentId })
  const methods = await methodsOf(parts, content)
  const paid = paidAttempt(state)
  return {
    storeName: content.storeName ?? store.name,
    ...orderShown(content, paid),
    isTest: store.channels.some(
      ({ key, type }) => type === 'TEST' && methods.some(({ channelKey }) => channelKey === key),
    ),
    isPaid: paid !== undefined,
    language: usualLanguage(session),
    methods: payableIn(parts, store, content, methods).map(({ paymentMethod }) => paymentMethod),
    agreements: content.agreements ?? [],
    isDirect: content.paymentMethod !== undefined && (content.agreements ?? []).length === 0,
    ...compact({ colors: content.colors, imageUrl: content.orderImageUrl }),
  }
}

/** What was paid, if the order is: another session of it, or the API, may have made it another one. */
const orderShown = (
  content: Session['content'],
  paid: Attempt | undefined,
): Pick<SessionPage, 'orderName' | 'amount' | 'discount' | 'products'> => {
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

/** Of a session that is closed or over, what is left to show: that its order was paid, if it was. */
export const paidPage = async (parts: CheckoutParts, sessionId: string): Promise<SessionPage | undefined> => {
  const session = await findSession(parts, sessionId)
  const page = session && (await sessionPage(parts, session))
  return page?.isPaid ? page : undefined
}

/** Begins paying: from here on it is an attempt like any other. */
export const paySession = async (
  parts: CheckoutParts,
  session: Session,
  { paymentMethod, language }: Pick<PaySessionBody, 'paymentMethod' | 'language'>,
  caller: Caller,
): Promise<{ url: string } | Unopened> => {
  const offered = (await methodsOf(parts, session.content)).find((method) => method.paymentMethod === paymentMethod)
  if (!offered) return new Unopened('BadRequest', `${paymentMethod} is not offered for this order.`)
  const request = requestOf(session, offered, language ?? usualLanguage(session))
  const opened = await openCheckout(parts, { kind: 'PAYMENT', request }, caller, session)
  return opened instanceof Unopened ? opened : { url: opened.url }
}

const usualLanguage = ({ content }: Session): SessionPage['language'] => (content.country === 'KR' ? 'ko' : 'en')

const requestOf = (
  { content }: Session,
  { paymentMethod, channelKey }: EvaluatedCheckoutMethod,
  language: SessionPage['language'],
): BrowserPayment => {
  const { storeId, paymentId, orderName, totalAmount, currency, country, customData, redirectUrl, storeName } = content
  const { customerName: fullName, customerEmail: email, products } = content
  return {
    storeId,
    channelKey,
    paymentId,
    orderName,
    totalAmount,
    currency,
    country,
    locale: language === 'ko' ? 'KO_KR' : 'EN_US',
    ...payMethodOf(paymentMethod),
    ...compact({
      customData,
      redirectUrl,
      customer: fullName === undefined && email === undefined ? undefined : compact({ fullName, email }),
      storeDetails: storeName === undefined ? undefined : { storeName },
      products: products?.map(({ id, name, code, unitPrice, quantity, url: link }) => ({
        id: id ?? name,
        name,
        amount: unitPrice,
        quantity,
        ...compact({ code, link }),
      })),
    }),
  }
}
