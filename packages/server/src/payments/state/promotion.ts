import { type Amount, sum } from '../../kernel/money.ts'
import type { Attempt, Cancellation } from './payment.ts'

/** The promotion's budget was told what the attempt holds. */
export type PromotionEvent = {
  readonly type: 'PromotionSettled'
  readonly transactionId: string
  readonly heldAmount: Amount
}

export const evolvePromotion = (attempt: Attempt, { heldAmount }: PromotionEvent): Attempt =>
  attempt.promotion ? { ...attempt, promotion: { ...attempt.promotion, heldAmount } } : attempt

export const discountOf = ({ promotion }: Attempt): Amount => promotion?.discount ?? 0

/** What the PG is asked to charge. */
export const chargedAmount = (attempt: Attempt): Amount => attempt.request.amount.total - discountOf(attempt)

/** What the PG is asked to refund. */
export const refundOf = ({ promotion, totalAmount }: Pick<Cancellation, 'promotion' | 'totalAmount'>): Amount =>
  promotion?.refundAmount ?? totalAmount

const isHolding = ({ status }: Cancellation) => status !== 'FAILED'

/** What the PG has left to refund, refunds under way taken as done. */
export const refundableAmount = (attempt: Attempt): Amount =>
  chargedAmount(attempt) - sum(attempt.cancellations.filter(isHolding).map(refundOf))

const releasedBy = (cancellations: readonly Cancellation[]): Amount =>
  sum(cancellations.map(({ promotion }) => promotion?.releasedDiscount ?? 0))

/** The discount that the rest of the order has, cancellations under way taken as done. */
export const remainingDiscount = (attempt: Attempt): Amount =>
  discountOf(attempt) - releasedBy(attempt.cancellations.filter(isHolding))

/** What the attempt should hold of the promotion's budget. */
const amountToHold = (attempt: Attempt): Amount => {
  if (!attempt.promotion || attempt.phase === 'FAILED' || attempt.expiredAt !== undefined) return 0
  const { discount, recovers } = attempt.promotion
  return recovers
    ? discount - releasedBy(attempt.cancellations.filter(({ status }) => status === 'SUCCEEDED'))
    : discount
}

/** Whether the attempt keeps some of a promotion's budget from others. */
export const isHoldingDiscount = (attempt: Attempt): boolean => amountToHold(attempt) > 0

/** What the promotion's budget has yet to be told; `undefined` where it knows. */
export const unsettledHold = (attempt: Attempt): { promotionId: string; amount: Amount } | undefined => {
  const { promotion } = attempt
  if (!promotion) return undefined
  const amount = amountToHold(attempt)
  return amount === promotion.heldAmount ? undefined : { promotionId: promotion.promotionId, amount }
}

type Taxes = { readonly taxFree: Amount; readonly vat: Amount }

/**
 * An amount for the PG with parts that fit in it. Parts speak of the order before the discount, as PortOne documents
 * them; a PG refuses parts that exceed what it is to charge or refund.
 */
export const withFittingParts = (amount: Amount, parts: Taxes): Taxes & { readonly amount: Amount } => {
  const taxFree = Math.min(parts.taxFree, amount)
  return { amount, taxFree, vat: Math.min(parts.vat, amount - taxFree) }
}
