import { dateTime, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { PaymentAmountInput } from '../common/money.ts'
import { PaymentProductType } from '../common/product.ts'
import { CashReceiptType } from '../payment/cash-receipt.ts'

export const IssueCashReceiptCustomerInputIdentityNumberType = enumeration(
  'IssueCashReceiptCustomerInputIdentityNumberType',
  'What kind of number names the buyer.',
  ['PHONE', 'CARD', 'BUSINESS'],
)
export type IssueCashReceiptCustomerInputIdentityNumberType = Static<
  typeof IssueCashReceiptCustomerInputIdentityNumberType
>

export const IssueCashReceiptCustomerInput = object(
  'IssueCashReceiptCustomerInput',
  'To whom the cash receipt is issued.',
  {
    identityNumber: string(
      'Whom to issue the receipt to: a telephone number, cash-receipt card number or business registration number.',
    ),
    identityNumberType: optional(IssueCashReceiptCustomerInputIdentityNumberType),
    name: optional(string('The name.')),
    email: optional(string('An e-mail address.')),
    phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
  },
)
export type IssueCashReceiptCustomerInput = Static<typeof IssueCashReceiptCustomerInput>

export const IssueCashReceiptPaymentMethodType = enumeration(
  'IssueCashReceiptPaymentMethodType',
  'How the buyer paid.',
  ['TRANSFER', 'VIRTUAL_ACCOUNT'],
)
export type IssueCashReceiptPaymentMethodType = Static<typeof IssueCashReceiptPaymentMethodType>

export const IssueCashReceiptBody = object('IssueCashReceiptBody', 'What the cash receipt is about.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  paymentId: string('The payment the receipt is for. For a payment made elsewhere, a new id.'),
  channelKey: string('The channel to issue through.'),
  type: CashReceiptType,
  orderName: string('What the buyer sees as the name of the order.'),
  currency: Currency,
  amount: PaymentAmountInput,
  productType: optional(PaymentProductType),
  customer: IssueCashReceiptCustomerInput,
  paidAt: optional(dateTime('When the payment was made. Defaults to now.')),
  businessRegistrationNumber: optional(
    string("The selling store's business registration number, where it is not the channel's."),
  ),
  paymentMethod: optional(IssueCashReceiptPaymentMethodType),
})
export type IssueCashReceiptBody = Static<typeof IssueCashReceiptBody>

export const CashReceiptSummary = object('CashReceiptSummary', 'A new cash receipt.', {
  issueNumber: string("The tax office's approval number."),
  url: string('Where the receipt can be seen.'),
  pgReceiptId: string("The payment gateway's own id of the receipt."),
})
export type CashReceiptSummary = Static<typeof CashReceiptSummary>

export const IssueCashReceiptResponse = object('IssueCashReceiptResponse', 'The cash receipt was issued.', {
  cashReceipt: CashReceiptSummary,
})
export type IssueCashReceiptResponse = Static<typeof IssueCashReceiptResponse>
