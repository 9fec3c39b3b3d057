import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Amount } from '../kernel/money.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { cancelAtGateway } from './ask-gateway.ts'
import { type CashReceipt, type CashReceipts, receiptOf, representative } from './cash-receipt.ts'
import { awaitSettled } from './inquire.ts'
import type { CashReceiptParts, Changed, LoadedReceipts } from './parts.ts'
import { cancelledBy, requestCancel } from './rules.ts'

type Command = { readonly requestKey?: string | undefined; readonly testCode?: string | undefined }

type CancelRefusal = Refusal<'CASH_RECEIPT_NOT_FOUND' | 'CASH_RECEIPT_NOT_ISSUED' | 'PG_PROVIDER'>

type CancelledReceipt = { readonly cancelledAmount: Amount; readonly cancelledAt: Instant }

/**
 * Cancels the receipt in force. Twice at once: the second waits for the first's result. A retry with the same key, after a
 * crash, returns the result of the first call.
 */
export const cancelCashReceipt = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  { requestKey, testCode }: Command,
): Promise<CancelledReceipt | CancelRefusal> => {
  for (;;) {
    const loaded = await atRest(parts, key)
    if (!isAtRest(loaded.state)) return resultUnknown()
    const begun = await parts.process.change(key, (state, now) => requestCancel(state, requestKey, now), loaded)
    if (!(begun instanceof Refusal)) return await carryOut(parts, key, begun, { requestKey, testCode })
    // Otherwise another cancellation has begun since we looked.
    if (isAtRest((await parts.process.load(key)).state)) return begun
  }
}

const isAtRest = ({ receipts }: CashReceipts) => receipts.every(({ status }) => status !== 'CANCELLING')

/** The receipts once no cancellation is under way, or as they are if that takes too long. */
const atRest = async (parts: CashReceiptParts, key: AggregateKey): Promise<LoadedReceipts> => {
  const loaded = await parts.process.load(key)
  return isAtRest(loaded.state) ? loaded : await awaitSettled(parts, key, isAtRest)
}

const carryOut = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  begun: Changed,
  { requestKey, testCode }: Command,
): Promise<CancelledReceipt | CancelRefusal> => {
  const own = cancelledBy(begun.state, requestKey)
  if (own && begun.events.length === 0) return answer(own)
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
