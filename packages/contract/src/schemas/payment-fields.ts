import { array, boolean, dateTime, integer, optional, string } from '../schema.ts'
import { PaymentCancellation } from './cancellation.ts'
import { ChannelGroupSummary } from './channel.ts'
import { Country } from './country.ts'
import { Currency } from './currency.ts'
import { Customer } from './customer.ts'
import { PaymentEscrow } from './escrow.ts'
import { PaymentAmount } from './money.ts'
import { CashReceiptIssuanceStatus, PaymentCashReceipt } from './payment-cash-receipt.ts'
import { PaymentMethod } from './payment-method.ts'
import { PaymentProduct } from './product.ts'
import { PortOneVersion } from './version.ts'
import { PaymentWebhook } from './webhook.ts'

/** What every payment and every attempt to pay says, whatever its status. */
export const paymentFields = {
  merchantId: string(),
  storeId: string(),
  method: optional(PaymentMethod),
  channelGroup: optional(ChannelGroupSummary),
  version: PortOneVersion,
  scheduleId: optional(string()),
  billingKey: optional(string()),
  webhooks: optional(array(PaymentWebhook)),
  requestedAt: dateTime(),
  updatedAt: dateTime(),
  statusChangedAt: dateTime(),
  orderName: string(),
  amount: PaymentAmount,
  currency: Currency,
  customer: Customer,
  promotionId: optional(string()),
  isCulturalExpense: optional(boolean()),
  escrow: optional(PaymentEscrow),
  products: optional(array(PaymentProduct)),
  productCount: optional(integer()),
  customData: optional(string()),
  country: optional(Country),
}

/** What a payment says once money has gone back to the buyer. */
export const cancelledFields = {
  paidAt: optional(dateTime()),
  pgTxId: optional(string()),
  cashReceipt: optional(PaymentCashReceipt),
  cashReceiptIssuanceStatus: optional(CashReceiptIssuanceStatus),
  receiptUrl: optional(string()),
  cancellations: array(PaymentCancellation),
  cancelledAt: dateTime(),
}
