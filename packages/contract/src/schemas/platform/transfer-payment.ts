import { dateTime, discriminated, enumeration, object, optional, type Static, string, tag } from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { EasyPayProvider } from '../common/easy-pay-provider.ts'
import { PaymentMethodType } from '../payment/method.ts'

export const EasyPayMethodType = enumeration('EasyPayMethodType', 'How a wallet paid.', ['CARD', 'TRANSFER', 'CHARGE'])
export type EasyPayMethodType = Static<typeof EasyPayMethodType>

const wallet = { provider: optional(EasyPayProvider), methodType: optional(EasyPayMethodType) }

export const PlatformPaymentMethodCard = object('PlatformPaymentMethodCard', 'Paid by card.', { type: tag('CARD') })
export type PlatformPaymentMethodCard = Static<typeof PlatformPaymentMethodCard>

export const PlatformPaymentMethodTransfer = object('PlatformPaymentMethodTransfer', 'Paid by bank transfer.', {
  type: tag('TRANSFER'),
})
export type PlatformPaymentMethodTransfer = Static<typeof PlatformPaymentMethodTransfer>

export const PlatformPaymentMethodVirtualAccount = object(
  'PlatformPaymentMethodVirtualAccount',
  'Paid by a deposit into a virtual account.',
  { type: tag('VIRTUAL_ACCOUNT') },
)
export type PlatformPaymentMethodVirtualAccount = Static<typeof PlatformPaymentMethodVirtualAccount>

export const PlatformPaymentMethodGiftCertificate = object(
  'PlatformPaymentMethodGiftCertificate',
  'Paid with a gift certificate.',
  { type: tag('GIFT_CERTIFICATE') },
)
export type PlatformPaymentMethodGiftCertificate = Static<typeof PlatformPaymentMethodGiftCertificate>

export const PlatformPaymentMethodMobile = object('PlatformPaymentMethodMobile', 'Paid by phone bill.', {
  type: tag('MOBILE'),
})
export type PlatformPaymentMethodMobile = Static<typeof PlatformPaymentMethodMobile>

export const PlatformPaymentMethodEasyPay = object('PlatformPaymentMethodEasyPay', 'Paid with a wallet.', {
  type: tag('EASY_PAY'),
  ...wallet,
})
export type PlatformPaymentMethodEasyPay = Static<typeof PlatformPaymentMethodEasyPay>

export const PlatformPaymentMethod = discriminated('PlatformPaymentMethod', 'How the order was paid.', 'type', {
  CARD: PlatformPaymentMethodCard,
  TRANSFER: PlatformPaymentMethodTransfer,
  VIRTUAL_ACCOUNT: PlatformPaymentMethodVirtualAccount,
  GIFT_CERTIFICATE: PlatformPaymentMethodGiftCertificate,
  MOBILE: PlatformPaymentMethodMobile,
  EASY_PAY: PlatformPaymentMethodEasyPay,
})
export type PlatformPaymentMethod = Static<typeof PlatformPaymentMethod>

export const PlatformPaymentMethodCardInput = object('PlatformPaymentMethodCardInput', 'Paid by card.', {})
export type PlatformPaymentMethodCardInput = Static<typeof PlatformPaymentMethodCardInput>

export const PlatformPaymentMethodTransferInput = object(
  'PlatformPaymentMethodTransferInput',
  'Paid by bank transfer.',
  {},
)
export type PlatformPaymentMethodTransferInput = Static<typeof PlatformPaymentMethodTransferInput>

export const PlatformPaymentMethodVirtualAccountInput = object(
  'PlatformPaymentMethodVirtualAccountInput',
  'Paid by a deposit into a virtual account.',
  {},
)
export type PlatformPaymentMethodVirtualAccountInput = Static<typeof PlatformPaymentMethodVirtualAccountInput>

export const PlatformPaymentMethodGiftCertificateInput = object(
  'PlatformPaymentMethodGiftCertificateInput',
  'Paid with a gift certificate.',
  {},
)
export type PlatformPaymentMethodGiftCertificateInput = Static<typeof PlatformPaymentMethodGiftCertificateInput>

