import { amount, object, optional, type Static } from '../../schema.ts'

export const PaymentAmount = object('PaymentAmount', 'The amounts of a payment.', {
  total: amount('The total of the order, in the minor unit of the currency.'),
  taxFree: amount('The tax-free part of the total, in the minor unit.'),
  vat: optional(amount('The VAT in the total, in the minor unit.')),
  supply: optional(amount('The total less its tax-free part and VAT, in the minor unit.')),
  discount: amount('What promotions, points and coupons took off, in the minor unit.'),
  paid: amount(
    'What the buyer is charged: the total less the discount, in the minor unit. Present whatever the status, so no proof of payment.',
  ),
  cancelled: amount('How much has been cancelled, in the minor unit.'),
  cancelledTaxFree: amount('The tax-free part of what has been cancelled, in the minor unit.'),
})
export type PaymentAmount = Static<typeof PaymentAmount>

export const PaymentAmountInput = object('PaymentAmountInput', 'How much to charge.', {
  total: amount('The total to charge, in the minor unit of the currency. Positive.'),
  taxFree: optional(amount('The tax-free part of the total, in the minor unit. Defaults to 0.')),
  vat: optional(
    amount(
      'The VAT in the total, in the minor unit. Defaults to an eleventh of the taxable part, rounded; give 0 for zero-rated goods.',
    ),
  ),
})
export type PaymentAmountInput = Static<typeof PaymentAmountInput>
