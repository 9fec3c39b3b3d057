import { amount, object, optional, type Static } from '../schema.ts'

export const PaymentAmount = object('PaymentAmount', '', {
  total: amount(),
  taxFree: amount(),
  vat: optional(amount()),
  supply: optional(amount()),
  discount: amount(),
  paid: amount(),
  cancelled: amount(),
  cancelledTaxFree: amount(),
})
export type PaymentAmount = Static<typeof PaymentAmount>

export const PaymentAmountInput = object('PaymentAmountInput', '', {
  total: amount(),
  taxFree: optional(amount()),
  vat: optional(amount()),
})
export type PaymentAmountInput = Static<typeof PaymentAmountInput>
