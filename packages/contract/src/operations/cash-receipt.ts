import { access, operation, storeQuery } from '../operation.ts'
import { CancelCashReceiptResponse, CashReceipt } from '../schemas/cash-receipt/cash-receipt.ts'
import { IssueCashReceiptBody, IssueCashReceiptResponse } from '../schemas/cash-receipt/issue.ts'
import { GetCashReceiptsBody, GetCashReceiptsResponse } from '../schemas/cash-receipt/list.ts'
import { paymentPath } from './payment-parameters.ts'

export const cashReceiptOperations = {
  getCashReceipts: operation({
    category: 'payment.cashReceipt',
    method: 'GET',
    path: '/cash-receipts',
    summary: 'List cash receipts by page',
    description:
      'Returns the cash receipts that match all conditions of the filter, of all stores the credential reaches unless one is named. Without a time range, covers the last 90 days.',
    authenticated: true,
    body: GetCashReceiptsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetCashReceiptsResponse,
    errors: access,
  }),
  issueCashReceipt: operation({
    category: 'payment.cashReceipt',
    method: 'POST',
    path: '/cash-receipts',
    summary: 'Issue a cash receipt',
    description:
      'Issues a cash receipt by hand, also for a payment made elsewhere: then choose a new payment id. Refuses while a receipt for the payment id is in force.',
    authenticated: true,
    body: IssueCashReceiptBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: IssueCashReceiptResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND', 'CASH_RECEIPT_ALREADY_ISSUED', 'PG_PROVIDER'],
  }),
  getCashReceiptByPaymentId: operation({
    category: 'payment.cashReceipt',
    method: 'GET',
    path: '/payments/{paymentId}/cash-receipt',
    summary: 'Read the cash receipt of a payment',
    description: 'Returns the latest cash receipt issued for the payment id.',
    authenticated: true,
    pathParameters: paymentPath,
    queryParameters: storeQuery,
    success: CashReceipt,
    errors: [...access, 'CASH_RECEIPT_NOT_FOUND'],
  }),
  cancelCashReceiptByPaymentId: operation({
    category: 'payment.cashReceipt',
    method: 'POST',
    path: '/payments/{paymentId}/cash-receipt/cancel',
    summary: 'Cancel the cash receipt of a payment',
    description: 'Cancels the whole receipt. Refuses a receipt that is not in force.',
    authenticated: true,
    pathParameters: paymentPath,
    queryParameters: storeQuery,
    success: CancelCashReceiptResponse,
    errors: [...access, 'CASH_RECEIPT_NOT_FOUND', 'CASH_RECEIPT_NOT_ISSUED', 'PG_PROVIDER'],
  }),
}
