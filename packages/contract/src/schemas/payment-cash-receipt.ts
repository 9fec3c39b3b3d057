import { amount, dateTime, discriminated, enumeration, object, optional, type Static, string, tag } from '../schema.ts'
import { Currency } from './currency.ts'

export const CashReceiptType = enumeration('CashReceiptType', '', ['PERSONAL', 'CORPORATE'])
export type CashReceiptType = Static<typeof CashReceiptType>

/** What a cash receipt that was issued says, cancelled since or not. */
const issuedFields = {
  type: optional(CashReceiptType),
  pgReceiptId: optional(string()),
  issueNumber: string(),
  totalAmount: amount(),
  taxFreeAmount: optional(amount()),
  currency: Currency,
  url: optional(string()),
  issuedAt: dateTime(),
}

export const CashReceiptInputType = enumeration('CashReceiptInputType', '', ['PERSONAL', 'CORPORATE', 'NO_RECEIPT'])
export type CashReceiptInputType = Static<typeof CashReceiptInputType>

export const CashReceiptInput = object('CashReceiptInput', '', {
  type: CashReceiptInputType,
  customerIdentityNumber: optional(string()),
})
export type CashReceiptInput = Static<typeof CashReceiptInput>

export const CashReceiptIssuanceStatus = enumeration('CashReceiptIssuanceStatus', '', ['ISSUED', 'NOT_ISSUED'])
export type CashReceiptIssuanceStatus = Static<typeof CashReceiptIssuanceStatus>

export const CancelledPaymentCashReceipt = object('CancelledPaymentCashReceipt', '', {
  status: tag('CANCELLED'),
  ...issuedFields,
  cancelledAt: dateTime(),
})
export type CancelledPaymentCashReceipt = Static<typeof CancelledPaymentCashReceipt>

export const IssuedPaymentCashReceipt = object('IssuedPaymentCashReceipt', '', {
  status: tag('ISSUED'),
  ...issuedFields,
})
export type IssuedPaymentCashReceipt = Static<typeof IssuedPaymentCashReceipt>

export const PaymentCashReceipt = discriminated('PaymentCashReceipt', '', 'status', {
  CANCELLED: CancelledPaymentCashReceipt,
  ISSUED: IssuedPaymentCashReceipt,
})
export type PaymentCashReceipt = Static<typeof PaymentCashReceipt>

export const PaymentCashReceiptStatus = enumeration('PaymentCashReceiptStatus', '', ['ISSUED', 'CANCELLED'])
export type PaymentCashReceiptStatus = Static<typeof PaymentCashReceiptStatus>
