import { amount, array, object, optional, type Static, string } from '../schema.ts'
import { Currency } from './currency.ts'

export const RegisterStoreReceiptBodyItem = object('RegisterStoreReceiptBodyItem', '', {
  storeBusinessRegistrationNumber: string(),
  storeName: string(),
  totalAmount: amount(),
  taxFreeAmount: optional(amount()),
  vatAmount: optional(amount()),
  supplyAmount: optional(amount()),
  currency: Currency,
})
export type RegisterStoreReceiptBodyItem = Static<typeof RegisterStoreReceiptBodyItem>

export const RegisterStoreReceiptBody = object('RegisterStoreReceiptBody', '', {
  items: array(RegisterStoreReceiptBodyItem),
  storeId: optional(string()),
})
export type RegisterStoreReceiptBody = Static<typeof RegisterStoreReceiptBody>

export const RegisterStoreReceiptResponse = object('RegisterStoreReceiptResponse', '', {
  receiptUrl: optional(string()),
})
export type RegisterStoreReceiptResponse = Static<typeof RegisterStoreReceiptResponse>
