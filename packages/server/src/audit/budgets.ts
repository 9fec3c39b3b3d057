import type { Sql } from '../db/connect.ts'
import { paymentsThat } from '../payments/stored.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'

const findWrongSums = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<{ storeId: string; promotionId: string; spent: number; held: number }[]>`
    select p.store_id as "storeId", p.promotion_id as "promotionId", p.spent_amount as spent, held.total as held
    from promotions p cross join lateral (
      select coalesce(sum(u.held_amount), 0)::bigint as total from promotion_usages u
      where u.store_id = p.store_id and u.promotion_id = p.promotion_id
    ) held
    where p.spent_amount <> held.total order by p.store_id, p.promotion_id`
  return rows.map(({ storeId, promotionId, spent, held }) => ({
    storeId,
    paymentId: null,
    rule: 'budget-adds-up',
    what: `${promotionId} has spent ${spent}, its transactions hold ${held}.`,
  }))
}

/** Held for an attempt that never began, and nobody will look any more. */
const findForgottenHolds = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<{ storeId: string; promotionId: string; transactionId: string; amount: number }[]>`
    select u.store_id as "storeId", u.promotion_id as "promotionId", u.transaction_id as "transactionId",
           u.held_amount as amount
    from promotion_usages u
    where u.held_amount > 0 and u.due_at is null and not exists (
      select from ${paymentsThat(sql, sql`p.store_id = u.store_id and p.payment_id = u.payment_id`)} p
      where p.search @> array['TX_ID=' || u.transaction_id]
    )
    order by u.store_id, u.transaction_id`
  return rows.map(({ storeId, promotionId, transactionId, amount }) => ({
    storeId,
    paymentId: null,
    rule: 'discount-is-held',
    what: `${promotionId} holds ${amount} for ${transactionId}, which no payment knows.`,
  }))
}

/** What is spent of budgets against what they hold, and what they hold against the payments that there are. */
export const budgetFinders: readonly Finder[] = [
  { of: 'The sums of budgets', find: findWrongSums },
  { of: 'What budgets hold', find: findForgottenHolds },
]
