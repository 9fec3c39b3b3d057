import { failureOf } from '../doubt/failure.ts'
import { askAgain, doubt, intent, provesNotExecuted } from '../doubt/inquiry.ts'
import type { GatewayCashReceipt, GatewayCashReceiptState } from '../gateways/port/cash-receipt.ts'
import type { Completion, Outcome } from '../gateways/port/terms.ts'
import type { Instant } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import {
  type CashReceipt,
  type CashReceiptEvent,
  type CashReceipts,
  isInForce,
  type ReceiptStart,
  receiptOf,
  representative,
} from './cash-receipt.ts'

/**
 * Commits to asking the PG for a receipt. After a failure or a cancellation a new one may be issued. Changes nothing if the
 * same request asked for one before; see `receiptBy`.
 */
export const requestIssue = (
  state: CashReceipts,
  receipt: ReceiptStart,
  now: Instant,
): readonly CashReceiptEvent[] | Refusal<'CASH_RECEIPT_ALREADY_ISSUED'> => {
  if (receiptBy(state, receipt.requestKey)) return []
  if (state.receipts.some(isInForce))
    return refuse(
      'CASH_RECEIPT_ALREADY_ISSUED',
      `The payment ${state.paymentId} already has a cash receipt in force. Cancel it before issuing another.`,
    )
  return [{ type: 'IssueRequested', receipt, inquiry: intent(now) }]
}

/** The receipt that the request with this key asked for. */
export const receiptBy = ({ receipts }: CashReceipts, requestKey: string | undefined): CashReceipt | undefined =>
  requestKey === undefined ? undefined : receipts.find((receipt) => receipt.requestKey === requestKey)

/** Applies the PG's answer to an issue. */
export const settleIssue = (
  state: CashReceipts,
  receiptId: string,
  outcome: Outcome<GatewayCashReceipt>,
  now: Instant,
): readonly CashReceiptEvent[] => {
  const { status, inquiry } = receiptOf(state, receiptId)
  if (status !== 'ISSUING') return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'Issued', receiptId, issued: outcome.value }]
    case 'failed':
      return [{ type: 'IssueFailed', receiptId, failure: failureOf(outcome.failure) }]
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', receiptId, inquiry: doubt(inquiry, now) }]
  }
}

/**
 * Applies the PG's answer to an inquiry about a receipt that is being issued. If it provably was not issued, a receipt that
 * was requested by itself fails, since the merchant can ask again; one that comes with a payment is retried (`retry`).
 */
export const settleIssueByInquiry = (
  state: CashReceipts,
  receiptId: string,
  outcome: Outcome<GatewayCashReceiptState>,
  mayActWithin: number,
  now: Instant,
): readonly CashReceiptEvent[] | 'retry' => {
  const { status, inquiry, isManual } = receiptOf(state, receiptId)
  if (status !== 'ISSUING' || !inquiry) return []
  const again: readonly CashReceiptEvent[] = [{ type: 'InquiryPlanned', receiptId, inquiry: askAgain(inquiry, now) }]
  if (outcome.kind !== 'succeeded') return again
  const known = outcome.value
  switch (known.state) {
    case 'NONE':
      if (!provesNotExecuted(inquiry, mayActWithin, now)) return again
      return isManual ? [{ type: 'IssueFailed', receiptId, failure: notIssued }] : 'retry'
    case 'ISSUED':
      return [{ type: 'Issued', receiptId, issued: known.receipt }]
    case 'CANCELLED':
      return [
        { type: 'Issued', receiptId, issued: known.receipt },
        { type: 'Cancelled', receiptId, cancelledAt: known.cancelledAt },
      ]
    case 'FAILED':
      return [{ type: 'IssueFailed', receiptId, failure: failureOf(known.failure) }]
  }
}

type CancelRefusal = Refusal<'CASH_RECEIPT_NOT_FOUND' | 'CASH_RECEIPT_NOT_ISSUED'>

/**
 * Commits to asking the PG to cancel the receipt in force. Changes nothing if the same request did so before; see
 * `cancelledBy`.
 */
export const requestCancel = (
  state: CashReceipts,
  requestKey: string | undefined,
  now: Instant,
): readonly CashReceiptEvent[] | CancelRefusal => {
  if (cancelledBy(state, requestKey)) return []
  const receipt = representative(state)
  if (!receipt) return notFound(state.paymentId)
  if (receipt.status !== 'ISSUED')
    return refuse(
      'CASH_RECEIPT_NOT_ISSUED',
      `The cash receipt of the payment ${state.paymentId} is ${receipt.status}, so it cannot be cancelled.`,
    )
  return [{ type: 'CancelRequested', receiptId: receipt.id, requestKey, inquiry: intent(now) }]
}

/** The receipt that the request with this key began to cancel. */
export const cancelledBy = ({ receipts }: CashReceipts, requestKey: string | undefined): CashReceipt | undefined =>
  requestKey === undefined ? undefined : receipts.find(({ cancelRequestKey }) => cancelRequestKey === requestKey)

export const notFound = (paymentId: string): Refusal<'CASH_RECEIPT_NOT_FOUND'> =>
  refuse('CASH_RECEIPT_NOT_FOUND', `No cash receipt was issued for the payment ${paymentId} in this store.`)

/** Applies the PG's answer to a cancellation. */
export const settleCancel = (
  state: CashReceipts,
  receiptId: string,
  outcome: Outcome<Completion>,
  now: Instant,
): readonly CashReceiptEvent[] => {
  const { status, inquiry } = receiptOf(state, receiptId)
  if (status !== 'CANCELLING') return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'Cancelled', receiptId, cancelledAt: outcome.value.at }]
    case 'failed':
      return [{ type: 'CancelRefused', receiptId, failure: failureOf(outcome.failure) }]
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', receiptId, inquiry: doubt(inquiry, now) }]
  }
}

/** Applies the PG's answer to an inquiry about a receipt that is being cancelled. Still issued means not cancelled. */
export const settleCancelByInquiry = (
  state: CashReceipts,
  receiptId: string,
  outcome: Outcome<GatewayCashReceiptState>,
  mayActWithin: number,
  now: Instant,
): readonly CashReceiptEvent[] => {
  const { status, inquiry } = receiptOf(state, receiptId)
  if (status !== 'CANCELLING' || !inquiry) return []
  if (outcome.kind === 'succeeded' && outcome.value.state === 'CANCELLED')
    return [{ type: 'Cancelled', receiptId, cancelledAt: outcome.value.cancelledAt }]
  const isStillIssued = outcome.kind === 'succeeded' && outcome.value.state === 'ISSUED'
  return isStillIssued && provesNotExecuted(inquiry, mayActWithin, now)
    ? [{ type: 'CancelRefused', receiptId, failure: notCancelled }]
    : [{ type: 'InquiryPlanned', receiptId, inquiry: askAgain(inquiry, now) }]
}

const notIssued = failureOf(naruFailure('NARU_NOT_EXECUTED'))

const notCancelled = failureOf(naruFailure('NARU_NOT_EXECUTED'))
