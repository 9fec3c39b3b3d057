import { type AggregateProcess, createAggregate, type ProcessParts } from '../aggregates/aggregate.ts'
import type { Sql } from '../db/connect.ts'
import { noPromotion, type Promotion, type PromotionEvent } from './promotion.ts'
import { promotionAggregate } from './store.ts'

/** What promotions are built from. */
export type PromotionParts = {
  readonly sql: Sql
  readonly process: AggregateProcess<Promotion, PromotionEvent>
}

export const promotionParts = (parts: ProcessParts): PromotionParts => ({
  sql: parts.sql,
  process: createAggregate(parts, {
    aggregate: promotionAggregate,
    empty: ({ storeId }, promotionId) => noPromotion(storeId, promotionId),
  }),
})
