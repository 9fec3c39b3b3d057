import { anyObject, array, boolean, dateTime, integer, object, optional, type Static, string } from '../schema.ts'
import { SeparatedAddressInput } from './address.ts'
import { CardCredential } from './card.ts'
import { Country } from './country.ts'
import { Currency } from './currency.ts'
import { CustomerInput } from './customer.ts'
import { PaymentAmountInput } from './money.ts'
import { PaymentProduct, PaymentProductType } from './product.ts'
import { InstantPaymentMethodInputVirtualAccount } from './virtual-account.ts'

export const InstantPaymentMethodInputCard = object('InstantPaymentMethodInputCard', '', {
  credential: CardCredential,
  installmentMonth: optional(integer()),
  useFreeInstallmentPlan: optional(boolean()),
  useFreeInterestFromMerchant: optional(boolean()),
  useCardPoint: optional(boolean()),
})
export type InstantPaymentMethodInputCard = Static<typeof InstantPaymentMethodInputCard>

export const InstantPaymentMethodInput = object('InstantPaymentMethodInput', '', {
  card: optional(InstantPaymentMethodInputCard),
  virtualAccount: optional(InstantPaymentMethodInputVirtualAccount),
})
export type InstantPaymentMethodInput = Static<typeof InstantPaymentMethodInput>

export const InstantPaymentInput = object('InstantPaymentInput', '', {
  storeId: optional(string()),
  channelKey: optional(string()),
  channelGroupId: optional(string()),
  method: InstantPaymentMethodInput,
  orderName: string(),
  isCulturalExpense: optional(boolean()),
  isEscrow: optional(boolean()),
  customer: optional(CustomerInput),
  customData: optional(string()),
  amount: PaymentAmountInput,
  currency: Currency,
  country: optional(Country),
  noticeUrls: optional(array(string())),
  products: optional(array(PaymentProduct)),
  productCount: optional(integer()),
  productType: optional(PaymentProductType),
  shippingAddress: optional(SeparatedAddressInput),
  promotionId: optional(string()),
  bypass: optional(anyObject()),
  skipWebhook: optional(boolean()),
})
export type InstantPaymentInput = Static<typeof InstantPaymentInput>

export const InstantPaymentSummary = object('InstantPaymentSummary', '', {
  pgTxId: string(),
  paidAt: dateTime(),
})
export type InstantPaymentSummary = Static<typeof InstantPaymentSummary>

export const PayInstantlyResponse = object('PayInstantlyResponse', '', {
  payment: InstantPaymentSummary,
})
export type PayInstantlyResponse = Static<typeof PayInstantlyResponse>
