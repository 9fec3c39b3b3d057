import type { AggregateKey } from '../aggregates/aggregate.ts'
import { ask } from '../gateways/call.ts'
import { type Instant, realTime, second, storeTime } from '../kernel/clock.ts'
import { answerBy } from '../kernel/work.ts'
import { channelOf } from '../merchants/store.ts'
import { scheduleStatus, schedulesOf } from '../payments/state/schedule.ts'
import { cancelAtGateway } from './ask-gateway.ts'
import { attemptWith, type CashReceipt, type CashReceipts, receiptOf } from './cash-receipt.ts'
import { issueAwaited } from './issue-awaited.ts'
import type { CashReceiptParts, LoadedReceipts } from './parts.ts'
import { settleCancelByInquiry, settleIssueByInquiry } from './rules.ts'
import { forgetIdentity } from './store.ts'
import { followPayment, followRefund } from './with-payment.ts'

/**
 * Does everything that is due for these receipts: asks the PG about lost answers and about intents that a crash left
 * behind, and checks the payments that receipts come with. Safe to run twice at once.
 */
export const inquireDue = async (parts: CashReceiptParts, key: AggregateKey): Promise<void> => {
  const loaded = await parts.process.load(key)
  const now = storeTime(loaded.clock)
  const isDue = (instant: Instant | undefined) => instant !== undefined && instant <= now
  for (const receipt of loaded.state.receipts) {
    if (isDue(receipt.inquiry?.nextAt)) await inquire(parts, key, loaded, receipt)
    if (isDue(receipt.checkAt)) await follow(parts, key, loaded, receipt)
  }
}

const inquire = async (parts: CashReceiptParts, key: AggregateKey, loaded: LoadedReceipts, receipt: CashReceipt) => {
  const { id } = receipt
  const channel = channelOf(key.store, receipt)
  const call = { reference: id, clock: loaded.clock }
  const outcome = await ask(parts, key.store, channel, call, (gateway, context) =>
    gateway.inquireCashReceipt(context, { reference: id }),
  )
  const { mayActWithin } = parts.gatewayOf(channel)
  if (receipt.status === 'CANCELLING') {
    await parts.process.apply(key, (state, now) => settleCancelByInquiry(state, id, outcome, mayActWithin, now))
    return
  }
  const isAnswered = outcome.kind === 'succeeded' && outcome.value.state !== 'NONE'
  if (isAnswered && !receipt.isManual) await forgetIdentity(parts.sql, key.store.storeId, id)
  let retry = false
  const settled = await parts.process.apply(key, (state, now) => {
    const events = settleIssueByInquiry(state, id, outcome, mayActWithin, now)
    retry = events === 'retry'
    return events === 'retry' ? [] : events
  })
  if (retry) await issueAwaited(parts, key, settled, receiptOf(settled.state, id))
}

/** Checks the payment and lets its receipt follow. */
const follow = async (parts: CashReceiptParts, key: AggregateKey, loaded: LoadedReceipts, receipt: CashReceipt) => {
  const { id, status, scheduleId } = receipt
  const { state: payment } = await parts.payments().process.load(key)
  const attempt = attemptWith(payment, receipt)
  const schedule = schedulesOf(payment).find((candidate) => candidate.id === scheduleId)
  const isPlanned = schedule !== undefined && scheduleStatus(payment, schedule) === 'SCHEDULED'
  const scheduledFor = isPlanned ? schedule.timeToPay : undefined
  // The instant at which the receipts were read. With a later one, the change could drop the receipt although its
  // recipient was not forgotten here.
  const now = storeTime(loaded.clock)
  const decide = (state: CashReceipts) =>
    status === 'WAITING' ? followPayment(state, id, attempt, now, scheduledFor) : followRefund(state, id, attempt, now)
  const isDropped = decide(loaded.state).some(({ type }) => type === 'Dropped')
  if (isDropped) await forgetIdentity(parts.sql, key.store.storeId, id)
  const followed = await parts.process.apply(key, decide)
  const after = receiptOf(followed.state, id)
  for (const { type } of followed.events) {
    if (type === 'AwaitedIssueRequested') await issueAwaited(parts, key, followed, after)
    if (type === 'CancelRequested') await cancelAtGateway(parts, key, followed, after)
  }
}

/** Waits until `isSettled`, asking the PG whenever an inquiry is due; see `AggregateProcess.until`. */
export const awaitSettled = (
  parts: CashReceiptParts,
  key: AggregateKey,
  isSettled: (state: CashReceipts) => boolean,
  until?: Instant,
): Promise<LoadedReceipts> => parts.process.until(key, isSettled, () => inquireDue(parts, key), until)

/** How long a payment's caller waits for a receipt in doubt. The payment is made; its receipt may come later. */
const receiptPatience = 5 * second

/** Waits until the receipt of an attempt is issued, so that a caller who is told of the payment finds it. */
export const awaitReceiptOf = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  transactionId: string,
): Promise<void> => {
  const isAtRest = ({ receipts }: CashReceipts) =>
    receipts.every(
      (receipt) =>
        receipt.transactionId !== transactionId || (receipt.status !== 'WAITING' && receipt.status !== 'ISSUING'),
    )
  await awaitSettled(parts, key, isAtRest, Math.min(answerBy(), realTime() + receiptPatience))
}
