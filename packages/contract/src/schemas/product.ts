import { amount, enumeration, integer, object, optional, type Static, string } from '../schema.ts'

export const PaymentProduct = object('PaymentProduct', '', {
  id: string(),
  name: string(),
  tag: optional(string()),
  code: optional(string()),
  amount: amount(),
  quantity: integer(),
  link: optional(string()),
})
export type PaymentProduct = Static<typeof PaymentProduct>

export const PaymentProductType = enumeration('PaymentProductType', '', ['PHYSICAL', 'DIGITAL'])
export type PaymentProductType = Static<typeof PaymentProductType>
