import type { AggregateKey } from '../aggregates/aggregate.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PaymentEvent } from '../payments/state/event.ts'
import type { Payment } from '../payments/state/payment.ts'
import type { DueSource } from '../workers/due.ts'
import { dueRows, type FindStore } from '../workers/due-rows.ts'
import { isCashLike } from './cash-like.ts'
import { inquireDue } from './inquire.ts'
import type { CashReceiptParts } from './parts.ts'
import { checkAfter, planCheck } from './with-payment.ts'

/** Receipts with an inquiry that is due, or with a payment or refund to follow. */
export const cashReceiptDue = (parts: CashReceiptParts, findStore: FindStore): DueSource =>
  dueRows(
    parts.sql,
    { name: 'cash-receipt', table: 'cash_receipts', idColumn: 'payment_id', concurrency: 20, findStore },
    (store, id) => inquireDue(parts, { store, id }),
  )

/** Plans to check the receipt of a payment that changed; at once if the change calls for it. */
export const paymentChanged = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  payment: Payment,
  events: readonly PaymentEvent[],
  at: Instant,
): Promise<void> => {
  for (const event of events) {
    const checkAt = checkAfter(event, at)
    if (checkAt === undefined || !('transactionId' in event)) continue
    const attempt = payment.attempts.find(({ transactionId }) => transactionId === event.transactionId)
    // Only payments that count as cash have a receipt. For others the receipts are not even read.
    if (!attempt || !isCashLike(attempt.method)) continue
    await parts.process.apply(key, (state) => planCheck(state, attempt, checkAt))
    parts.wake()
  }
}
