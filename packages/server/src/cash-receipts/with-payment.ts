import { intent } from '../doubt/inquiry.ts'
import { day, hour, type Instant, minute, second } from '../kernel/clock.ts'
import { cancellableBalance } from '../payments/state/amount.ts'
import type { PaymentEvent } from '../payments/state/event.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { tokenLifetime } from '../payments/state/window.ts'
import { isCashLike } from './cash-like.ts'
import {
  type CashReceipt,
  type CashReceiptEvent,
  type CashReceipts,
  isInForce,
  type ReceiptStart,
  receiptOf,
} from './cash-receipt.ts'

/** The payments module reports every payment and refund. Checking is the safety net for a crash in between. */
const safetyNet = hour

/** Stores that a receipt is to be issued once this attempt, or the one that this schedule begins, is paid. */
export const awaitPayment = (state: CashReceipts, receipt: ReceiptStart, now: Instant): readonly CashReceiptEvent[] =>
  state.receipts.some((other) => comesWith(other, receipt))
    ? []
    : [{ type: 'DepositAwaited', receipt, checkAt: now + safetyNet }]

/**
 * When to check the receipt after a change of the payment. Approvals and refunds are checked from their request on, so that
 * a crash right after the PG's answer cannot leave a receipt missing, or in force.
 */
export const checkAfter = (event: PaymentEvent, at: Instant): Instant | undefined => {
  switch (event.type) {
    case 'Approved':
    case 'DepositReceived':
    case 'VirtualAccountClosed':
    case 'CancellationSucceeded':
      return at
    case 'ConfirmationRequested':
    case 'SelfChargeReported':
    case 'CancellationRequested':
      return at + 15 * second
    default:
      return undefined
  }
}

type Begun = Partial<Pick<CashReceipt, 'transactionId' | 'scheduleId'>>

/** A scheduled payment's receipt refers to the schedule, since the attempt has no id before its time. */
const comesWith = (receipt: Begun, { transactionId, scheduleId }: Begun): boolean =>
  receipt.scheduleId === undefined
    ? transactionId !== undefined && receipt.transactionId === transactionId
    : receipt.scheduleId === scheduleId

/** Plans to check the receipts that come with this attempt. */
export const planCheck = (state: CashReceipts, attempt: Begun, checkAt: Instant): readonly CashReceiptEvent[] =>
  state.receipts
    .filter((receipt) => comesWith(receipt, attempt) && followsPayment(receipt.status))
    .filter((receipt) => receipt.checkAt === undefined || receipt.checkAt > checkAt)
    .map(({ id }) => ({ type: 'CheckPlanned', receiptId: id, checkAt }))

const followsPayment = (status: CashReceipts['receipts'][number]['status']): boolean =>
  status === 'WAITING' || status === 'ISSUING' || status === 'ISSUED'

/**
 * What the state of the attempt means for a receipt that waits for it: issue it, drop it, or check again. If another receipt
 * was issued by request meanwhile, that one stands: our choice, PortOne says nothing of a second receipt for one payment.
 * `scheduledFor` is when the attempt is to begin, if it has not begun.
 */
export const followPayment = (
  state: CashReceipts,
  receiptId: string,
  attempt: Attempt | undefined,
  now: Instant,
  scheduledFor?: Instant,
): readonly CashReceiptEvent[] => {
  const { status, checkAt } = receiptOf(state, receiptId)
  if (status !== 'WAITING' || checkAt === undefined || checkAt > now) return []
  if (scheduledFor !== undefined)
    return [{ type: 'CheckPlanned', receiptId, checkAt: Math.max(scheduledFor, now) + safetyNet }]
  switch (attempt?.phase) {
    case 'PAID':
    case 'PARTIAL_CANCELLED':
      return followPaid(state, receiptId, attempt, now)
    case undefined:
    case 'CANCELLED':
      return [{ type: 'Dropped', receiptId }]
    case 'FAILED': {
      // Some banks take a deposit after the deadline, and then the payment is paid after all.
      const giveUpAt = (attempt.failedAt ?? attempt.statusChangedAt) + day
      return now >= giveUpAt
        ? [{ type: 'Dropped', receiptId }]
        : [{ type: 'CheckPlanned', receiptId, checkAt: giveUpAt }]
    }
    case 'READY': {
      // Twice as long as it can be confirmed, in case somebody is confirming it right now.
      const giveUpAt = attempt.requestedAt + 2 * tokenLifetime
      return now >= giveUpAt
        ? [{ type: 'Dropped', receiptId }]
        : [{ type: 'CheckPlanned', receiptId, checkAt: giveUpAt }]
    }
    case 'APPROVING':
      return [{ type: 'CheckPlanned', receiptId, checkAt: now + minute }]
    case 'PAY_PENDING':
    case 'VIRTUAL_ACCOUNT_ISSUED':
    case 'REVERSING':
      return [{ type: 'CheckPlanned', receiptId, checkAt: now + safetyNet }]
  }
}

const followPaid = (
  state: CashReceipts,
  receiptId: string,
  attempt: Attempt,
  now: Instant,
): readonly CashReceiptEvent[] => {
  // A schedule chooses its channel when it is due. The key may stand for a card there, and the receipt must come from the
  // PG that has the money.
  if (state.receipts.some(isInForce) || !isCashLike(attempt.method)) return [{ type: 'Dropped', receiptId }]
  const { channel } = attempt
  const { total, taxFree, vat } = cancellableBalance(attempt)
  if (total === 0) return [{ type: 'CheckPlanned', receiptId, checkAt: now + safetyNet }]
  const amount = { total, taxFree, vat }
  return [{ type: 'AwaitedIssueRequested', receiptId, amount, channel, inquiry: intent(now) }]
}

/**
 * What the state of the attempt means for the receipt that was issued with it. PortOne leaves this to each PG. Our choice: a
 * full refund cancels the receipt, a partial one leaves it. A PG that refuses is asked again every day.
 */
export const followRefund = (
  state: CashReceipts,
  receiptId: string,
  attempt: Attempt | undefined,
  now: Instant,
): readonly CashReceiptEvent[] => {
  const { status, checkAt } = receiptOf(state, receiptId)
  if (checkAt === undefined || checkAt > now) return []
  // The PG has not answered yet. Its answer decides.
  if (status !== 'ISSUED') return [{ type: 'CheckPlanned', receiptId, checkAt: now + minute }]
  if (attempt?.phase === 'CANCELLED')
    return [
      { type: 'CancelRequested', receiptId, inquiry: intent(now) },
      { type: 'CheckPlanned', receiptId, checkAt: now + day },
    ]
  return attempt?.cancellations.some((cancellation) => cancellation.status === 'REQUESTED')
    ? [{ type: 'CheckPlanned', receiptId, checkAt: now + safetyNet }]
    : [{ type: 'CheckEnded', receiptId }]
}
