import { storeTime } from '../kernel/clock.ts'
import { createdBy } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { again, inRounds } from '../kernel/rounds.ts'
import type { Store } from '../merchants/store.ts'
import { isBudgetOverspent, spentOf } from './budget.ts'
import { editPromotion, type PromotionEdit } from './edit.ts'
import type { PromotionParts } from './parts.ts'
import { createPromotion, type Intervention, intervene, type PromotionTerms, promotionNotFound } from './promotion.ts'
import { findPromotionIds } from './store.ts'
import { promotionView } from './view.ts'

/** Creates a promotion. The same request gets the same id. */
export const create = async (parts: PromotionParts, store: Store, terms: PromotionTerms, requestKey?: string) => {
  const promotionId = `promotion-id-${createdBy(requestKey)}`
  const created = await parts.process.change({ store, id: promotionId }, (promotion, now) =>
    createPromotion(promotion, terms, now),
  )
  if (created instanceof Refusal) return created
  const promotion = await find(parts, store, promotionId)
  if (!promotion) throw new Error(`the promotion ${promotionId} is gone`)
  return promotion
}

/** The promotion, with how much of its budget is spent. */
export const read = async (parts: PromotionParts, store: Store, promotionId: string) =>
  (await find(parts, store, promotionId)) ?? promotionNotFound(promotionId)

const find = async ({ sql, process }: PromotionParts, store: Store, promotionId: string) => {
  const [{ state, clock }, spent] = await Promise.all([
    process.load({ store, id: promotionId }),
    spentOf(sql, store.storeId, promotionId),
  ])
  return promotionView(state, spent, storeTime(clock))
}

export const change = async (parts: PromotionParts, store: Store, promotionId: string, intervention: Intervention) => {
  const changed = await parts.process.change({ store, id: promotionId }, (promotion, now) =>
    intervene(promotion, intervention, now),
  )
  return changed instanceof Refusal ? changed : read(parts, store, promotionId)
}

/**
 * Changes a promotion's terms. If a payment takes budget between reading and writing, and the new budget does not cover it,
 * the database refuses and the edit is decided again.
 */
export const edit = (parts: PromotionParts, store: Store, promotionId: string, wanted: PromotionEdit) =>
  inRounds(`the edit of the promotion ${promotionId}`, async () => {
    const spent = await spentOf(parts.sql, store.storeId, promotionId)
    try {
      const edited = await parts.process.change({ store, id: promotionId }, (promotion, now) =>
        editPromotion(promotion, wanted, spent, now),
      )
      return edited instanceof Refusal ? edited : read(parts, store, promotionId)
    } catch (error) {
      if (!isBudgetOverspent(error)) throw error
      return again
    }
  })

/** All promotions of a store, newest first. */
export const list = async (parts: PromotionParts, store: Store) => {
  const ids = await findPromotionIds(parts.sql, store.storeId)
  const promotions = await Promise.all(ids.map((id) => find(parts, store, id)))
  return promotions.filter((promotion) => promotion !== undefined)
}
