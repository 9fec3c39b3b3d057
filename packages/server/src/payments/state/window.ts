import { hour, type Instant, minute } from '../../kernel/clock.ts'
import type { Attempt } from './payment.ts'
import { isHoldingDiscount } from './promotion.ts'

/** How long a shopper may take to agree. PGs differ (15 to 60 minutes); our choice. */
export const windowLifetime = 30 * minute

/** How long after the window opened what the shopper agreed to can be confirmed. PGs differ (10 minutes at the strictest). */
export const tokenLifetime = hour

/**
 * How long the merchant's server may take to say whether to approve: longer than it is waited for, so that whoever has not said
 * by then is not asked any more.
 */
export const longestConsent = 2 * minute

/** When an attempt fails that the merchant's server was to be asked about; `undefined` where nobody asks. */
export const consentDueAt = ({ phase, authentication }: Attempt): Instant | undefined =>
  phase === 'READY' ? authentication?.answerBy : undefined

/** Nobody has agreed to anything in it. */
export const isEmptyWindow = ({ phase, authentication }: Attempt): boolean =>
  phase === 'READY' && authentication === undefined

/** Somebody can still agree in it. */
export const isOpenWindow = (attempt: Attempt): boolean => isEmptyWindow(attempt) && attempt.expiredAt === undefined

/** The shopper has yet to agree, or the merchant to confirm what the shopper agreed to. */
export const awaitsShopperOrShop = ({ phase, authentication }: Attempt): boolean =>
  phase === 'READY' && authentication?.answerBy === undefined

/** Whether the merchant can still confirm what a shopper agreed to. */
export const isConfirmable = ({ phase, expiredAt, requestedAt }: Attempt, now: Instant): boolean =>
  phase === 'READY' && expiredAt === undefined && now - requestedAt < tokenLifetime

/**
 * When the window is to expire, so that the discount it holds goes to others; `undefined` where it holds none. A window that
 * holds nothing is READY for ever, as at PortOne: its age alone says that it is over, and nobody has to look at it.
 */
export const windowExpiresAt = (attempt: Attempt): Instant | undefined => {
  const { phase, expiredAt, authentication, requestedAt, selfCharge } = attempt
  // The PG may still charge the discounted amount.
  if (selfCharge?.inquiry) return undefined
  if (phase !== 'READY' || expiredAt !== undefined || !isHoldingDiscount(attempt)) return undefined
  return requestedAt + (authentication ? tokenLifetime : windowLifetime)
}
