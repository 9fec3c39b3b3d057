import { array, boolean, dateTime, integer, optional, string } from '../../schema.ts'
import { ChannelGroupSummary, SelectedChannel } from '../common/channel.ts'
import { Country } from '../common/country.ts'
import { Currency } from '../common/currency.ts'
import { Customer } from '../common/customer.ts'
import { PaymentAmount } from '../common/money.ts'
import { PaymentProduct } from '../common/product.ts'
import { PortOneVersion } from '../common/version.ts'
import { PaymentWebhook } from '../common/webhook.ts'
import { PaymentCancellation } from './cancellation.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './cash-receipt.ts'
import { PaymentEscrow } from './escrow.ts'
import { PaymentMethod } from './method.ts'

/** What every payment and every attempt to pay says, whatever its status. */
export const paymentFields = {
  merchantId: string('The merchant of the payment.'),
  storeId: string('The store of the payment.'),
  method: optional(PaymentMethod),
  channelGroup: optional(ChannelGroupSummary),
  version: PortOneVersion,
  scheduleId: optional(string('The payment schedule that made the payment. Only on scheduled payments.')),
  billingKey: optional(string('The billing key that was charged. Only on billing-key payments.')),
  webhooks: optional(array(PaymentWebhook, 'The webhooks sent about the payment. Absent when none were.')),
  requestedAt: dateTime('When this attempt was requested.'),
  updatedAt: dateTime('When anything last changed.'),
  statusChangedAt: dateTime('When the status last changed.'),
  orderName: string('What the buyer sees as the name of the order.'),
  amount: PaymentAmount,
  currency: Currency,
  customer: Customer,
  promotionId: optional(string('The promotion that was applied.')),
  isCulturalExpense: optional(
    boolean('Whether the purchase counts as a cultural expense in Korean income tax. Defaults to false.'),
  ),
  escrow: optional(PaymentEscrow),
  products: optional(array(PaymentProduct, 'What is bought.')),
  productCount: optional(integer('How many products are bought in all.')),
  customData: optional(string('Any text of the merchant, kept with the payment and returned as it was.')),
  country: optional(Country),
}

/** What a payment says once a payment gateway has taken it on. */
export const pendingFields = {
  channel: SelectedChannel,
  pgTxId: optional(string("The payment gateway's own id of the transaction.")),
}

const receiptFields = {
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string('Where the payment gateway shows the sales slip.')),
}

/** What a payment says once it was approved. */
export const paidFields = {
  ...pendingFields,
  paidAt: dateTime('When the payment was approved.'),
  pgResponse: optional(string("The payment gateway's answer to the approval, unmodified.")),
  ...receiptFields,
}

/** What a payment says once money has gone back to the buyer. */
export const cancelledFields = {
  ...pendingFields,
  paidAt: optional(dateTime('When the payment was approved.')),
  ...receiptFields,
  cancellations: array(PaymentCancellation, 'Every cancellation, also those that failed or are pending.'),
  cancelledAt: dateTime('When the latest completed cancellation completed.'),
}
