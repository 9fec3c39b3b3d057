import type { Sql } from '../db/connect.ts'
import { type Instant, minute } from '../kernel/clock.ts'
import type { Store } from '../merchants/store.ts'
import type { Payment, PaymentEvent } from '../payments/payment.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { claimDueRows, nextDueRows } from '../workers/due-rows.ts'
import { inquireDue } from './inquire.ts'
import type { CashReceiptParts, ReceiptKey } from './process.ts'
import { checkAfter, planCheck } from './with-payment.ts'

/** Longer than a PG call with all its time-outs, so that no second worker starts while the first still waits. */
const lease = 2 * minute

/** Receipts that need attention: answers to ask for, deposits and refunds to follow. */
export const cashReceiptDue = (
  parts: CashReceiptParts,
  findStore: (storeId: string) => Promise<Store | undefined>,
): DueSource => ({
  name: 'cash-receipt',
  concurrency: 10,
  claim: (limit) => claimDueRows(parts.sql, 'cash_receipts', 'payment_id', { limit, lease }),
  next: (storeId, until) => nextDueRows(parts.sql, 'cash_receipts', 'payment_id', storeId, until),
  run: async (item: DueItem) => {
    const store = await findStore(item.storeId)
    if (store) await inquireDue(parts, { store, id: item.id })
    await release(parts.sql, item)
  },
})

/** Running it moved `due_at`; where it changed nothing, the row must not stay leased. */
const release = async (sql: Sql, { storeId, id }: DueItem): Promise<void> => {
  await sql`
    update cash_receipts set leased_until = null
    where store_id = ${storeId} and payment_id = ${id} and leased_until is not null`
}

/** A payment changed: what comes with it is looked at, at once where the change calls for it. */
export const paymentChanged = async (
  parts: CashReceiptParts,
  key: ReceiptKey,
  payment: Payment,
  events: readonly PaymentEvent[],
  at: Instant,
): Promise<void> => {
  for (const event of events) {
    const checkAt = checkAfter(event, at)
    if (checkAt === undefined || !('transactionId' in event)) continue
    const attempt = payment.attempts.find(({ transactionId }) => transactionId === event.transactionId)
    // Only a virtual account's receipt comes with the payment; the others are spared a look into the receipts.
    if (attempt?.method?.type !== 'PaymentMethodVirtualAccount') continue
    await parts.process.apply(key, (state) => planCheck(state, event.transactionId, checkAt))
    parts.wake()
  }
}
