import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import type { GatewayCashReceipt } from '../gateways/port/cash-receipt.ts'
import { realTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { answerBy } from '../kernel/work.ts'
import { selectedChannel } from '../merchants/store.ts'
import { type CashReceipts, receiptOf } from './cash-receipt.ts'
import type { IssueCommand } from './input.ts'
import { awaitSettled } from './inquire.ts'
import type { CashReceiptParts, Changed, LoadedReceipts } from './parts.ts'
import { receiptBy, requestIssue, settleIssue } from './rules.ts'

type IssueRefusal = Refusal<'CASH_RECEIPT_ALREADY_ISSUED' | 'PG_PROVIDER'>

/**
 * Issues a receipt: commits the intent, calls the PG, commits the outcome.
 *
 * - Twice at once: the second waits for the first's result, then issues anew if that failed.
 * - The same Idempotency-Key again, after a crash: returns the outcome of the receipt that it requested.
 * - A crash after the intent: the due loop asks the PG and settles the receipt.
 */
export const issueCashReceipt = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  command: IssueCommand,
): Promise<GatewayCashReceipt | IssueRefusal> => {
  let loaded = await parts.process.load(key)
  for (;;) {
    if (isIssuing(loaded.state)) loaded = await awaitSettled(parts, key, (state) => !isIssuing(state))
    const id = timeOrderedId()
    const receipt = startOf(id, command)
    const begun = await parts.process.change(key, (state, now) => requestIssue(state, receipt, now), loaded)
    if (!(begun instanceof Refusal)) {
      const own = receiptBy(begun.state, command.requestKey)
      return own && begun.events.length === 0
        ? outcomeOf(parts, key, begun, own.id)
        : callGateway(parts, key, begun, id, command)
    }
    loaded = await parts.process.load(key)
    const lostRace = isIssuing(loaded.state) && realTime() < answerBy()
    if (!lostRace) return begun
  }
}

const isIssuing = ({ receipts }: CashReceipts) => receipts.some(({ status }) => status === 'ISSUING')

const startOf = (id: string, { channel, request, requestKey }: IssueCommand) => {
  const { type, orderName, currency, amount: total, taxFree, vat } = request
  const amount = { total, taxFree, vat }
  return { id, isManual: true, channel: selectedChannel(channel), type, orderName, currency, amount, requestKey }
}

const callGateway = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  begun: Changed,
  id: string,
  { channel, request, testCode }: IssueCommand,
) => {
  const { clock, followsScripts, now: begunAt } = begun
  const call = { reference: id, clock, followsScripts, intendedAt: begunAt, subject: { paymentId: key.id }, testCode }
  const outcome = await perform(parts, key.store, channel, call, (gateway, context) =>
    gateway.issueCashReceipt(context, { ...request, paidAt: request.paidAt ?? begunAt }),
  )
  const settled = await parts.process.apply(key, (state, now) => settleIssue(state, id, outcome, now), begun)
  return outcomeOf(parts, key, settled, id)
}

const outcomeOf = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  loaded: LoadedReceipts,
  id: string,
): Promise<GatewayCashReceipt | IssueRefusal> => {
  const isDecided = (state: CashReceipts) => receiptOf(state, id).status !== 'ISSUING'
  const { state } = isDecided(loaded.state) ? loaded : await awaitSettled(parts, key, isDecided)
  const { status, issued, failure } = receiptOf(state, id)
  if (issued) return issued
  return status === 'ISSUING' ? resultUnknown() : refusedByGateway(failureFacts(failure))
}
