import type { AggregateKey } from '../aggregates/aggregate.ts'
import { perform } from '../gateways/call.ts'
import { channelOf } from '../merchants/store.ts'
import type { CashReceipt, CashReceipts } from './cash-receipt.ts'
import type { CashReceiptParts, Changed } from './parts.ts'
import { settleCancel } from './rules.ts'

/** Asks the PG for a cancellation whose intent is committed, and commits the outcome. */
export const cancelAtGateway = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  begun: Changed,
  receipt: CashReceipt,
  testCode?: string | undefined,
): Promise<CashReceipts> => {
  const { id, issued } = receipt
  const { clock, followsScripts, now: intendedAt } = begun
  const subject = { paymentId: key.id }
  const call = { reference: `${id}-cancel`, clock, followsScripts, intendedAt, subject, testCode }
  const target = issued ? { reference: id, pgTransactionId: issued.pgReceiptId } : { reference: id }
  const outcome = await perform(parts, key.store, channelOf(key.store, receipt), call, (gateway, context) =>
    gateway.cancelCashReceipt(context, target),
  )
  return (await parts.process.apply(key, (state, now) => settleCancel(state, id, outcome, now), begun)).state
}
