import type { Store } from '../merchants/store.ts'
import type { DueSource } from '../workers/due.ts'
import { dueRows } from '../workers/due-rows.ts'
import { inquireDue, inquireNotified } from './inquire.ts'
import type { PaymentParts } from './module.ts'
import { findPaymentIdByTransaction } from './store.ts'

type FindStore = (storeId: string) => Promise<Store | undefined>

/** Payments that need attention: results to ask for, accounts to expire, charges to give back. */
export const paymentDue = (parts: PaymentParts, findStore: FindStore): DueSource =>
  dueRows(
    parts.sql,
    { name: 'payment', table: 'payments', idColumn: 'payment_id', concurrency: 20, findStore },
    (store, paymentId) => inquireDue(parts, { store, id: paymentId }),
  )

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
  await inquireNotified(parts, { store, id: paymentId }, transactionId)
  return true
}
