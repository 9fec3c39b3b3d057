import type { CashReceiptType, Currency, PaymentFailure, SelectedChannel } from '@naru/contract'
import type { Inquiry } from '../doubt/inquiry.ts'
import type { GatewayCashReceipt } from '../gateways/port/cash-receipt.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Amount } from '../kernel/money.ts'
import type { Attempt, Payment } from '../payments/state/payment.ts'

/** All cash receipts of one payment id, oldest first. At most one is in force or about to be. */
export type CashReceipts = {
  readonly merchantId: string
  readonly storeId: string
  readonly paymentId: string
  readonly receipts: readonly CashReceipt[]
}

/**
 * `WAITING` for its payment; `ISSUING` and `CANCELLING` between our commit and the PG's answer; `DROPPED` was never
 * requested from the PG, because it was not paid for or another receipt was issued.
 */
export type ReceiptStatus = 'WAITING' | 'DROPPED' | 'ISSUING' | 'ISSUED' | 'ISSUE_FAILED' | 'CANCELLING' | 'CANCELLED'

export type CashReceipt = {
  /** Our reference at the PG. */
  readonly id: string
  readonly status: ReceiptStatus
  readonly statusUpdatedAt: Instant
  /** Requested by itself, not with a payment. */
  readonly isManual: boolean
  readonly channel: SelectedChannel
  readonly type: CashReceiptType
  readonly orderName: string
  readonly currency: Currency
  readonly amount: ReceiptAmount
  /** The attempt that it comes with. */
  readonly transactionId?: string | undefined
  /** The schedule whose attempt it comes with. */
  readonly scheduleId?: string | undefined
  /** Digest of the Idempotency-Key of the request. */
  readonly requestKey?: string | undefined
  /** Set while the PG's answer is outstanding. */
  readonly inquiry?: Inquiry | undefined
  /** When to check the payment that it comes with. */
  readonly checkAt?: Instant | undefined
  readonly issued?: GatewayCashReceipt | undefined
  readonly failure?: PaymentFailure | undefined
  readonly cancelledAt?: Instant | undefined
  readonly cancelRequestKey?: string | undefined
  /** Why the latest cancellation was refused. */
  readonly cancelFailure?: PaymentFailure | undefined
}

/** In the minor unit of the currency. */
export type ReceiptAmount = { readonly total: Amount; readonly taxFree: Amount; readonly vat: Amount }

/** What is known of a receipt from the start. The recipient is never part of it. */
export type ReceiptStart = Pick<
  CashReceipt,
  | 'id'
  | 'isManual'
  | 'channel'
  | 'type'
  | 'orderName'
  | 'currency'
  | 'amount'
  | 'transactionId'
  | 'scheduleId'
  | 'requestKey'
>

export type CashReceiptEvent =
  | { readonly type: 'IssueRequested'; readonly receipt: ReceiptStart; readonly inquiry: Inquiry }
  /** Waits for its payment. The name is from the first case there was: a deposit into a virtual account. */
  | { readonly type: 'DepositAwaited'; readonly receipt: ReceiptStart; readonly checkAt: Instant }
  | { readonly type: 'CheckPlanned'; readonly receiptId: string; readonly checkAt: Instant }
  | { readonly type: 'CheckEnded'; readonly receiptId: string }
  | { readonly type: 'Dropped'; readonly receiptId: string }
  | {
      readonly type: 'AwaitedIssueRequested'
      readonly receiptId: string
      readonly amount: ReceiptAmount
      /** The channel that was paid through. Absent in events from before it could differ from the expected one. */
      readonly channel?: SelectedChannel | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'Issued'; readonly receiptId: string; readonly issued: GatewayCashReceipt }
  | { readonly type: 'IssueFailed'; readonly receiptId: string; readonly failure: PaymentFailure }
  | {
      readonly type: 'CancelRequested'
      readonly receiptId: string
      readonly requestKey?: string | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'Cancelled'; readonly receiptId: string; readonly cancelledAt: Instant }
  | { readonly type: 'CancelRefused'; readonly receiptId: string; readonly failure: PaymentFailure }
  /** The PG gave no final answer; ask again at `inquiry.nextAt`. */
  | { readonly type: 'InquiryPlanned'; readonly receiptId: string; readonly inquiry: Inquiry }

/** The attempt that the receipt comes with; `undefined` if it has not begun, or the receipt was requested by itself. */
export const attemptWith = ({ attempts }: Payment, { transactionId, scheduleId }: CashReceipt): Attempt | undefined =>
  attempts.find((attempt) =>
    scheduleId === undefined ? attempt.transactionId === transactionId : attempt.scheduleId === scheduleId,
  )

export const isInForce = ({ status }: CashReceipt): boolean =>
  status === 'ISSUING' || status === 'ISSUED' || status === 'CANCELLING'

/** Whether the API shows it: from the PG's first answer on. */
const isVisible = ({ status }: CashReceipt): boolean =>
  status === 'ISSUED' || status === 'CANCELLING' || status === 'CANCELLED' || status === 'ISSUE_FAILED'

/** The receipt that represents the payment id: the one in force, or the one that changed last. */
export const representative = ({ receipts }: CashReceipts): CashReceipt | undefined => {
  const visible = receipts.filter(isVisible)
  const latest = visible.toSorted((a, b) => a.statusUpdatedAt - b.statusUpdatedAt).at(-1)
  return visible.find(isInForce) ?? latest
}

export const receiptOf = ({ receipts, paymentId }: CashReceipts, receiptId: string): CashReceipt => {
  const receipt = receipts.find(({ id }) => id === receiptId)
  if (!receipt) throw new Error(`payment ${paymentId} has no cash receipt ${receiptId}`)
  return receipt
}

/** When these receipts are next due; `undefined` if nothing is outstanding. */
export const nextDueAt = ({ receipts }: CashReceipts): Instant | undefined => {
  const planned = receipts.flatMap(({ inquiry, checkAt }) => [inquiry?.nextAt, checkAt])
  const instants = planned.filter((instant) => instant !== undefined)
  return instants.length === 0 ? undefined : Math.min(...instants)
}
