import { minute } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import { hold } from '../promotions/budget.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { claimDueRows, nextDueRows } from '../workers/due-rows.ts'
import type { PaymentParts } from './module.ts'

/**
 * Looks once at every discount that was held, long after its payment must have begun: a server that crashed between the
 * two left budget that nobody uses. Where the payment did begin, it looks after its discount itself.
 */
export const promotionDue = (
  parts: PaymentParts,
  findStore: (storeId: string) => Promise<Store | undefined>,
): DueSource => ({
  name: 'promotion',
  concurrency: 5,
  claim: (limit) => claimDueRows(parts.sql, 'promotion_usages', 'transaction_id', { limit, lease: minute }),
  next: (storeId, until) => nextDueRows(parts.sql, 'promotion_usages', 'transaction_id', storeId, until),
  run: async (item) => {
    const store = await findStore(item.storeId)
    if (store) await look(parts, store, item)
  },
})

const look = async (parts: PaymentParts, store: Store, { storeId, id: transactionId }: DueItem): Promise<void> => {
  const { sql } = parts
  const [usage] = await sql<[{ promotionId: string; paymentId: string }?]>`
    select promotion_id as "promotionId", payment_id as "paymentId" from promotion_usages
    where store_id = ${storeId} and transaction_id = ${transactionId}`
  if (!usage) return
  const { state, version } = await parts.process.load({ store, id: usage.paymentId })
  const isBegun = state.attempts.some((attempt) => attempt.transactionId === transactionId)
  if (!isBegun) await hold(sql, { ...usage, storeId, transactionId, amount: 0, asOf: version })
  await sql`
    update promotion_usages set due_at = null, leased_until = null
    where store_id = ${storeId} and transaction_id = ${transactionId}`
}
