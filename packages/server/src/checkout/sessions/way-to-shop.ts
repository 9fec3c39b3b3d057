import type { CheckoutResult, SessionStanding } from '@naru/contract'
import { type Payment, representative } from '../../payments/state/payment.ts'
import { undecidedText } from '../failures.ts'
import type { Language } from '../language.ts'
import { closedByShop, expired } from '../leave.ts'
import { isRedirectTarget, withResult } from '../redirect-url.ts'
import { failureFields } from '../result.ts'
import { languageIn, localeIn, type Session } from './session.ts'

/**
 * Where a shopper goes from the page of a session in which nothing can be paid any more: nowhere but to the address that the
 * merchant gave with the session, with the result that its windows would bring there.
 */
export const wayToShop = (
  session: Session,
  standing: SessionStanding,
  payment: Payment,
  language: Language = languageIn(session),
): string | undefined => {
  const { redirectUrl, paymentId } = session.content
  // An earlier version may have taken others.
  if (redirectUrl === undefined || !isRedirectTarget(redirectUrl)) return undefined
  const txId = representative(payment)?.transactionId
  const ids = { transactionType: 'PAYMENT', paymentId, ...(txId === undefined ? {} : { txId }) } as const
  const result = resultIn(standing, ids, language)
  return result && withResult(redirectUrl, result)
}

const resultIn = (standing: SessionStanding, ids: CheckoutResult, language: Language): CheckoutResult | undefined => {
  const ended = { attempt: { kind: ids.transactionType, request: { locale: localeIn(language) } } }
  switch (standing) {
    case 'OPEN':
      return undefined
    case 'PAID':
      return ids
    case 'WAITING':
      return { ...ids, code: 'PORTONE_ERROR', message: undecidedText(language) }
    case 'CLOSED':
      return { ...ids, ...failureFields(closedByShop(ended), 'PAYMENT', language) }
    case 'EXPIRED':
      return { ...ids, ...failureFields(expired(ended), 'PAYMENT', language) }
  }
}
