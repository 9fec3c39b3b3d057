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
} from '../schema.ts'
import { Bank } from './bank.ts'
import { Card } from './card.ts'
import { EasyPayProvider } from './easy-pay-provider.ts'

export const PaymentInstallment = object('PaymentInstallment', '', {
  month: integer(),
  isInterestFree: boolean(),
  isInterestFreeFromMerchant: optional(boolean()),
})
export type PaymentInstallment = Static<typeof PaymentInstallment>

export const PaymentMethodCard = object('PaymentMethodCard', '', {
  type: tag('PaymentMethodCard'),
  card: optional(Card),
  approvalNumber: optional(string()),
  installment: optional(PaymentInstallment),
  pointUsed: optional(boolean()),
})
export type PaymentMethodCard = Static<typeof PaymentMethodCard>

export const ConvenienceStoreBrand = enumeration('ConvenienceStoreBrand', '', [
  'LAWSON',
  'FAMILY_MART',
  'MINI_STOP',
  'SEVEN_ELEVEN',
  'SEICOMART',
])
export type ConvenienceStoreBrand = Static<typeof ConvenienceStoreBrand>

export const PaymentMethodConvenienceStore = object('PaymentMethodConvenienceStore', '', {
  type: tag('PaymentMethodConvenienceStore'),
  convenienceStoreBrand: optional(ConvenienceStoreBrand),
  confirmationNumber: optional(string()),
  receiptNumber: optional(string()),
  paymentDeadline: optional(dateTime()),
})
export type PaymentMethodConvenienceStore = Static<typeof PaymentMethodConvenienceStore>

export const PaymentMethodCrypto = object('PaymentMethodCrypto', '', {
  type: tag('PaymentMethodCrypto'),
})
export type PaymentMethodCrypto = Static<typeof PaymentMethodCrypto>

export const PaymentMethodEasyPayMethodCharge = object('PaymentMethodEasyPayMethodCharge', '', {
  type: tag('PaymentMethodEasyPayMethodCharge'),
  bank: optional(Bank),
})
export type PaymentMethodEasyPayMethodCharge = Static<typeof PaymentMethodEasyPayMethodCharge>

export const PaymentMethodTransfer = object('PaymentMethodTransfer', '', {
  type: tag('PaymentMethodTransfer'),
  bank: optional(Bank),
  accountNumber: optional(string()),
})
export type PaymentMethodTransfer = Static<typeof PaymentMethodTransfer>

export const PaymentMethodEasyPayMethod = discriminated('PaymentMethodEasyPayMethod', '', 'type', {
  PaymentMethodCard,
  PaymentMethodEasyPayMethodCharge,
  PaymentMethodTransfer,
})
export type PaymentMethodEasyPayMethod = Static<typeof PaymentMethodEasyPayMethod>

export const PaymentMethodEasyPay = object('PaymentMethodEasyPay', '', {
  type: tag('PaymentMethodEasyPay'),
  provider: optional(EasyPayProvider),
  easyPayMethod: optional(PaymentMethodEasyPayMethod),
})
export type PaymentMethodEasyPay = Static<typeof PaymentMethodEasyPay>

export const PaymentMethodGiftCertificateType = enumeration('PaymentMethodGiftCertificateType', '', [
  'BOOKNLIFE',
  'SMART_MUNSANG',
  'CULTURELAND',
  'HAPPYMONEY',
  'CULTUREGIFT',
])
export type PaymentMethodGiftCertificateType = Static<typeof PaymentMethodGiftCertificateType>

export const PaymentMethodGiftCertificate = object('PaymentMethodGiftCertificate', '', {
  type: tag('PaymentMethodGiftCertificate'),
  giftCertificateType: optional(PaymentMethodGiftCertificateType),
  approvalNumber: string(),
})
export type PaymentMethodGiftCertificate = Static<typeof PaymentMethodGiftCertificate>

export const PaymentMethodMobile = object('PaymentMethodMobile', '', {
  type: tag('PaymentMethodMobile'),
  phoneNumber: optional(string()),
})
export type PaymentMethodMobile = Static<typeof PaymentMethodMobile>

export const PaymentMethodVirtualAccountRefundStatus = enumeration('PaymentMethodVirtualAccountRefundStatus', '', [
  'PENDING',
  'PARTIAL_REFUND_FAILED',
  'FAILED',
  'COMPLETED',
])
export type PaymentMethodVirtualAccountRefundStatus = Static<typeof PaymentMethodVirtualAccountRefundStatus>

export const PaymentMethodVirtualAccountType = enumeration('PaymentMethodVirtualAccountType', '', ['FIXED', 'NORMAL'])
export type PaymentMethodVirtualAccountType = Static<typeof PaymentMethodVirtualAccountType>

export const PaymentMethodVirtualAccount = object('PaymentMethodVirtualAccount', '', {
  type: tag('PaymentMethodVirtualAccount'),
  bank: optional(Bank),
  accountNumber: string(),
  accountType: optional(PaymentMethodVirtualAccountType),
  remitteeName: optional(string()),
  remitterName: optional(string()),
  expiredAt: optional(dateTime()),
  issuedAt: optional(dateTime()),
  refundStatus: optional(PaymentMethodVirtualAccountRefundStatus),
})
export type PaymentMethodVirtualAccount = Static<typeof PaymentMethodVirtualAccount>

export const PaymentMethod = discriminated('PaymentMethod', '', 'type', {
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

export const PaymentMethodType = enumeration('PaymentMethodType', '', [
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
