import { amount, boolean, dateTime, discriminated, object, optional, type Static, string, tag } from '../../schema.ts'
import { SelectedChannel } from '../common/channel.ts'
import { Currency } from '../common/currency.ts'
import { CashReceiptType } from '../payment/cash-receipt.ts'

/** What a cash receipt that was issued says, cancelled since or not. */
const issuedReceiptFields = {
  merchantId: string('The merchant of the receipt.'),
  storeId: string('The store of the receipt.'),
  paymentId: string('The payment the receipt is for.'),
  channel: SelectedChannel,
  amount: amount('What the receipt is about, in the minor unit of the currency.'),
  taxFreeAmount: optional(amount('The tax-free part, in the minor unit of the currency.')),
  vatAmount: optional(amount('The VAT, in the minor unit of the currency.')),
  currency: Currency,
  orderName: string('What the buyer sees as the name of the order.'),
  isManual: boolean('Whether the receipt was issued by request, rather than with the payment.'),
  type: optional(CashReceiptType),
  pgReceiptId: optional(string("The payment gateway's own id of the receipt.")),
  issueNumber: string("The tax office's approval number."),
  url: optional(string('Where the receipt can be seen.')),
  issuedAt: dateTime('When the receipt was issued.'),
  statusUpdatedAt: optional(dateTime('When the status last changed.')),
}

export const IssuedCashReceipt = object('IssuedCashReceipt', 'A cash receipt in force.', {
  status: tag('ISSUED'),
  ...issuedReceiptFields,
})
export type IssuedCashReceipt = Static<typeof IssuedCashReceipt>

export const CancelledCashReceipt = object('CancelledCashReceipt', 'A cash receipt that was cancelled.', {
  status: tag('CANCELLED'),
  ...issuedReceiptFields,
  cancelledAt: dateTime('When the receipt was cancelled.'),
})
export type CancelledCashReceipt = Static<typeof CancelledCashReceipt>

export const IssueFailedCashReceipt = object('IssueFailedCashReceipt', 'Issuing the cash receipt failed.', {
  status: tag('ISSUE_FAILED'),
  merchantId: string('The merchant of the receipt.'),
  storeId: string('The store of the receipt.'),
  paymentId: string('The payment the receipt is for.'),
  channel: optional(SelectedChannel),
  orderName: string('What the buyer sees as the name of the order.'),
  isManual: boolean('Whether the receipt was issued by request, rather than with the payment.'),
  statusUpdatedAt: optional(dateTime('When the status last changed.')),
})
export type IssueFailedCashReceipt = Static<typeof IssueFailedCashReceipt>

export const CashReceipt = discriminated(
  'CashReceipt',
  'A cash receipt: the Korean tax document for payments that are like cash.',
  'status',
  {
    ISSUED: IssuedCashReceipt,
    CANCELLED: CancelledCashReceipt,
    ISSUE_FAILED: IssueFailedCashReceipt,
  },
)
export type CashReceipt = Static<typeof CashReceipt>

export const CancelCashReceiptResponse = object('CancelCashReceiptResponse', 'The cash receipt was cancelled.', {
  cancelledAmount: amount('How much was cancelled, in the minor unit of the currency.'),
  cancelledAt: dateTime('When the receipt was cancelled.'),
})
export type CancelCashReceiptResponse = Static<typeof CancelCashReceiptResponse>
