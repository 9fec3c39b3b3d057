import type { Promotion as PromotionView } from '@naru/contract'
import { type Instant, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import type { Amount } from '../kernel/money.ts'
import { type Promotion, promotionStatus } from './promotion.ts'

/** A promotion as the contract shows it; `undefined` if there is none. */
export const promotionView = (promotion: Promotion, spent: Amount, now: Instant): PromotionView | undefined => {
  const { storeId, promotionId, terms, createdAt, terminatedAt } = promotion
  if (!terms || createdAt === undefined) return undefined
  return {
    type: 'CARD',
    id: promotionId,
    storeId,
    name: terms.name,
    discountPolicy: terms.rule.policy,
    totalBudget: terms.totalBudget,
    spentAmount: spent,
    currency: terms.currency,
    startAt: toIso(terms.startAt),
    endAt: toIso(terms.endAt),
    cardCompany: terms.cardCompany,
    status: promotionStatus(promotion, terms, spent, now),
    createdAt: toIso(createdAt),
    recoverOption: terms.recoverOption,
    ...compact({
      maxDiscountAmount: terms.rule.maxDiscountAmount,
      terminatedAt: terminatedAt === undefined ? undefined : toIso(terminatedAt),
    }),
  }
}
