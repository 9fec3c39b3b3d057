import type { BrowserPayment, EvaluatedCheckoutMethod, PaySessionBody, SessionPage } from '@naru/contract'
import { compact } from '../../kernel/compact.ts'
import { openCheckout } from '../open.ts'
import type { Caller } from '../opening.ts'
import type { CheckoutParts } from '../parts.ts'
import { Unopened } from '../problem.ts'
import { methodsOf, payMethodOf } from './offer.ts'
import { languageIn, localeIn, type Session } from './session.ts'

/** Begins paying: from here on it is an attempt like any other. */
export const paySession = async (
  parts: CheckoutParts,
  session: Session,
  { paymentMethod, language }: Pick<PaySessionBody, 'paymentMethod' | 'language'>,
  caller: Caller,
): Promise<{ url: string } | Unopened> => {
  const offered = (await methodsOf(parts, session.content)).find((method) => method.paymentMethod === paymentMethod)
  if (!offered) return new Unopened('BadRequest', `${paymentMethod} is not offered for this order.`)
  const request = requestOf(session, offered, language ?? languageIn(session))
  const opened = await openCheckout(parts, { kind: 'PAYMENT', request }, caller, session)
  return opened instanceof Unopened ? opened : { url: opened.url }
}

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
    locale: localeIn(language),
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
