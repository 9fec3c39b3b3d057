import { amount, enumeration, integer, object, optional, type Static, string } from '../../schema.ts'

export const PaymentProduct = object('PaymentProduct', 'A product of an order.', {
  id: string("The merchant's own id of the product."),
  name: string("The product's name."),
  tag: optional(string('A label of the merchant.')),
  code: optional(string("The merchant's own code for the product.")),
  amount: amount('The price of one, in the minor unit of the currency.'),
  quantity: integer('How many of it.'),
  link: optional(string("The product's page.")),
})
export type PaymentProduct = Static<typeof PaymentProduct>

export const PaymentProductType = enumeration('PaymentProductType', 'Whether goods are tangible.', [
  'PHYSICAL',
  'DIGITAL',
])
export type PaymentProductType = Static<typeof PaymentProductType>
