import {
  amount,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Currency } from '../common/currency.ts'

export const CashReceiptType = enumeration(
  'CashReceiptType',
  "Whether a cash receipt serves a person's income tax or a company's expenses.",
  ['PERSONAL', 'CORPORATE'],
)
export type CashReceiptType = Static<typeof CashReceiptType>

/** What a cash receipt that was issued says, cancelled since or not. */
const issuedFields = {
  type: optional(CashReceiptType),
  pgReceiptId: optional(string("The payment gateway's own id of the receipt.")),
  issueNumber: string("The tax office's approval number."),
  totalAmount: amount('What the receipt is about, in the minor unit of the currency.'),
  taxFreeAmount: optional(amount('The tax-free part, in the minor unit of the currency.')),
  currency: Currency,
  url: optional(string('Where the receipt can be seen.')),
  issuedAt: dateTime('When the receipt was issued.'),
}

export const CashReceiptInputType = enumeration(
  'CashReceiptInputType',
  'For whom a cash receipt is issued; `NO_RECEIPT` for none.',
  ['PERSONAL', 'CORPORATE', 'NO_RECEIPT'],
)
export type CashReceiptInputType = Static<typeof CashReceiptInputType>

export const CashReceiptInput = object('CashReceiptInput', 'The cash receipt to issue with a payment.', {
  type: CashReceiptInputType,
  customerIdentityNumber: optional(
    string(
      'Whom to issue the receipt to: a telephone number, cash-receipt card number or business registration number.',
    ),
  ),
})
export type CashReceiptInput = Static<typeof CashReceiptInput>

export const CashReceiptIssuanceStatus = enumeration(
  'CashReceiptIssuanceStatus',
  'What was known of a cash receipt when the payment was approved.',
  ['ISSUED', 'NOT_ISSUED'],
)
export type CashReceiptIssuanceStatus = Static<typeof CashReceiptIssuanceStatus>

export const CancelledPaymentCashReceipt = object('CancelledPaymentCashReceipt', 'A cash receipt that was cancelled.', {
  status: tag('CANCELLED'),
  ...issuedFields,
  cancelledAt: dateTime('When the receipt was cancelled.'),
})
export type CancelledPaymentCashReceipt = Static<typeof CancelledPaymentCashReceipt>

export const IssuedPaymentCashReceipt = object('IssuedPaymentCashReceipt', 'A cash receipt in force.', {
  status: tag('ISSUED'),
  ...issuedFields,
})
export type IssuedPaymentCashReceipt = Static<typeof IssuedPaymentCashReceipt>

export const PaymentCashReceipt = discriminated('PaymentCashReceipt', 'The cash receipt of a payment.', 'status', {
  CANCELLED: CancelledPaymentCashReceipt,
  ISSUED: IssuedPaymentCashReceipt,
})
export type PaymentCashReceipt = Static<typeof PaymentCashReceipt>

export const PaymentCashReceiptStatus = enumeration('PaymentCashReceiptStatus', 'Whether a cash receipt is in force.', [
  'ISSUED',
  'CANCELLED',
])
export type PaymentCashReceiptStatus = Static<typeof PaymentCashReceiptStatus>
