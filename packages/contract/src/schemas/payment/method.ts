import {
  boolean,
  dateTime,
  discriminated,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Card } from '../common/card.ts'
import { EasyPayProvider } from '../common/easy-pay-provider.ts'

export const PaymentInstallment = object('PaymentInstallment', 'Payment in instalments.', {
  month: integer('The number of monthly instalments; 0 for a single charge.'),
  isInterestFree: boolean('Whether the buyer pays no interest.'),
  isInterestFreeFromMerchant: optional(boolean('Whether it is the merchant who bears the interest.')),
})
export type PaymentInstallment = Static<typeof PaymentInstallment>

export const PaymentMethodCard = object('PaymentMethodCard', 'Paid by card.', {
  type: tag('PaymentMethodCard'),
  card: optional(Card),
  approvalNumber: optional(string("The card company's approval number.")),
  installment: optional(PaymentInstallment),
  pointUsed: optional(boolean("Whether the card's points were used.")),
})
export type PaymentMethodCard = Static<typeof PaymentMethodCard>

export const ConvenienceStoreBrand = enumeration('ConvenienceStoreBrand', 'A chain of convenience stores.', [
  'LAWSON',
  'FAMILY_MART',
  'MINI_STOP',
  'SEVEN_ELEVEN',
  'SEICOMART',
])
export type ConvenienceStoreBrand = Static<typeof ConvenienceStoreBrand>

export const PaymentMethodConvenienceStore = object(
  'PaymentMethodConvenienceStore',
  'Paid at the till of a convenience store.',
  {
    type: tag('PaymentMethodConvenienceStore'),
    convenienceStoreBrand: optional(ConvenienceStoreBrand),
    confirmationNumber: optional(string('What the buyer shows at the till.')),
    receiptNumber: optional(string('The number on the payment slip.')),
    paymentDeadline: optional(dateTime('Until when the buyer can pay at the till.')),
  },
)
export type PaymentMethodConvenienceStore = Static<typeof PaymentMethodConvenienceStore>

export const PaymentMethodCrypto = object('PaymentMethodCrypto', 'Paid in a cryptocurrency.', {
  type: tag('PaymentMethodCrypto'),
})
export type PaymentMethodCrypto = Static<typeof PaymentMethodCrypto>

export const PaymentMethodEasyPayMethodCharge = object(
  'PaymentMethodEasyPayMethodCharge',
  "Paid from the wallet's own balance.",
  {
    type: tag('PaymentMethodEasyPayMethodCharge'),
    bank: optional(Bank),
  },
)
export type PaymentMethodEasyPayMethodCharge = Static<typeof PaymentMethodEasyPayMethodCharge>

export const PaymentMethodTransfer = object('PaymentMethodTransfer', 'Paid by bank transfer.', {
  type: tag('PaymentMethodTransfer'),
  bank: optional(Bank),
  accountNumber: optional(string("The buyer's account, masked.")),
})
export type PaymentMethodTransfer = Static<typeof PaymentMethodTransfer>

export const PaymentMethodEasyPayMethod = discriminated(
  'PaymentMethodEasyPayMethod',
  'What the wallet paid with.',
  'type',
  {
    PaymentMethodCard,
    PaymentMethodEasyPayMethodCharge,
    PaymentMethodTransfer,
  },
)
export type PaymentMethodEasyPayMethod = Static<typeof PaymentMethodEasyPayMethod>

export const PaymentMethodEasyPay = object('PaymentMethodEasyPay', 'Paid with a wallet.', {
  type: tag('PaymentMethodEasyPay'),
  provider: optional(EasyPayProvider),
  easyPayMethod: optional(PaymentMethodEasyPayMethod),
})
export type PaymentMethodEasyPay = Static<typeof PaymentMethodEasyPay>

export const PaymentMethodGiftCertificateType = enumeration(
  'PaymentMethodGiftCertificateType',
  'A kind of gift certificate.',
  ['BOOKNLIFE', 'SMART_MUNSANG', 'CULTURELAND', 'HAPPYMONEY', 'CULTUREGIFT'],
)
export type PaymentMethodGiftCertificateType = Static<typeof PaymentMethodGiftCertificateType>

export const PaymentMethodGiftCertificate = object('PaymentMethodGiftCertificate', 'Paid with a gift certificate.', {
  type: tag('PaymentMethodGiftCertificate'),
  giftCertificateType: optional(PaymentMethodGiftCertificateType),
  approvalNumber: string("The issuer's approval number."),
})
export type PaymentMethodGiftCertificate = Static<typeof PaymentMethodGiftCertificate>

export const PaymentMethodMobile = object('PaymentMethodMobile', 'Paid with the telephone bill.', {
  type: tag('PaymentMethodMobile'),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
})
export type PaymentMethodMobile = Static<typeof PaymentMethodMobile>

export const PaymentMethodVirtualAccountRefundStatus = enumeration(
  'PaymentMethodVirtualAccountRefundStatus',
  'How far the refund of a deposit has come.',
  ['PENDING', 'PARTIAL_REFUND_FAILED', 'FAILED', 'COMPLETED'],
)
export type PaymentMethodVirtualAccountRefundStatus = Static<typeof PaymentMethodVirtualAccountRefundStatus>

export const PaymentMethodVirtualAccountType = enumeration(
  'PaymentMethodVirtualAccountType',
  '`NORMAL` for a number used once, `FIXED` for one that is used again.',
  ['FIXED', 'NORMAL'],
)
export type PaymentMethodVirtualAccountType = Static<typeof PaymentMethodVirtualAccountType>

export const PaymentMethodVirtualAccount = object(
  'PaymentMethodVirtualAccount',
  'Paid into an account number issued for the payment.',
  {
    type: tag('PaymentMethodVirtualAccount'),
    bank: optional(Bank),
    accountNumber: string('The number to pay into.'),
    accountType: optional(PaymentMethodVirtualAccountType),
    remitteeName: optional(string('The name the account is shown under to whoever pays into it.')),
    remitterName: optional(string('Who paid into the account.')),
    expiredAt: optional(dateTime('Until when the account takes a deposit.')),
    issuedAt: optional(dateTime('When the account was issued.')),
    refundStatus: optional(PaymentMethodVirtualAccountRefundStatus),
  },
)
export type PaymentMethodVirtualAccount = Static<typeof PaymentMethodVirtualAccount>

export const PaymentMethod = discriminated('PaymentMethod', 'How a payment was or is being paid.', 'type', {
  PaymentMethodCard,
  PaymentMethodConvenienceStore,
  PaymentMethodCrypto,
  PaymentMethodEasyPay,
  PaymentMethodGiftCertificate,
  PaymentMethodMobile,
  PaymentMethodTransfer,
  PaymentMethodVirtualAccount,
})
export type PaymentMethod = Static<typeof PaymentMethod>

export const PaymentMethodType = enumeration('PaymentMethodType', 'A payment method, to filter by.', [
  'CARD',
  'TRANSFER',
  'VIRTUAL_ACCOUNT',
  'GIFT_CERTIFICATE',
  'MOBILE',
  'EASY_PAY',
  'CONVENIENCE_STORE',
  'CRYPTO',
])
export type PaymentMethodType = Static<typeof PaymentMethodType>
