import type { AggregateKey } from '../aggregates/aggregate.ts'
import { minute } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { dueRowsSource, type FindStore } from '../workers/due-rows.ts'
import { hold } from './budget.ts'
import type { PromotionParts } from './parts.ts'
import { findUsage, finishUsage } from './store.ts'

/** Whether a payment has begun the transaction, and the payment's version. */
export type FindTransaction = (
  key: AggregateKey,
  transactionId: string,
) => Promise<{ readonly isBegun: boolean; readonly version: number }>

/**
 * Checks every held discount once, long after its payment must have begun: a server that crashed in between left budget
 * that nobody uses. A payment that has begun manages its discount itself.
 */
export const promotionDue = (
  { sql }: PromotionParts,
  findStore: FindStore,
  findTransaction: FindTransaction,
): DueSource => ({
  name: 'promotion',
  concurrency: 10,
  ...dueRowsSource(sql, () => ({ table: 'promotion_usages', idColumn: 'transaction_id' }), {
    kind: 'promotion_usages',
    lease: minute,
  }),
  run: async (item) => {
    const store = await findStore(item.storeId)
    return store !== undefined && (await look(sql, store, item, findTransaction))
  },
})

const look = async (
  sql: PromotionParts['sql'],
  store: Store,
  { storeId, id: transactionId }: DueItem,
  findTransaction: FindTransaction,
): Promise<boolean> => {
  const usage = await findUsage(sql, storeId, transactionId)
  if (!usage) return false
  const { isBegun, version } = await findTransaction({ store, id: usage.paymentId }, transactionId)
  if (!isBegun) await hold(sql, { ...usage, storeId, transactionId, amount: 0, asOf: version })
  await finishUsage(sql, storeId, transactionId)
  return true
}
