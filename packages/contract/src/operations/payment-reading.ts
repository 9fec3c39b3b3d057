import { access, operation, storeQuery } from '../operation.ts'
import { GetAllPaymentEventsByCursorBody, GetAllPaymentEventsByCursorResponse } from '../schemas/payment/event.ts'
import {
  GetAllPaymentsByCursorBody,
  GetAllPaymentsByCursorResponse,
  GetPaymentsBody,
  GetPaymentsResponse,
} from '../schemas/payment/list.ts'
import { Payment } from '../schemas/payment/payment.ts'
import { GetPaymentTransactionsResponse } from '../schemas/payment/transaction.ts'
import { paymentPath } from './payment-parameters.ts'

export const paymentReadingOperations = {
  getPayment: operation({
    category: 'payment',
    method: 'GET',
    path: '/payments/{paymentId}',
    summary: 'Read a payment',
    description:
      'Returns the payment as its representative attempt shows it: the paid one, otherwise the latest. A payment id that was only registered in advance or scheduled is not found.',
    authenticated: true,
    pathParameters: paymentPath,
    queryParameters: storeQuery,
    success: Payment,
    errors: [...access, 'PAYMENT_NOT_FOUND'],
  }),
  getPayments: operation({
    category: 'payment',
    method: 'GET',
    path: '/payments',
    summary: 'List payments by page',
    description:
      'Returns the payments that match all conditions of the filter, of all stores the credential reaches unless one is named. Without a time range, covers the last 90 days. Refuses to page beyond the 60,000th payment.',
    authenticated: true,
    body: GetPaymentsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPaymentsResponse,
    errors: access,
  }),
  getAllPaymentsByCursor: operation({
    category: 'payment',
    method: 'GET',
    path: '/payments-by-cursor',
    summary: 'Walk through all payments',
    description:
      'Returns payments in the order in which they were created. Pass the `cursor` of the last item received to go on; an empty answer ends the walk. Without a time range, covers the last 90 days.',
    authenticated: true,
    body: GetAllPaymentsByCursorBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetAllPaymentsByCursorResponse,
    errors: access,
    unstable: true,
  }),
  getAllPaymentEventsByCursor: operation({
    category: 'payment',
    method: 'GET',
    path: '/payment-events-by-cursor',
    summary: 'Walk through all movements of money',
    description:
      'Returns one event for each approval and each completed cancellation, in the order in which they happened. Pass the `cursor` of the last item received to go on; an empty answer ends the walk. Without a time range, covers the last 90 days.',
    authenticated: true,
    body: GetAllPaymentEventsByCursorBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetAllPaymentEventsByCursorResponse,
    errors: access,
    unstable: true,
  }),
  getPaymentTransactions: operation({
    category: 'payment',
    method: 'GET',
    path: '/payments/{paymentId}/transactions',
    summary: 'List the attempts to pay a payment',
    description: 'Returns every attempt made under the payment id, oldest first, failed ones included.',
    authenticated: true,
    pathParameters: paymentPath,
    queryParameters: storeQuery,
    success: GetPaymentTransactionsResponse,
    errors: [...access, 'PAYMENT_NOT_FOUND'],
    unstable: true,
  }),
}
