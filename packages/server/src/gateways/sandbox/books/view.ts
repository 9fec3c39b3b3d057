import type { Sql } from '../../../db/connect.ts'
import { type Cancellation, cancellationColumns } from './cancellations.ts'
import { transactionColumns } from './ledger.ts'
import { findUndelivered, type Undelivered } from './notifications.ts'
import type { Transaction } from './transaction.ts'

export type LedgerEntry = Transaction & {
  readonly cancellations: readonly Cancellation[]
  readonly notifications: readonly Undelivered[]
}

/** Reads the books for people and tests: payments newest first, each with its cancellations in their order. */
export const readLedger = async (
  sql: Sql,
  storeId: string,
  reference: string | undefined,
): Promise<readonly LedgerEntry[]> => {
  const payments = await sql<Transaction[]>`
    select ${transactionColumns(sql)} from sandbox_transactions
    where store_id = ${storeId} ${reference === undefined ? sql`` : sql`and reference = ${reference}`}
    order by created_at desc, reference desc limit 1000`
  const references = payments.map((payment) => payment.reference)
  const cancellations = await sql<Cancellation[]>`
    select ${cancellationColumns(sql)} from sandbox_cancellations
    where store_id = ${storeId} and transaction_reference = any(${references})
    order by created_at, reference`
  const refundsOf = Map.groupBy(cancellations, (cancellation) => cancellation.transactionReference)
  const newsOf = Map.groupBy(await findUndelivered(sql, storeId, references), ({ reference }) => reference)
  return payments.map((payment) => ({
    ...payment,
    cancellations: refundsOf.get(payment.reference) ?? [],
    notifications: newsOf.get(payment.reference) ?? [],
  }))
}
