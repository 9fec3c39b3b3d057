import { array, boolean, dateTime, enumeration, object, optional, type Static, string } from '../schema.ts'
import { SeparatedAddressInput } from './address.ts'
import { PaymentProduct } from './product.ts'

export const PaymentEscrowReceiverInput = object('PaymentEscrowReceiverInput', '', {
  name: optional(string()),
  phoneNumber: optional(string()),
  zipcode: optional(string()),
  address: optional(SeparatedAddressInput),
})
export type PaymentEscrowReceiverInput = Static<typeof PaymentEscrowReceiverInput>

export const PaymentEscrowSenderInput = object('PaymentEscrowSenderInput', '', {
  name: optional(string()),
  phoneNumber: optional(string()),
  zipcode: optional(string()),
  relationship: optional(string()),
  address: optional(SeparatedAddressInput),
})
export type PaymentEscrowSenderInput = Static<typeof PaymentEscrowSenderInput>

export const PaymentLogisticsCompany = enumeration('PaymentLogisticsCompany', '', [
  'LOTTE',
  'LOGEN',
  'DONGWON',
  'POST',
  'CJ',
  'HANJIN',
  'DAESIN',
  'ILYANG',
  'KYUNGDONG',
  'CHUNIL',
  'POST_REGISTERED',
  'GS',
  'WOORI',
  'HAPDONG',
  'FEDEX',
  'UPS',
  'GSM_NTON',
  'SUNGWON',
  'LX_PANTOS',
  'ACI',
  'CJ_INTL',
  'USPS',
  'EMS',
  'DHL',
  'KGL',
  'GOODSTOLUCK',
  'KUNYOUNG',
  'SLX',
  'SF',
  'ETC',
])
export type PaymentLogisticsCompany = Static<typeof PaymentLogisticsCompany>

export const PaymentLogistics = object('PaymentLogistics', '', {
  company: PaymentLogisticsCompany,
  invoiceNumber: string(),
  sentAt: dateTime(),
  receivedAt: optional(dateTime()),
  address: optional(SeparatedAddressInput),
})
export type PaymentLogistics = Static<typeof PaymentLogistics>

/** Registering and changing a shipment ask for the same. */
const logisticsFields = {
  storeId: optional(string()),
  sender: optional(PaymentEscrowSenderInput),
  receiver: optional(PaymentEscrowReceiverInput),
  logistics: PaymentLogistics,
  sendEmail: optional(boolean()),
  products: optional(array(PaymentProduct)),
}

export const RegisterEscrowLogisticsBody = object('RegisterEscrowLogisticsBody', '', {
  ...logisticsFields,
})
export type RegisterEscrowLogisticsBody = Static<typeof RegisterEscrowLogisticsBody>

export const ModifyEscrowLogisticsBody = object('ModifyEscrowLogisticsBody', '', {
  ...logisticsFields,
})
export type ModifyEscrowLogisticsBody = Static<typeof ModifyEscrowLogisticsBody>

export const ApplyEscrowLogisticsResponse = object('ApplyEscrowLogisticsResponse', '', {
  invoiceNumber: string(),
  sentAt: dateTime(),
  appliedAt: dateTime(),
})
export type ApplyEscrowLogisticsResponse = Static<typeof ApplyEscrowLogisticsResponse>

export const ModifyEscrowLogisticsResponse = object('ModifyEscrowLogisticsResponse', '', {
  invoiceNumber: string(),
  sentAt: dateTime(),
  modifiedAt: dateTime(),
})
export type ModifyEscrowLogisticsResponse = Static<typeof ModifyEscrowLogisticsResponse>

export const ConfirmEscrowBody = object('ConfirmEscrowBody', '', {
  storeId: optional(string()),
  fromStore: optional(boolean()),
})
export type ConfirmEscrowBody = Static<typeof ConfirmEscrowBody>

export const ConfirmEscrowResponse = object('ConfirmEscrowResponse', '', {
  completedAt: dateTime(),
})
export type ConfirmEscrowResponse = Static<typeof ConfirmEscrowResponse>
