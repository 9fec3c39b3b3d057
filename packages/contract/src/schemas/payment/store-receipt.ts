import { amount, array, object, optional, type Static, string } from '../../schema.ts'
import { Currency } from '../common/currency.ts'

export const RegisterStoreReceiptBodyItem = object('RegisterStoreReceiptBodyItem', 'The part of one store.', {
  storeBusinessRegistrationNumber: string("The store's business registration number."),
  storeName: string("The store's name."),
  totalAmount: amount('What the store sold, in the minor unit of the currency.'),
  taxFreeAmount: optional(amount('The tax-free part, in the minor unit of the currency.')),
  vatAmount: optional(amount('The VAT, in the minor unit of the currency.')),
  supplyAmount: optional(amount('The total less its tax-free part and VAT, in the minor unit of the currency.')),
  currency: Currency,
})
export type RegisterStoreReceiptBodyItem = Static<typeof RegisterStoreReceiptBodyItem>

export const RegisterStoreReceiptBody = object('RegisterStoreReceiptBody', 'How to split the sales slip.', {
  items: array(RegisterStoreReceiptBodyItem, 'The stores and what each sold.'),
  storeId: optional(string("The store. Defaults to the credential's own store.")),
})
export type RegisterStoreReceiptBody = Static<typeof RegisterStoreReceiptBody>

export const RegisterStoreReceiptResponse = object('RegisterStoreReceiptResponse', 'The parts were registered.', {
  receiptUrl: optional(string('Where the payment gateway shows the sales slip.')),
})
export type RegisterStoreReceiptResponse = Static<typeof RegisterStoreReceiptResponse>
