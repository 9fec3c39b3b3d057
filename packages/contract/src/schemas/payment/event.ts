import {
  amount,
  array,
  boolean,
  dateTime,
  described,
  discriminated,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { ChannelGroupSummary, SelectedChannel } from '../common/channel.ts'
import { Country } from '../common/country.ts'
import { Currency } from '../common/currency.ts'
import { Customer } from '../common/customer.ts'
import { usualFrom, usualUntil } from '../common/list.ts'
import { PaymentAmount } from '../common/money.ts'
import { PaymentProduct } from '../common/product.ts'
import { PortOneVersion } from '../common/version.ts'
import { PaymentWebhook } from '../common/webhook.ts'
import { PaymentCancellation } from './cancellation.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './cash-receipt.ts'
import { Dispute } from './dispute.ts'
import { PaymentEscrow } from './escrow.ts'
import { PaymentMethod } from './method.ts'
import { PaymentOrigin } from './payment.ts'

/** What every payment event says; a snapshot taken when the event happened. */
const eventFields = {
  id: string("The event's id."),
  paymentId: string('The id the merchant chose for the payment.'),
  transactionId: string('The attempt that was paid.'),
  merchantId: string('The merchant of the payment.'),
  storeId: string('The store of the payment.'),
  method: optional(PaymentMethod),
  channel: SelectedChannel,
  channelGroup: optional(ChannelGroupSummary),
  version: PortOneVersion,
  scheduleId: optional(string('The payment schedule that made the payment. Only on scheduled payments.')),
  webhooks: optional(array(PaymentWebhook, 'The webhooks sent about the payment. Absent when none were.')),
  requestedAt: dateTime('When the payment was requested.'),
  createdAt: dateTime('When the event happened.'),
  orderName: string('What the buyer sees as the name of the order.'),
  totalAmount: described(PaymentAmount, "All the payment's amounts as of this event."),
  currency: Currency,
  customer: Customer,
  isCulturalExpense: optional(
    boolean('Whether the purchase counts as a cultural expense in Korean income tax. Defaults to false.'),
  ),
  escrow: optional(PaymentEscrow),
  products: optional(array(PaymentProduct, 'What is bought.')),
  productCount: optional(integer('How many products are bought in all.')),
  customData: optional(string('Any text of the merchant, kept with the payment and returned as it was.')),
  country: optional(Country),
  pgTxId: optional(string("The payment gateway's own id of the transaction.")),
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string('Where the payment gateway shows the sales slip.')),
  promotionId: optional(string('The promotion that was applied.')),
  eventAmount: amount(
    'How much money moved, in the minor unit of the currency; negative when it went back to the buyer.',
  ),
  origin: PaymentOrigin,
}

export const PaidPaymentEvent = object('PaidPaymentEvent', 'A payment was approved.', {
  type: tag('PAID'),
  ...eventFields,
  pgResponse: optional(string("The payment gateway's answer to the approval, unmodified.")),
  disputes: array(Dispute, 'Disputes raised against the payment, possibly none.'),
})
export type PaidPaymentEvent = Static<typeof PaidPaymentEvent>

export const PartialCancelledPaymentEvent = object('PartialCancelledPaymentEvent', 'Part of a payment was cancelled.', {
  type: tag('PARTIAL_CANCELLED'),
  ...eventFields,
  cancellation: optional(PaymentCancellation),
})
export type PartialCancelledPaymentEvent = Static<typeof PartialCancelledPaymentEvent>

export const CancelledPaymentEvent = object('CancelledPaymentEvent', 'The last of a payment was cancelled.', {
  type: tag('CANCELLED'),
  ...eventFields,
  cancellation: optional(PaymentCancellation),
})
export type CancelledPaymentEvent = Static<typeof CancelledPaymentEvent>

export const PaymentEvent = discriminated('PaymentEvent', 'Money moved.', 'type', {
  PAID: PaidPaymentEvent,
  PARTIAL_CANCELLED: PartialCancelledPaymentEvent,
  CANCELLED: CancelledPaymentEvent,
})
export type PaymentEvent = Static<typeof PaymentEvent>

export const PaymentEventWithCursor = object('PaymentEventWithCursor', 'A payment event and where to go on after it.', {
  paymentEvent: PaymentEvent,
  cursor: string('Pass it to go on after this item.'),
})
export type PaymentEventWithCursor = Static<typeof PaymentEventWithCursor>

export const GetAllPaymentEventsByCursorBody = object(
  'GetAllPaymentEventsByCursorBody',
  'Which payment events to return.',
  {
    storeId: optional(string('Only this store. Defaults to all stores the credential reaches.')),
    from: optional(dateTime(`The earliest instant, inclusive. ${usualFrom}`)),
    until: optional(dateTime(`The latest instant, inclusive. ${usualUntil}`)),
    cursor: optional(string('Where to go on: the cursor of the last item received. Leave out to begin.')),
    size: optional(integer('How many items to return at most. Defaults to 10, at most 1000.')),
  },
)
export type GetAllPaymentEventsByCursorBody = Static<typeof GetAllPaymentEventsByCursorBody>

export const GetAllPaymentEventsByCursorResponse = object(
  'GetAllPaymentEventsByCursorResponse',
  'The next payment events.',
  {
    items: array(PaymentEventWithCursor, 'The items found, possibly none.'),
  },
)
export type GetAllPaymentEventsByCursorResponse = Static<typeof GetAllPaymentEventsByCursorResponse>
