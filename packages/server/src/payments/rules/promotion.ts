import type { PromotionDiscountRetainOption } from '@naru/contract'
import type { Amount } from '../../kernel/money.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { adjustCancellation } from '../../promotions/arithmetic.ts'
import { cancellableBalance } from '../state/amount.ts'
import type { Attempt, Cancellation, CancellationAdjustment } from '../state/payment.ts'
import { remainingDiscount } from '../state/promotion.ts'

export type AdjustmentRefusal = Refusal<
  'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT' | 'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED'
>

/**
 * What cancelling `amount` of a discounted order gives back; `undefined` where there was no discount. `RELEASE` is
 * PortOne's default. The first partial cancellation decides for the later ones; where all the rest is cancelled both
 * options give the same, so that it does not matter (our choice).
 */
export const adjustForPromotion = (
  attempt: Attempt,
  amount: Amount,
  option: PromotionDiscountRetainOption = 'RELEASE',
): CancellationAdjustment | AdjustmentRefusal | undefined => {
  const { promotion, request, cancellations } = attempt
  if (!promotion) return undefined
  const order = cancellableBalance(attempt).total
  // Nobody chose an option for a chargeback.
  const isChosen = ({ status, trigger }: Cancellation) => status !== 'FAILED' && trigger !== 'CHARGEBACK'
  const earlier = cancellations.find(isChosen)?.promotion?.option
  if (earlier !== undefined && earlier !== option && amount < order)
    return refuse(
      'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED',
      `An earlier partial cancellation was made with promotionDiscountRetainOption ${earlier}: give it again.`,
    )
  const granted = { rule: promotion.rule, total: request.amount.total, discount: promotion.discount }
  const before = { order, discount: remainingDiscount(attempt) }
  const { refund, released } = adjustCancellation(granted, before, amount, option)
  if (refund < 0)
    return refuse(
      'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT',
      `Cancelling ${amount} takes ${released} of discount away, which is more than would be refunded. ` +
        'Cancel more at once, or give promotionDiscountRetainOption RETAIN.',
    )
  return { option, refundAmount: refund, releasedDiscount: released }
}
