import { array, boolean, dateTime, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { SeparatedAddressInput } from '../common/address.ts'
import { PaymentProduct } from '../common/product.ts'

export const PaymentEscrowReceiverInput = object('PaymentEscrowReceiverInput', 'Who receives the goods.', {
  name: optional(string('The name of the receiver.')),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
  zipcode: optional(string('The postal code.')),
  address: optional(SeparatedAddressInput),
})
export type PaymentEscrowReceiverInput = Static<typeof PaymentEscrowReceiverInput>

export const PaymentEscrowSenderInput = object('PaymentEscrowSenderInput', 'Who sends the goods.', {
  name: optional(string('The name of the sender.')),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
  zipcode: optional(string('The postal code.')),
  relationship: optional(string('How the sender relates to the merchant.')),
  address: optional(SeparatedAddressInput),
})
export type PaymentEscrowSenderInput = Static<typeof PaymentEscrowSenderInput>

export const PaymentLogisticsCompany = enumeration('PaymentLogisticsCompany', 'A shipping company.', [
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

export const PaymentLogistics = object('PaymentLogistics', 'A shipment.', {
  company: PaymentLogisticsCompany,
  invoiceNumber: string("The shipping company's tracking number."),
  sentAt: dateTime('When the goods were sent.'),
  receivedAt: optional(dateTime('When the goods arrived.')),
  address: optional(SeparatedAddressInput),
})
export type PaymentLogistics = Static<typeof PaymentLogistics>

/** Registering and changing a shipment ask for the same. */
const logisticsFields = {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  sender: optional(PaymentEscrowSenderInput),
  receiver: optional(PaymentEscrowReceiverInput),
  logistics: PaymentLogistics,
  sendEmail: optional(boolean('Whether to tell the buyer by e-mail. Defaults to false.')),
  products: optional(array(PaymentProduct, 'What is bought.')),
}

export const RegisterEscrowLogisticsBody = object('RegisterEscrowLogisticsBody', 'The shipment to register.', {
  ...logisticsFields,
})
export type RegisterEscrowLogisticsBody = Static<typeof RegisterEscrowLogisticsBody>

export const ModifyEscrowLogisticsBody = object('ModifyEscrowLogisticsBody', 'The shipment as it is to be.', {
  ...logisticsFields,
})
export type ModifyEscrowLogisticsBody = Static<typeof ModifyEscrowLogisticsBody>

export const ApplyEscrowLogisticsResponse = object('ApplyEscrowLogisticsResponse', 'The shipment as registered.', {
  invoiceNumber: string("The shipping company's tracking number."),
  sentAt: dateTime('When the goods were sent.'),
  appliedAt: dateTime('When the shipment was registered.'),
})
export type ApplyEscrowLogisticsResponse = Static<typeof ApplyEscrowLogisticsResponse>

export const ModifyEscrowLogisticsResponse = object('ModifyEscrowLogisticsResponse', 'The shipment as changed.', {
  invoiceNumber: string("The shipping company's tracking number."),
  sentAt: dateTime('When the goods were sent.'),
  modifiedAt: dateTime('When the shipment was changed.'),
})
export type ModifyEscrowLogisticsResponse = Static<typeof ModifyEscrowLogisticsResponse>

export const ConfirmEscrowBody = object('ConfirmEscrowBody', 'Who confirms the purchase.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  fromStore: optional(
    boolean('True where the merchant confirms, false where the buyer does. Defaults to false; Naver Pay needs true.'),
  ),
})
export type ConfirmEscrowBody = Static<typeof ConfirmEscrowBody>

export const ConfirmEscrowResponse = object('ConfirmEscrowResponse', 'The purchase was confirmed.', {
  completedAt: dateTime('When the purchase was confirmed.'),
})
export type ConfirmEscrowResponse = Static<typeof ConfirmEscrowResponse>
