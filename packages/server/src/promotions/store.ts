import type { Aggregate } from '../aggregates/kind.ts'
import type { Sql } from '../db/connect.ts'
import { effectiveBudget, evolvePromotion, type Promotion, type PromotionEvent } from './promotion.ts'

export const promotionAggregate: Aggregate<Promotion, PromotionEvent> = {
  stream: 'promotion',
  evolve: evolvePromotion,
  table: 'promotions',
  idColumn: 'promotion_id',
  columns: ({ terms }) => ({ effective_budget: terms ? effectiveBudget(terms) : 0 }),
  columnNames: ['effective_budget'],
}

/** More than a person reads. Promotions are made by hand. */
const longestList = 1_000

/** The promotions of a store, newest first. */
export const findPromotionIds = async (sql: Sql, storeId: string): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select promotion_id as id from promotions where store_id = ${storeId}
    order by created_at desc, promotion_id desc limit ${longestList}`
  return rows.map(({ id }) => id)
}

type Usage = { readonly promotionId: string; readonly paymentId: string }

/** The promotion and the payment that a transaction holds a discount for. */
export const findUsage = async (sql: Sql, storeId: string, transactionId: string): Promise<Usage | undefined> => {
  const [usage] = await sql<[Usage?]>`
    select promotion_id as "promotionId", payment_id as "paymentId" from promotion_usages
    where store_id = ${storeId} and transaction_id = ${transactionId}`
  return usage
}

/** The usage needs no more checks: the discount belongs to its payment, or was given back. */
export const finishUsage = async (sql: Sql, storeId: string, transactionId: string): Promise<void> => {
  await sql`
    update promotion_usages set due_at = null, leased_until = null
    where store_id = ${storeId} and transaction_id = ${transactionId}`
}
