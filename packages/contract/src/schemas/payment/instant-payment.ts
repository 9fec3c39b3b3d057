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
import { CardCredential } from '../common/card.ts'
import { Country } from '../common/country.ts'
import { Currency } from '../common/currency.ts'
import { CustomerInput } from '../common/customer.ts'
import { PaymentAmountInput } from '../common/money.ts'
import { PaymentProduct, PaymentProductType } from '../common/product.ts'
import { InstantPaymentMethodInputVirtualAccount } from './virtual-account.ts'

export const InstantPaymentMethodInputCard = object('InstantPaymentMethodInputCard', 'To charge a card.', {
  credential: CardCredential,
  installmentMonth: optional(integer('Monthly instalments: 0 for a single charge, otherwise 2 or more.')),
  useFreeInstallmentPlan: optional(
    boolean("Whether to use the card company's own offer of interest-free instalments. Defaults to false."),
  ),
  useFreeInterestFromMerchant: optional(
    boolean('Whether the merchant bears the interest on instalments. Defaults to false.'),
  ),
  useCardPoint: optional(boolean("Whether to pay with the card's points first. Defaults to false.")),
})
export type InstantPaymentMethodInputCard = Static<typeof InstantPaymentMethodInputCard>

export const InstantPaymentMethodInput = object('InstantPaymentMethodInput', 'How to pay; give exactly one.', {
  card: optional(InstantPaymentMethodInputCard),
  virtualAccount: optional(InstantPaymentMethodInputVirtualAccount),
})
export type InstantPaymentMethodInput = Static<typeof InstantPaymentMethodInput>

export const InstantPaymentInput = object('InstantPaymentInput', 'What to charge, and how.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  channelKey: optional(string('The channel to pay through. Give either this or `channelGroupId`.')),
  channelGroupId: optional(
    string('The channel group out of which a channel is drawn. Give either this or `channelKey`.'),
  ),
  method: InstantPaymentMethodInput,
  orderName: string('What the buyer sees as the name of the order.'),
  isCulturalExpense: optional(
    boolean('Whether the purchase counts as a cultural expense in Korean income tax. Defaults to false.'),
  ),
  isEscrow: optional(
    boolean('Whether the payment gateway holds the money until the buyer has the goods. Defaults to false.'),
  ),
  customer: optional(CustomerInput),
  customData: optional(string('Any text of the merchant, kept with the payment and returned as it was.')),
  amount: PaymentAmountInput,
  currency: Currency,
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
  bypass: optional(anyObject('Parameters for the payment gateway that are passed on as they are.')),
  skipWebhook: optional(
    boolean(
      'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
    ),
  ),
})
export type InstantPaymentInput = Static<typeof InstantPaymentInput>

export const InstantPaymentSummary = object('InstantPaymentSummary', 'What came of an instant payment.', {
  pgTxId: string("The payment gateway's own id of the transaction."),
  paidAt: dateTime('When the card was charged or the account issued.'),
})
export type InstantPaymentSummary = Static<typeof InstantPaymentSummary>

export const PayInstantlyResponse = object(
  'PayInstantlyResponse',
  'The card was charged or the virtual account issued. Read the payment for the account number.',
  {
    payment: InstantPaymentSummary,
  },
)
export type PayInstantlyResponse = Static<typeof PayInstantlyResponse>
