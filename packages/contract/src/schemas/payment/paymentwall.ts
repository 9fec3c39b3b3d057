import {
  array,
  boolean,
  dateTime,
  described,
  enumeration,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { Country } from '../common/country.ts'

export const PaymentwallDeliveryStatus = enumeration('PaymentwallDeliveryStatus', 'How far a delivery has come.', [
  'ORDER_PLACED',
  'ORDER_SHIPPED',
  'DELIVERED',
])
export type PaymentwallDeliveryStatus = Static<typeof PaymentwallDeliveryStatus>

export const PaymentwallDeliveryType = enumeration('PaymentwallDeliveryType', 'Whether the goods are tangible.', [
  'DIGITAL',
  'PHYSICAL',
])
export type PaymentwallDeliveryType = Static<typeof PaymentwallDeliveryType>

export const ConfirmPaymentwallDeliveryBody = object('ConfirmPaymentwallDeliveryBody', 'Evidence of a delivery.', {
  transactionId: string('The attempt that was paid.'),
  deliveryType: PaymentwallDeliveryType,
  deliveryStatus: PaymentwallDeliveryStatus,
  estimatedDeliveryDatetime: dateTime('When the goods are expected to arrive.'),
  estimatedUpdateDatetime: dateTime('When to expect news of the delivery. Now, for digital goods.'),
  reason: optional(string('Why the delivery has this status.')),
  refundable: boolean('Whether the goods can be returned for money.'),
  details: string('What is delivered, in words.'),
  shippingAddressEmail: string("The receiver's e-mail address."),
  carrierTrackingId: optional(string("The shipping company's tracking number. Needed for physical goods.")),
  carrierType: optional(string('The shipping company. Needed for physical goods.')),
  shippingAddressCountry: optional(described(Country, 'Needed for physical goods.')),
  shippingAddressCity: optional(string('The city. Needed for physical goods.')),
  shippingAddressZip: optional(string('The postal code. Needed for physical goods.')),
  shippingAddressState: optional(string('The province or state. Needed for physical goods.')),
  shippingAddressStreet: optional(string('The street. Needed for physical goods.')),
  shippingAddressPhone: optional(string("The receiver's telephone number. Needed for physical goods.")),
  shippingAddressFirstname: optional(string("The receiver's given name. Needed for physical goods.")),
  shippingAddressLastname: optional(string("The receiver's family name. Needed for physical goods.")),
  attachments: optional(array(string(), 'Addresses of evidence.')),
})
export type ConfirmPaymentwallDeliveryBody = Static<typeof ConfirmPaymentwallDeliveryBody>

export const ConfirmPaymentwallDeliveryResponse = object(
  'ConfirmPaymentwallDeliveryResponse',
  'The evidence was registered.',
  {},
)
export type ConfirmPaymentwallDeliveryResponse = Static<typeof ConfirmPaymentwallDeliveryResponse>
