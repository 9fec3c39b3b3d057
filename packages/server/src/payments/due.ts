import type { Sql } from '../db/connect.ts'
import { minute } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { claimDueRows, nextDueRows } from '../workers/due-rows.ts'
import { inquireDue, inquireNotified } from './inquire.ts'
import type { PaymentParts } from './process.ts'
import { findPaymentIdByTransaction } from './store.ts'

type FindStore = (storeId: string) => Promise<Store | undefined>

/** Longer than a PG call with all its time-outs, so that no second worker starts while the first still waits. */
const lease = 2 * minute

/** Payments that need attention: results to ask for, accounts to expire, charges to give back. */
export const paymentDue = (parts: PaymentParts, findStore: FindStore): DueSource => ({
  name: 'payment',
  concurrency: 20,
  claim: (limit) => claimDueRows(parts.sql, 'payments', 'payment_id', { limit, lease }),
  next: (storeId, until) => nextDueRows(parts.sql, 'payments', 'payment_id', storeId, until),
  run: async (item: DueItem) => {
    const store = await findStore(item.storeId)
    if (store) await inquireDue(parts, { store, paymentId: item.id })
    await release(parts.sql, item)
  },
})

/** The inquiry itself moved `due_at`; where it changed nothing, the row must not stay leased. */
const release = async (sql: Sql, { storeId, id }: DueItem): Promise<void> => {
  await sql`
    update payments set leased_until = null
    where store_id = ${storeId} and payment_id = ${id} and leased_until is not null`
}

/** A PG says that something happened to one of our transactions. Returns whether it is one of ours. */
export const paymentNotified = async (
  parts: PaymentParts,
  findStore: FindStore,
  storeId: string,
  transactionId: string,
): Promise<boolean> => {
  const store = await findStore(storeId)
  const paymentId = await findPaymentIdByTransaction(parts.sql, storeId, transactionId)
  if (!store || paymentId === undefined) return false
  await inquireNotified(parts, { store, paymentId }, transactionId)
  return true
}
