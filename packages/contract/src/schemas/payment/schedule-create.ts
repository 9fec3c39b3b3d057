import { array, dateTime, object, optional, type Static, string } from '../../schema.ts'
import { billingKeyPaymentFields } from '../billing-key/payment.ts'

export const BillingKeyPaymentScheduleInput = object(
  'BillingKeyPaymentScheduleInput',
  'What to charge to a billing key when the time comes.',
  {
    ...billingKeyPaymentFields,
  },
)
export type BillingKeyPaymentScheduleInput = Static<typeof BillingKeyPaymentScheduleInput>

export const CreatePaymentScheduleBody = object('CreatePaymentScheduleBody', 'What to charge and when.', {
  payment: BillingKeyPaymentScheduleInput,
  timeToPay: dateTime('When the payment is to be made; must be in the future.'),
})
export type CreatePaymentScheduleBody = Static<typeof CreatePaymentScheduleBody>

export const PaymentScheduleSummary = object('PaymentScheduleSummary', 'A new payment schedule.', {
  id: string("The schedule's id."),
})
export type PaymentScheduleSummary = Static<typeof PaymentScheduleSummary>

export const CreatePaymentScheduleResponse = object('CreatePaymentScheduleResponse', 'The payment was scheduled.', {
  schedule: PaymentScheduleSummary,
})
export type CreatePaymentScheduleResponse = Static<typeof CreatePaymentScheduleResponse>

export const RevokePaymentSchedulesBody = object(
  'RevokePaymentSchedulesBody',
  'Which payment schedules to revoke. Give at least one of `billingKey` and `scheduleIds`.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    billingKey: optional(
      string('The billing key whose schedules are to be revoked: all of them, unless `scheduleIds` names some.'),
    ),
    scheduleIds: optional(
      array(string(), 'The schedules to revoke. With `billingKey` besides, all must be of that key.'),
    ),
  },
)
export type RevokePaymentSchedulesBody = Static<typeof RevokePaymentSchedulesBody>

export const RevokePaymentSchedulesResponse = object(
  'RevokePaymentSchedulesResponse',
  'The payment schedules were revoked.',
  {
    revokedScheduleIds: array(string(), 'The schedules that were revoked.'),
    revokedAt: optional(dateTime('When the schedules were revoked. Absent when there were none.')),
  },
)
export type RevokePaymentSchedulesResponse = Static<typeof RevokePaymentSchedulesResponse>
