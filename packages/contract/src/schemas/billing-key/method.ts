import { discriminated, enumeration, object, optional, type Static, string, tag } from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Card } from '../common/card.ts'
import { EasyPayProvider } from '../common/easy-pay-provider.ts'

export const BillingKeyPaymentMethodCard = object('BillingKeyPaymentMethodCard', 'A card.', {
  type: tag('BillingKeyPaymentMethodCard'),
  card: optional(Card),
})
export type BillingKeyPaymentMethodCard = Static<typeof BillingKeyPaymentMethodCard>

export const BillingKeyPaymentMethodEasyPayCharge = object(
  'BillingKeyPaymentMethodEasyPayCharge',
  "The wallet's own balance.",
  {
    type: tag('BillingKeyPaymentMethodEasyPayCharge'),
  },
)
export type BillingKeyPaymentMethodEasyPayCharge = Static<typeof BillingKeyPaymentMethodEasyPayCharge>

export const BillingKeyPaymentMethodTransfer = object('BillingKeyPaymentMethodTransfer', 'A bank account.', {
  type: tag('BillingKeyPaymentMethodTransfer'),
  bank: optional(Bank),
  accountNumber: optional(string("The buyer's account, masked.")),
})
export type BillingKeyPaymentMethodTransfer = Static<typeof BillingKeyPaymentMethodTransfer>

export const BillingKeyPaymentMethodEasyPayMethod = discriminated(
  'BillingKeyPaymentMethodEasyPayMethod',
  'What the wallet pays with.',
  'type',
  {
    BillingKeyPaymentMethodCard,
    BillingKeyPaymentMethodEasyPayCharge,
    BillingKeyPaymentMethodTransfer,
  },
)
export type BillingKeyPaymentMethodEasyPayMethod = Static<typeof BillingKeyPaymentMethodEasyPayMethod>

export const BillingKeyPaymentMethodEasyPay = object('BillingKeyPaymentMethodEasyPay', 'A wallet.', {
  type: tag('BillingKeyPaymentMethodEasyPay'),
  provider: optional(EasyPayProvider),
  method: optional(BillingKeyPaymentMethodEasyPayMethod),
})
export type BillingKeyPaymentMethodEasyPay = Static<typeof BillingKeyPaymentMethodEasyPay>

export const BillingKeyPaymentMethodMobile = object('BillingKeyPaymentMethodMobile', 'The telephone bill.', {
  type: tag('BillingKeyPaymentMethodMobile'),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
})
export type BillingKeyPaymentMethodMobile = Static<typeof BillingKeyPaymentMethodMobile>

export const BillingKeyPaymentMethodPaypal = object('BillingKeyPaymentMethodPaypal', 'A PayPal account.', {
  type: tag('BillingKeyPaymentMethodPaypal'),
})
export type BillingKeyPaymentMethodPaypal = Static<typeof BillingKeyPaymentMethodPaypal>

export const BillingKeyPaymentMethod = discriminated(
  'BillingKeyPaymentMethod',
  'The payment method behind a billing key.',
  'type',
  {
    BillingKeyPaymentMethodCard,
    BillingKeyPaymentMethodEasyPay,
    BillingKeyPaymentMethodMobile,
    BillingKeyPaymentMethodPaypal,
    BillingKeyPaymentMethodTransfer,
  },
)
export type BillingKeyPaymentMethod = Static<typeof BillingKeyPaymentMethod>

export const BillingKeyPaymentMethodType = enumeration(
  'BillingKeyPaymentMethodType',
  'A payment method behind a billing key, to filter by.',
  ['CARD', 'MOBILE', 'EASY_PAY', 'TRANSFER'],
)
export type BillingKeyPaymentMethodType = Static<typeof BillingKeyPaymentMethodType>
