import { array, dateTime, discriminated, object, optional, type Static, string, tag } from '../schema.ts'
import { SelectedChannel } from './channel.ts'
import { PaymentFailure } from './payment.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './payment-cash-receipt.ts'
import { cancelledFields, paymentFields } from './payment-fields.ts'

export const ReadyPaymentTransaction = object('ReadyPaymentTransaction', '', {
  status: tag('READY'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: optional(SelectedChannel),
})
export type ReadyPaymentTransaction = Static<typeof ReadyPaymentTransaction>

export const PayPendingPaymentTransaction = object('PayPendingPaymentTransaction', '', {
  status: tag('PAY_PENDING'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  pgTxId: optional(string()),
})
export type PayPendingPaymentTransaction = Static<typeof PayPendingPaymentTransaction>

export const VirtualAccountIssuedPaymentTransaction = object('VirtualAccountIssuedPaymentTransaction', '', {
  status: tag('VIRTUAL_ACCOUNT_ISSUED'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  pgTxId: optional(string()),
})
export type VirtualAccountIssuedPaymentTransaction = Static<typeof VirtualAccountIssuedPaymentTransaction>

export const PaidPaymentTransaction = object('PaidPaymentTransaction', '', {
  status: tag('PAID'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  paidAt: dateTime(),
  pgTxId: optional(string()),
  pgResponse: optional(string()),
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string()),
})
export type PaidPaymentTransaction = Static<typeof PaidPaymentTransaction>

export const FailedPaymentTransaction = object('FailedPaymentTransaction', '', {
  status: tag('FAILED'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: optional(SelectedChannel),
  failedAt: dateTime(),
  failure: PaymentFailure,
})
export type FailedPaymentTransaction = Static<typeof FailedPaymentTransaction>

export const PartialCancelledPaymentTransaction = object('PartialCancelledPaymentTransaction', '', {
  status: tag('PARTIAL_CANCELLED'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  ...cancelledFields,
})
export type PartialCancelledPaymentTransaction = Static<typeof PartialCancelledPaymentTransaction>

export const CancelledPaymentTransaction = object('CancelledPaymentTransaction', '', {
  status: tag('CANCELLED'),
  id: string(),
  paymentId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  ...cancelledFields,
})
export type CancelledPaymentTransaction = Static<typeof CancelledPaymentTransaction>

export const PaymentTransaction = discriminated('PaymentTransaction', '', 'status', {
  READY: ReadyPaymentTransaction,
  PAY_PENDING: PayPendingPaymentTransaction,
  VIRTUAL_ACCOUNT_ISSUED: VirtualAccountIssuedPaymentTransaction,
  PAID: PaidPaymentTransaction,
  FAILED: FailedPaymentTransaction,
  PARTIAL_CANCELLED: PartialCancelledPaymentTransaction,
  CANCELLED: CancelledPaymentTransaction,
})
export type PaymentTransaction = Static<typeof PaymentTransaction>

export const GetPaymentTransactionsResponse = object('GetPaymentTransactionsResponse', '', {
  items: array(PaymentTransaction),
})
export type GetPaymentTransactionsResponse = Static<typeof GetPaymentTransactionsResponse>
