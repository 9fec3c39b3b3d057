import { type AggregateProcess, createAggregate, type ProcessParts } from '../aggregates/aggregate.ts'
import type { Aggregate } from '../aggregates/journal.ts'
import type { Sql } from '../db/connect.ts'
import { storeTime } from '../kernel/clock.ts'
import { createdBy } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { again, inRounds } from '../kernel/rounds.ts'
import type { Store } from '../merchants/store.ts'
import { isBudgetOverspent, spentOf } from './budget.ts'
import { editPromotion, type PromotionEdit } from './edit.ts'
import {
  createPromotion,
  effectiveBudget,
  evolvePromotion,
  type Intervention,
  intervene,
  noPromotion,
  type Promotion,
  type PromotionEvent,
  type PromotionTerms,
  promotionNotFound,
} from './promotion.ts'
import { promotionView } from './view.ts'

export type PromotionParts = {
  readonly sql: Sql
  readonly process: AggregateProcess<Promotion, PromotionEvent>
}

const columns = ({ terms }: Promotion) => ({ effective_budget: terms ? effectiveBudget(terms) : 0 })

export const promotionAggregate: Aggregate<Promotion, PromotionEvent> = {
  stream: 'promotion',
  evolve: evolvePromotion,
  table: 'promotions',
  idColumn: 'promotion_id',
  columns,
  columnNames: ['effective_budget'],
}

export const promotionParts = (parts: ProcessParts): PromotionParts => ({
  sql: parts.sql,
  process: createAggregate(parts, {
    aggregate: promotionAggregate,
    empty: ({ storeId }, promotionId) => noPromotion(storeId, promotionId),
  }),
})

/** Creates a promotion under an id of its own; the same one for the same request. */
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

/** The promotion with what is spent of its budget. */
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
 * Changes a promotion's terms. Where a payment takes budget between our looking and our writing, so that a lower one
 * would not cover it any more, the database refuses and we look again.
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

/** More than a person reads through; they are made by hand. */
const longestList = 1_000

/** All promotions of a store, newest first. */
export const list = async (parts: PromotionParts, store: Store) => {
  const rows = await parts.sql<{ id: string }[]>`
    select promotion_id as id from promotions where store_id = ${store.storeId}
    order by created_at desc, promotion_id desc limit ${longestList}`
  const promotions = await Promise.all(rows.map(({ id }) => find(parts, store, id)))
  return promotions.filter((promotion) => promotion !== undefined)
}
