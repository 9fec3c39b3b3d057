import {
  amount,
  array,
  boolean,
  dateTime,
  discriminated,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../schema.ts'
import { PaymentCancellation } from './cancellation.ts'
import { ChannelGroupSummary, SelectedChannel } from './channel.ts'
import { Country } from './country.ts'
import { Currency } from './currency.ts'
import { Customer } from './customer.ts'
import { Dispute } from './dispute.ts'
import { PaymentEscrow } from './escrow.ts'
import { PaymentAmount } from './money.ts'
import { PaymentOrigin } from './payment.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './payment-cash-receipt.ts'
import { PaymentMethod } from './payment-method.ts'
import { PaymentProduct } from './product.ts'
import { PortOneVersion } from './version.ts'
import { PaymentWebhook } from './webhook.ts'

/** What every payment event says; a snapshot taken when the event happened. */
const eventFields = {
  id: string(),
  paymentId: string(),
  transactionId: string(),
  merchantId: string(),
  storeId: string(),
  method: optional(PaymentMethod),
  channel: SelectedChannel,
  channelGroup: optional(ChannelGroupSummary),
  version: PortOneVersion,
  scheduleId: optional(string()),
  webhooks: optional(array(PaymentWebhook)),
  requestedAt: dateTime(),
  createdAt: dateTime(),
  orderName: string(),
  totalAmount: PaymentAmount,
  currency: Currency,
  customer: Customer,
  isCulturalExpense: optional(boolean()),
  escrow: optional(PaymentEscrow),
  products: optional(array(PaymentProduct)),
  productCount: optional(integer()),
  customData: optional(string()),
  country: optional(Country),
  pgTxId: optional(string()),
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string()),
  promotionId: optional(string()),
  eventAmount: amount(),
  origin: PaymentOrigin,
}

export const PaidPaymentEvent = object('PaidPaymentEvent', '', {
  type: tag('PAID'),
  ...eventFields,
  pgResponse: optional(string()),
  disputes: array(Dispute),
})
export type PaidPaymentEvent = Static<typeof PaidPaymentEvent>

export const PartialCancelledPaymentEvent = object('PartialCancelledPaymentEvent', '', {
  type: tag('PARTIAL_CANCELLED'),
  ...eventFields,
  cancellation: optional(PaymentCancellation),
})
export type PartialCancelledPaymentEvent = Static<typeof PartialCancelledPaymentEvent>

export const CancelledPaymentEvent = object('CancelledPaymentEvent', '', {
  type: tag('CANCELLED'),
  ...eventFields,
  cancellation: optional(PaymentCancellation),
})
export type CancelledPaymentEvent = Static<typeof CancelledPaymentEvent>

export const PaymentEvent = discriminated('PaymentEvent', '', 'type', {
  PAID: PaidPaymentEvent,
  PARTIAL_CANCELLED: PartialCancelledPaymentEvent,
  CANCELLED: CancelledPaymentEvent,
})
export type PaymentEvent = Static<typeof PaymentEvent>

export const PaymentEventWithCursor = object('PaymentEventWithCursor', '', {
  paymentEvent: PaymentEvent,
  cursor: string(),
})
export type PaymentEventWithCursor = Static<typeof PaymentEventWithCursor>

export const GetAllPaymentEventsByCursorBody = object('GetAllPaymentEventsByCursorBody', '', {
  storeId: optional(string()),
  from: optional(dateTime()),
  until: optional(dateTime()),
  cursor: optional(string()),
  size: optional(integer()),
})
export type GetAllPaymentEventsByCursorBody = Static<typeof GetAllPaymentEventsByCursorBody>

export const GetAllPaymentEventsByCursorResponse = object('GetAllPaymentEventsByCursorResponse', '', {
  items: array(PaymentEventWithCursor),
})
export type GetAllPaymentEventsByCursorResponse = Static<typeof GetAllPaymentEventsByCursorResponse>
