import { array, dateTime, discriminated, enumeration, object, optional, type Static, string, tag } from '../schema.ts'
import { PaymentCancellation } from './cancellation.ts'
import { SelectedChannel } from './channel.ts'
import { Dispute } from './dispute.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './payment-cash-receipt.ts'
import { cancelledFields, paymentFields } from './payment-fields.ts'

export const PaymentOriginPlatformType = enumeration('PaymentOriginPlatformType', '', ['PC', 'MOBILE', 'API'])
export type PaymentOriginPlatformType = Static<typeof PaymentOriginPlatformType>

export const PaymentOrigin = object('PaymentOrigin', '', {
  platformType: PaymentOriginPlatformType,
  userAgent: optional(string()),
  url: optional(string()),
  ipAddress: string(),
})
export type PaymentOrigin = Static<typeof PaymentOrigin>

export const ReadyPayment = object('ReadyPayment', '', {
  status: tag('READY'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: optional(SelectedChannel),
  origin: PaymentOrigin,
})
export type ReadyPayment = Static<typeof ReadyPayment>

export const PayPendingPayment = object('PayPendingPayment', '', {
  status: tag('PAY_PENDING'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  origin: PaymentOrigin,
  pgTxId: optional(string()),
})
export type PayPendingPayment = Static<typeof PayPendingPayment>

export const VirtualAccountIssuedPayment = object('VirtualAccountIssuedPayment', '', {
  status: tag('VIRTUAL_ACCOUNT_ISSUED'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  origin: PaymentOrigin,
  pgTxId: optional(string()),
})
export type VirtualAccountIssuedPayment = Static<typeof VirtualAccountIssuedPayment>

export const PaidPayment = object('PaidPayment', '', {
  status: tag('PAID'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  origin: PaymentOrigin,
  paidAt: dateTime(),
  pgTxId: optional(string()),
  pgResponse: optional(string()),
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string()),
  disputes: array(Dispute),
  cancellations: optional(array(PaymentCancellation)),
})
export type PaidPayment = Static<typeof PaidPayment>

export const PaymentFailure = object('PaymentFailure', '', {
  reason: optional(string()),
  pgCode: optional(string()),
  pgMessage: optional(string()),
})
export type PaymentFailure = Static<typeof PaymentFailure>

export const FailedPayment = object('FailedPayment', '', {
  status: tag('FAILED'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: optional(SelectedChannel),
  origin: PaymentOrigin,
  failedAt: dateTime(),
  failure: PaymentFailure,
})
export type FailedPayment = Static<typeof FailedPayment>

export const PartialCancelledPayment = object('PartialCancelledPayment', '', {
  status: tag('PARTIAL_CANCELLED'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  origin: PaymentOrigin,
  ...cancelledFields,
})
export type PartialCancelledPayment = Static<typeof PartialCancelledPayment>

export const CancelledPayment = object('CancelledPayment', '', {
  status: tag('CANCELLED'),
  id: string(),
  transactionId: string(),
  ...paymentFields,
  channel: SelectedChannel,
  origin: PaymentOrigin,
  ...cancelledFields,
})
export type CancelledPayment = Static<typeof CancelledPayment>

export const Payment = discriminated('Payment', '', 'status', {
  READY: ReadyPayment,
  PAY_PENDING: PayPendingPayment,
  VIRTUAL_ACCOUNT_ISSUED: VirtualAccountIssuedPayment,
  PAID: PaidPayment,
  FAILED: FailedPayment,
  PARTIAL_CANCELLED: PartialCancelledPayment,
  CANCELLED: CancelledPayment,
})
export type Payment = Static<typeof Payment>
