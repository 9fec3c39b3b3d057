import type { AggregateKey } from '../aggregates/aggregate.ts'
import { type Instant, minute } from '../kernel/clock.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Channel } from '../merchants/store.ts'
import { discountFor } from '../promotions/arithmetic.ts'
import { hold } from '../promotions/budget.ts'
import { type PromotionTerms, promotionStatus } from '../promotions/promotion.ts'
import type { LoadedPayment, PaymentParts } from './parts.ts'
import type { WantedPromotion } from './requests/pay-command.ts'
import { type AttemptPromotion, type PaymentRequest, wasPaid } from './state/payment.ts'
import { unsettledHold } from './state/promotion.ts'

export type DiscountRefusal = Refusal<
  'INVALID_REQUEST' | 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH' | 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT'
>

/** Abandoned attempts hold budget no longer than this. PortOne does not say; our choice. */
const longestHold = 30 * minute

type Order = { readonly transactionId: string; readonly channel: Channel; readonly request: PaymentRequest }

/**
 * Grants the discount that a promotion gives to this order and holds it in the promotion's budget, before anything else
 * is committed. `undefined` where the payment goes on without a discount: the promotion is not running, the order too
 * small, or the budget has less left than the whole discount.
 */
export const grantDiscount = async (
  parts: PaymentParts,
  { store, id: paymentId }: AggregateKey,
  wanted: WantedPromotion | undefined,
  { transactionId, channel, request }: Order,
  now: Instant,
): Promise<AttemptPromotion | DiscountRefusal | undefined> => {
  if (!wanted) return undefined
  const { promotionId } = wanted
  const { state: promotion } = await parts.promotions.process.load({ store, id: promotionId })
  const { terms } = promotion
  if (!terms) return refuse('INVALID_REQUEST', `promotionId: there is no promotion ${promotionId} in this store.`)
  const refusal = refuseCard(terms, wanted.cardCompany(parts.gatewayOf(channel)))
  if (refusal) return refusal
  // The budget is asked last and by holding, so that two orders never share what is left of it.
  if (promotionStatus(promotion, terms, 0, now) !== 'IN_PROGRESS' || terms.currency !== request.currency)
    return undefined
  const { total } = request.amount
  const discount = discountFor(terms.rule, total)
  if (discount === 0) return undefined
  if (discount >= total)
    return refuse(
      'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT',
      `The promotion ${promotionId} would take ${discount} off an order of ${total}: nothing would be left to pay.`,
    )
  const { storeId } = store
  const dueAt = now + longestHold
  const asked = { storeId, promotionId, transactionId, paymentId, amount: discount, asOf: 0, dueAt }
  if (!(await hold(parts.sql, asked))) return undefined
  return {
    promotionId,
    rule: terms.rule,
    discount,
    recovers: terms.recoverOption.type === 'RECOVER',
    heldAmount: discount,
  }
}

const refuseCard = ({ cardCompany }: PromotionTerms, actual: string | undefined): DiscountRefusal | undefined =>
  actual === cardCompany
    ? undefined
    : refuse(
        'PROMOTION_PAY_METHOD_DOES_NOT_MATCH',
        `The promotion is for cards of ${cardCompany}, this is ${actual === undefined ? 'no card' : `one of ${actual}`}. ` +
          'Pay with such a card, or leave promotionId out.',
      )

/** Gives a discount back whose payment was refused before it began. */
export const returnDiscount = async (
  { sql }: PaymentParts,
  { store, id: paymentId }: AggregateKey,
  transactionId: string,
  promotion: AttemptPromotion | undefined,
): Promise<void> => {
  if (!promotion) return
  const { promotionId } = promotion
  await hold(sql, { storeId: store.storeId, promotionId, transactionId, paymentId, amount: 0, asOf: 0 })
}

/**
 * Tells promotions' budgets what the payment's attempts hold since it changed, and journals that they know. After a
 * crash between the two, or before both, the payment is due and this runs again.
 *
 * An attempt that had failed can be paid after all when its discount has gone to others: the shopper keeps the discount, so that
 * the budget is overspent, and says so.
 */
export const settleDiscounts = async (parts: PaymentParts, key: AggregateKey, loaded: LoadedPayment): Promise<void> => {
  const { storeId } = key.store
  for (const attempt of loaded.state.attempts) {
    const { transactionId } = attempt
    const unsettled = unsettledHold(attempt)
    if (!unsettled) continue
    const isOwed = wasPaid(attempt)
    await hold(parts.sql, { storeId, transactionId, paymentId: key.id, ...unsettled, asOf: loaded.version, isOwed })
    await parts.process.apply(key, (payment) => {
      const now = payment.attempts.find((other) => other.transactionId === transactionId)
      const isNews = now !== undefined && unsettledHold(now)?.amount === unsettled.amount
      return isNews ? [{ type: 'PromotionSettled', transactionId, heldAmount: unsettled.amount }] : []
    })
  }
}
