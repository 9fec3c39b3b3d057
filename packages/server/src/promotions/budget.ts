import { perPool } from '../db/batch.ts'
import type { Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import { codeOf } from '../kernel/error-code.ts'
import type { Amount } from '../kernel/money.ts'
import { noteDue } from '../workers/due-work.ts'

export type Hold = {
  readonly storeId: string
  readonly promotionId: string
  readonly transactionId: string
  readonly paymentId: string
  /** The whole amount to hold, not the difference, so that repeating it changes nothing. 0 gives it back. */
  readonly amount: Amount
  /** The payment's version. A hold from an older version than the last one is ignored. */
  readonly asOf: number
  /** The shopper has the discount already: it is spent, also where the budget has less left. */
  readonly isOwed?: boolean | undefined
  /** When to check whether the transaction was ever begun. Absent: there is nothing to check. */
  readonly dueAt?: Instant | undefined
}

/**
 * Sets what a transaction holds of a promotion's budget. Returns false, and changes nothing, if the budget does not have
 * that much left or the promotion is gone. However many ask at once, the budget is never exceeded but by what is owed to it, and
 * nobody is refused while it suffices.
 *
 * Concurrent holds share a statement, since all holds of a promotion wait for the same row.
 */
export const hold = (sql: Sql, wanted: Hold): Promise<boolean> => holderOf(sql)(wanted.storeId, wanted)

const holderOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, holds: readonly Hold[]) => holdAll(sql, storeId, holds),
    { size: 64, parallel: 2 },
  ),
)

const holdAll = async (sql: Sql, storeId: string, holds: readonly Hold[]): Promise<readonly boolean[]> => {
  const wanted = holds.map((hold, place) => ({
    place,
    promotion_id: hold.promotionId,
    transaction_id: hold.transactionId,
    payment_id: hold.paymentId,
    amount: hold.amount,
    as_of: hold.asOf,
    is_owed: hold.isOwed ?? false,
    due_at: hold.dueAt === undefined ? null : toIso(hold.dueAt),
  }))
  const notes = holds.flatMap(({ dueAt: at }) => (at === undefined ? [] : [{ kind: 'promotion_usages', at }]))
  const granted = await sql<{ granted: boolean }[]>`
    with noted as (${noteDue(sql, storeId, notes)})
    select hold_budgets_of_store(${storeId}, ${sql.json(wanted)}) as granted`
  return granted.map((row) => row.granted)
}

/** How much of a promotion's budget is spent or held. */
export const spentOf = async (sql: Sql, storeId: string, promotionId: string): Promise<Amount> => {
  const [row] = await sql<[{ spent_amount: Amount }?]>`
    select spent_amount from promotions where store_id = ${storeId} and promotion_id = ${promotionId}`
  return row?.spent_amount ?? 0
}

/** Whether the database refused a budget that is smaller than what is spent of it: no other check of a promotion can fail. */
export const isBudgetOverspent = (error: unknown): boolean => codeOf(error) === '23514'
