import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Amount } from '../kernel/money.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { cancelAtGateway } from './ask-gateway.ts'
import { type CashReceipt, type CashReceipts, receiptOf, representative } from './cash-receipt.ts'
import { awaitSettled } from './inquire.ts'
import type { CashReceiptParts } from './module.ts'
import { requestCancel } from './rules.ts'

type Command = { readonly requestKey?: string | undefined; readonly testCode?: string | undefined }

type CancelRefusal = Refusal<'CASH_RECEIPT_NOT_FOUND' | 'CASH_RECEIPT_NOT_ISSUED' | 'PG_PROVIDER'>

type CancelledReceipt = { readonly cancelledAmount: Amount; readonly cancelledAt: Instant }

/**
 * Cancels the receipt that is in force. Twice at once: the second waits for the first's result. A retry with the same
 * key, after a crash, answers as the first call did.
 */
export const cancelCashReceipt = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  { requestKey, testCode }: Command,
): Promise<CancelledReceipt | CancelRefusal> => {
  const isSettled = ({ receipts }: CashReceipts) => receipts.every(({ status }) => status !== 'CANCELLING')
  let loaded = await parts.process.load(key)
  if (!isSettled(loaded.state)) loaded = await awaitSettled(parts, key, isSettled)
  const own = loaded.state.receipts.find(({ cancelRequestKey }) => cancelRequestKey && cancelRequestKey === requestKey)
  if (own) return answer(own)
  const begun = await parts.process.change(key, (state, now) => requestCancel(state, requestKey, now), loaded)
  if (begun instanceof Refusal) {
    // Somebody else's cancellation began since we looked.
    const others = await parts.process.load(key)
    if (isSettled(others.state)) return begun
    return cancelCashReceipt(parts, key, { requestKey, testCode })
  }
  const receipt = representative(begun.state)
  if (!receipt) throw new Error(`payment ${key.id} has no cash receipt to cancel`)
  const settled = await cancelAtGateway(parts, key, begun, receipt, testCode)
  const isDecided = (state: CashReceipts) => receiptOf(state, receipt.id).status !== 'CANCELLING'
  const outcome = isDecided(settled) ? settled : (await awaitSettled(parts, key, isDecided)).state
  return answer(receiptOf(outcome, receipt.id))
}
const answer = ({ status, amount, cancelledAt, cancelFailure }: CashReceipt): CancelledReceipt | CancelRefusal => {
  if (cancelledAt !== undefined) return { cancelledAmount: amount.total, cancelledAt }
  return status === 'CANCELLING' ? resultUnknown() : refusedByGateway(failureFacts(cancelFailure))
}
