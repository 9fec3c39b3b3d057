import { anyObject, array, boolean, dateTime, integer, object, optional, type Static, string } from '../schema.ts'
import { SeparatedAddressInput } from './address.ts'
import { Country } from './country.ts'
import { Currency } from './currency.ts'
import { CustomerInput } from './customer.ts'
import { Locale } from './locale.ts'
import { PaymentAmountInput } from './money.ts'
import { CashReceiptInput } from './payment-cash-receipt.ts'
import { PaymentProduct, PaymentProductType } from './product.ts'

export const BillingKeyPaymentInput = object('BillingKeyPaymentInput', '', {
  storeId: optional(string()),
  billingKey: string(),
  channelKey: optional(string()),
  orderName: string(),
  customer: optional(CustomerInput),
  customData: optional(string()),
  amount: PaymentAmountInput,
  currency: Currency,
  installmentMonth: optional(integer()),
  useFreeInterestFromMerchant: optional(boolean()),
  useCardPoint: optional(boolean()),
  cashReceipt: optional(CashReceiptInput),
  country: optional(Country),
  noticeUrls: optional(array(string())),
  products: optional(array(PaymentProduct)),
  productCount: optional(integer()),
  productType: optional(PaymentProductType),
  shippingAddress: optional(SeparatedAddressInput),
  promotionId: optional(string()),
  locale: optional(Locale),
  bypass: optional(anyObject()),
  skipWebhook: optional(boolean()),
})
export type BillingKeyPaymentInput = Static<typeof BillingKeyPaymentInput>

export const BillingKeyPaymentSummary = object('BillingKeyPaymentSummary', '', {
  pgTxId: string(),
  paidAt: dateTime(),
})
export type BillingKeyPaymentSummary = Static<typeof BillingKeyPaymentSummary>

export const PayWithBillingKeyResponse = object('PayWithBillingKeyResponse', '', {
  payment: BillingKeyPaymentSummary,
})
export type PayWithBillingKeyResponse = Static<typeof PayWithBillingKeyResponse>
