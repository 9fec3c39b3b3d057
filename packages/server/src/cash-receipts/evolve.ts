import type { Instant } from '../kernel/clock.ts'
import type { CashReceipt, CashReceiptEvent, CashReceipts, ReceiptStatus } from './cash-receipt.ts'

/** A payment id for which no receipt was ever requested. */
export const noReceipts = (merchantId: string, storeId: string, paymentId: string): CashReceipts => ({
  merchantId,
  storeId,
  paymentId,
  receipts: [],
})

/** Folds one event into the receipts. Total and pure: replaying a journal gives the snapshot, on any machine. */
export const evolve = (state: CashReceipts, event: CashReceiptEvent, at: Instant): CashReceipts => {
  switch (event.type) {
    case 'IssueRequested': {
      const receipt = { ...event.receipt, status: 'ISSUING', inquiry: event.inquiry, statusUpdatedAt: at } as const
      return { ...state, receipts: [...state.receipts, receipt] }
    }
    case 'DepositAwaited': {
      const receipt = { ...event.receipt, status: 'WAITING', checkAt: event.checkAt, statusUpdatedAt: at } as const
      return { ...state, receipts: [...state.receipts, receipt] }
    }
    default:
      return {
        ...state,
        receipts: state.receipts.map((receipt) =>
          receipt.id === event.receiptId ? evolveReceipt(receipt, event, at) : receipt,
        ),
      }
  }
}

type ReceiptEvent = Extract<CashReceiptEvent, { receiptId: string }>

const evolveReceipt = (receipt: CashReceipt, event: ReceiptEvent, at: Instant): CashReceipt => {
  switch (event.type) {
    case 'CheckPlanned':
      return { ...receipt, checkAt: event.checkAt }
    case 'CheckEnded':
      return unchecked(receipt)
    case 'Dropped':
      return moved(unchecked(receipt), 'DROPPED', at)
    case 'AwaitedIssueRequested':
      return moved(issuing(receipt, event), 'ISSUING', at)
    case 'Issued':
      return moved({ ...answered(receipt), issued: event.issued }, 'ISSUED', event.issued.issuedAt)
    case 'IssueFailed':
      return moved({ ...unchecked(answered(receipt)), failure: event.failure }, 'ISSUE_FAILED', at)
    case 'CancelRequested': {
      const { cancelFailure: _, ...rest } = unchecked(receipt)
      const { requestKey: cancelRequestKey, inquiry } = event
      // Until the PG has answered, the receipt is shown as issued, with the time of its issue.
      return { ...rest, status: 'CANCELLING', inquiry, cancelRequestKey }
    }
    case 'Cancelled':
      return moved({ ...unchecked(answered(receipt)), cancelledAt: event.cancelledAt }, 'CANCELLED', event.cancelledAt)
    case 'CancelRefused':
      return { ...answered(receipt), status: 'ISSUED', cancelFailure: event.failure }
    case 'InquiryPlanned':
      return { ...receipt, inquiry: event.inquiry }
  }
}

const issuing = (
  receipt: CashReceipt,
  { amount, channel = receipt.channel, inquiry }: Extract<ReceiptEvent, { type: 'AwaitedIssueRequested' }>,
): CashReceipt => ({ ...unchecked(receipt), amount, channel, inquiry })

const moved = (receipt: CashReceipt, status: ReceiptStatus, at: Instant): CashReceipt => ({
  ...receipt,
  status,
  statusUpdatedAt: at,
})

const unchecked = ({ checkAt: _, ...receipt }: CashReceipt): CashReceipt => receipt

const answered = ({ inquiry: _, ...receipt }: CashReceipt): CashReceipt => receipt
