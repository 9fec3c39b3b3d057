import type { AggregateKey } from '../aggregates/aggregate.ts'
import type { DueSource } from '../workers/due.ts'
import { dueRows, type FindStore } from '../workers/due-rows.ts'
import { inquireDue, inquireNotified } from './inquire.ts'
import type { PaymentParts } from './parts.ts'
import { findPaymentIdByTransaction, paymentTables } from './store.ts'

/** Payments that need attention: results to ask for, accounts to expire, charges to give back. */
export const paymentDue = (parts: PaymentParts, findStore: FindStore): readonly DueSource[] =>
  paymentTables.map((table) =>
    dueRows(
      parts.sql,
      { name: 'payment', table, idColumn: 'payment_id', concurrency: 40, findStore },
      (store, paymentId) => inquireDue(parts, { store, id: paymentId }),
    ),
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
  if (!store || paymentId === undefined) return true
  return await inquireNotified(parts, { store, id: paymentId }, transactionId)
}

/** Whether a payment has begun a transaction, and the payment's version. */
export const findTransaction = async (parts: PaymentParts, key: AggregateKey, transactionId: string) => {
  const { state, version } = await parts.process.load(key)
  return { isBegun: state.attempts.some((attempt) => attempt.transactionId === transactionId), version }
}