export const PlatformPaymentMethodMobileInput = object('PlatformPaymentMethodMobileInput', 'Paid by phone bill.', {})
export type PlatformPaymentMethodMobileInput = Static<typeof PlatformPaymentMethodMobileInput>

export const PlatformPaymentMethodEasyPayInput = object(
  'PlatformPaymentMethodEasyPayInput',
  'Paid with a wallet.',
  wallet,
)
export type PlatformPaymentMethodEasyPayInput = Static<typeof PlatformPaymentMethodEasyPayInput>

export const PlatformPaymentMethodInput = object(
  'PlatformPaymentMethodInput',
  'How an order was paid elsewhere. Exactly one field must be given.',
  {
    card: optional(PlatformPaymentMethodCardInput),
    transfer: optional(PlatformPaymentMethodTransferInput),
    virtualAccount: optional(PlatformPaymentMethodVirtualAccountInput),
    giftCertificate: optional(PlatformPaymentMethodGiftCertificateInput),
    mobile: optional(PlatformPaymentMethodMobileInput),
    easyPay: optional(PlatformPaymentMethodEasyPayInput),
  },
)
export type PlatformPaymentMethodInput = Static<typeof PlatformPaymentMethodInput>

export const PlatformPortOnePayment = object('PlatformPortOnePayment', 'A payment of this server.', {
  type: tag('PORT_ONE'),
  id: string("The payment's id."),
  storeId: string('The store of the payment.'),
  channelKey: string('The channel through which it was paid.'),
  orderName: string('What the payment is for.'),
  method: optional(PlatformPaymentMethod),
  currency: Currency,
  paidAt: dateTime('When it was paid.'),
})
export type PlatformPortOnePayment = Static<typeof PlatformPortOnePayment>

export const PlatformExternalPayment = object('PlatformExternalPayment', 'A payment made elsewhere.', {
  type: tag('EXTERNAL'),
  id: string("The payment's id, as the merchant has it."),
  orderName: optional(string('What the payment is for.')),
  currency: Currency,
  method: optional(PlatformPaymentMethod),
  paidAt: optional(dateTime('When it was paid.')),
})
export type PlatformExternalPayment = Static<typeof PlatformExternalPayment>

export const PlatformPayment = discriminated('PlatformPayment', 'The payment of an order.', 'type', {
  PORT_ONE: PlatformPortOnePayment,
  EXTERNAL: PlatformExternalPayment,
})
export type PlatformPayment = Static<typeof PlatformPayment>

export const PlatformTransferSummaryPortOnePayment = object(
  'PlatformTransferSummaryPortOnePayment',
  'A payment of this server, in brief.',
  {
    type: tag('PORT_ONE'),
    id: string("The payment's id."),
    orderName: string('What the payment is for.'),
    currency: Currency,
    methodType: optional(PaymentMethodType),
  },
)
export type PlatformTransferSummaryPortOnePayment = Static<typeof PlatformTransferSummaryPortOnePayment>

export const PlatformTransferSummaryExternalPayment = object(
  'PlatformTransferSummaryExternalPayment',
  'A payment made elsewhere, in brief.',
  {
    type: tag('EXTERNAL'),
    id: string("The payment's id, as the merchant has it."),
    orderName: optional(string('What the payment is for.')),
    currency: Currency,
    methodType: optional(PaymentMethodType),
  },
)
export type PlatformTransferSummaryExternalPayment = Static<typeof PlatformTransferSummaryExternalPayment>

export const PlatformTransferSummaryPayment = discriminated(
  'PlatformTransferSummaryPayment',
  'The payment of an order, in brief.',
  'type',
  {
    PORT_ONE: PlatformTransferSummaryPortOnePayment,
    EXTERNAL: PlatformTransferSummaryExternalPayment,
  },
)
export type PlatformTransferSummaryPayment = Static<typeof PlatformTransferSummaryPayment>
