import type { Day } from '../../kernel/days.ts'
import type { Amount } from '../../kernel/money.ts'

/** What a PG says of money that moved, one row of a file. Cancellations have positive amounts too. */
export type PgRow = {
  /** In the file; the heading is line 1. */
  readonly line: number
  readonly type: 'APPROVAL' | 'CANCELLATION'
  readonly pgTransactionId: string
  /** The cancellation's own id; of an approval the transaction's. */
  readonly pgMovementId: string
  readonly currency: string
  readonly amount: Amount
  readonly transactionDate: Day
  /** What only files of settlements say. The fee of a cancellation is negative: it comes back. */
  readonly settlement?: { readonly date: Day; readonly fee: number; readonly feeVat: number } | undefined
}

/** TRANSACTION: what was approved and cancelled. SETTLEMENT: what is paid out for it, when, and less which fee. */
export type FileKind = 'TRANSACTION' | 'SETTLEMENT'
