import type { AggregateKey } from '../aggregates/aggregate.ts'
import { minute } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { dueRowsSource, type FindStore } from '../workers/due-rows.ts'
import { hold } from './budget.ts'
import type { PromotionParts } from './parts.ts'
import { findUsage, finishUsage } from './store.ts'

/**
 * Whether a payment has begun the transaction, and the payment's version. A window that the shopper has walked away from is
 * ended, and its discount given back.
 */
export type EndAbandoned = (
  key: AggregateKey,
  transactionId: string,
) => Promise<{ readonly isBegun: boolean; readonly version: number }>

/**
 * Checks every held discount once, long after its payment must have begun: a server that crashed in between left budget
 * that nobody uses, and so did a shopper who never came back to the window. Otherwise a payment that has begun manages its
 * discount itself.
 */
export const promotionDue = ({ sql }: PromotionParts, findStore: FindStore, endAbandoned: EndAbandoned): DueSource => ({
  name: 'promotion',
  concurrency: 10,
  ...dueRowsSource(sql, () => ({ table: 'promotion_usages', idColumn: 'transaction_id' }), {
    kind: 'promotion_usages',
    lease: minute,
  }),
  run: async (item) => {
    const store = await findStore(item.storeId)
    return store !== undefined && (await look(sql, store, item, endAbandoned))
  },
})

const look = async (
  sql: PromotionParts['sql'],
  store: Store,
  { storeId, id: transactionId }: DueItem,
  endAbandoned: EndAbandoned,
): Promise<boolean> => {
  const usage = await findUsage(sql, storeId, transactionId)
  if (!usage) return false
  const { isBegun, version } = await endAbandoned({ store, id: usage.paymentId }, transactionId)
  if (!isBegun) await hold(sql, { ...usage, storeId, transactionId, amount: 0, asOf: version })
  await finishUsage(sql, storeId, transactionId)
  return true
}
