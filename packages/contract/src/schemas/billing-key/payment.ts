import {
  anyObject,
  array,
  boolean,
  dateTime,
  described,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { SeparatedAddressInput } from '../common/address.ts'
import { Country } from '../common/country.ts'
import { Currency } from '../common/currency.ts'
import { CustomerInput } from '../common/customer.ts'
import { Locale } from '../common/locale.ts'
import { PaymentAmountInput } from '../common/money.ts'
import { PaymentProduct, PaymentProductType } from '../common/product.ts'
import { CashReceiptInput } from '../payment/cash-receipt.ts'

/** What to charge to a billing key, whether at once or on schedule. */
export const billingKeyPaymentFields = {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  billingKey: string('The billing key to charge.'),
  channelKey: optional(string('The channel to use, of those the key holds. Defaults to one the server chooses.')),
  orderName: string('What the buyer sees as the name of the order.'),
  customer: optional(CustomerInput),
  customData: optional(string('Any text of the merchant, kept with the payment and returned as it was.')),
  amount: PaymentAmountInput,
  currency: Currency,
  installmentMonth: optional(integer('Monthly instalments: 0 for a single charge, otherwise 2 or more.')),
  useFreeInterestFromMerchant: optional(
    boolean('Whether the merchant bears the interest on instalments. Defaults to false.'),
  ),
  useCardPoint: optional(boolean("Whether to pay with the card's points first. Defaults to false.")),
  cashReceipt: optional(CashReceiptInput),
  country: optional(described(Country, 'The country the payment is made in.')),
  noticeUrls: optional(
    array(
      string(),
      'Where to send webhooks of this payment, instead of the address set for the store. An empty list counts as absent.',
    ),
  ),
  products: optional(array(PaymentProduct, 'What is bought.')),
  productCount: optional(integer('How many products are bought in all.')),
  productType: optional(PaymentProductType),
  shippingAddress: optional(SeparatedAddressInput),
  promotionId: optional(string('The promotion to apply.')),
  locale: optional(Locale),
  bypass: optional(anyObject('Parameters for the payment gateway that are passed on as they are.')),
}

export const BillingKeyPaymentInput = object('BillingKeyPaymentInput', 'What to charge to a billing key.', {
  ...billingKeyPaymentFields,
  skipWebhook: optional(
    boolean(
      'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
    ),
  ),
})
export type BillingKeyPaymentInput = Static<typeof BillingKeyPaymentInput>

export const BillingKeyPaymentSummary = object('BillingKeyPaymentSummary', 'What came of charging a billing key.', {
  pgTxId: string("The payment gateway's own id of the transaction."),
  paidAt: dateTime('When the payment was approved.'),
})
export type BillingKeyPaymentSummary = Static<typeof BillingKeyPaymentSummary>

export const PayWithBillingKeyResponse = object('PayWithBillingKeyResponse', 'The billing key was charged.', {
  payment: BillingKeyPaymentSummary,
})
export type PayWithBillingKeyResponse = Static<typeof PayWithBillingKeyResponse>
