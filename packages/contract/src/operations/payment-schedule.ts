import { access, operation, storeQuery } from '../operation.ts'
import { object, string } from '../schema.ts'
import { PaymentSchedule } from '../schemas/payment/schedule.ts'
import {
  CreatePaymentScheduleBody,
  CreatePaymentScheduleResponse,
  RevokePaymentSchedulesBody,
  RevokePaymentSchedulesResponse,
} from '../schemas/payment/schedule-create.ts'
import { GetPaymentSchedulesBody, GetPaymentSchedulesResponse } from '../schemas/payment/schedule-list.ts'
import { paymentPath } from './payment-parameters.ts'

const schedulePath = object('PaymentSchedulePath', 'Which payment schedule is meant.', {
  paymentScheduleId: string('The id of the payment schedule.'),
})

export const paymentScheduleOperations = {
  createPaymentSchedule: operation({
    category: 'payment.paymentSchedule',
    method: 'POST',
    path: '/payments/{paymentId}/schedule',
    summary: 'Schedule a payment with a billing key',
    description:
      'Charges a billing key when the time comes; what came of it is told by webhook. A failed payment is not tried again. Refuses a payment id that is paid, waiting or scheduled, and a deleted billing key. Channel and promotion are looked at only when the time comes.',
    authenticated: true,
    pathParameters: paymentPath,
    body: CreatePaymentScheduleBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: CreatePaymentScheduleResponse,
    errors: [
      ...access,
      'BILLING_KEY_NOT_FOUND',
      'ALREADY_PAID_OR_WAITING',
      'BILLING_KEY_ALREADY_DELETED',
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
      'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
    ],
  }),
  getPaymentSchedule: operation({
    category: 'payment.paymentSchedule',
    method: 'GET',
    path: '/payment-schedules/{paymentScheduleId}',
    summary: 'Read a payment schedule',
    description: 'Returns the payment schedule, whatever its status.',
    authenticated: true,
    pathParameters: schedulePath,
    queryParameters: storeQuery,
    success: PaymentSchedule,
    errors: [...access, 'PAYMENT_SCHEDULE_NOT_FOUND'],
  }),
  getPaymentSchedules: operation({
    category: 'payment.paymentSchedule',
    method: 'GET',
    path: '/payment-schedules',
    summary: 'List payment schedules by page',
    description:
      'Returns the payment schedules that match all conditions of the filter. Without a time range, covers the last 90 days and so no schedule in the future: set `until` to see those.',
    authenticated: true,
    body: GetPaymentSchedulesBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPaymentSchedulesResponse,
    errors: access,
  }),
  revokePaymentSchedules: operation({
    category: 'payment.paymentSchedule',
    method: 'DELETE',
    path: '/payment-schedules',
    summary: 'Revoke payment schedules',
    description:
      'Revokes the schedules named, or all of a billing key that have not begun. All or none: refuses if one of them has begun or has been revoked.',
    authenticated: true,
    body: RevokePaymentSchedulesBody,
    bodyIn: 'query-or-body',
    bodyRequired: true,
    success: RevokePaymentSchedulesResponse,
    errors: [
      ...access,
      'BILLING_KEY_NOT_FOUND',
      'PAYMENT_SCHEDULE_NOT_FOUND',
      'BILLING_KEY_ALREADY_DELETED',
      'PAYMENT_SCHEDULE_ALREADY_PROCESSED',
      'PAYMENT_SCHEDULE_ALREADY_REVOKED',
    ],
  }),
}
