import { array, boolean, dateTime, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { PageInfo, PageInput, SortOrder } from '../common/list.ts'
import { PaymentSchedule } from './schedule.ts'

export const PaymentScheduleStatus = enumeration(
  'PaymentScheduleStatus',
  'The status of a payment schedule, to filter by.',
  ['SCHEDULED', 'STARTED', 'SUCCEEDED', 'FAILED', 'REVOKED', 'PENDING'],
)
export type PaymentScheduleStatus = Static<typeof PaymentScheduleStatus>

export const PaymentScheduleFilterInput = object(
  'PaymentScheduleFilterInput',
  'Which payment schedules to return. A schedule must meet every condition given.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    billingKey: optional(string('Only schedules of this billing key.')),
    from: optional(dateTime('The earliest time to pay, inclusive. Defaults to 90 days before `until`.')),
    until: optional(
      dateTime('The latest time to pay, inclusive. Defaults to now: set it to see schedules in the future.'),
    ),
    status: optional(array(PaymentScheduleStatus, 'Any of these statuses.')),
    isForTest: optional(boolean('True for schedules through test channels, false for live ones.')),
  },
)
export type PaymentScheduleFilterInput = Static<typeof PaymentScheduleFilterInput>

export const PaymentScheduleSortBy = enumeration('PaymentScheduleSortBy', 'What payment schedules are sorted by.', [
  'CREATED_AT',
  'TIME_TO_PAY',
  'COMPLETED_AT',
  'STATUS_TIMESTAMP',
])
export type PaymentScheduleSortBy = Static<typeof PaymentScheduleSortBy>

export const PaymentScheduleSortInput = object(
  'PaymentScheduleSortInput',
  'How to sort payment schedules. Defaults to the latest time to pay first.',
  {
    by: optional(PaymentScheduleSortBy),
    order: optional(SortOrder),
  },
)
export type PaymentScheduleSortInput = Static<typeof PaymentScheduleSortInput>

export const GetPaymentSchedulesBody = object('GetPaymentSchedulesBody', 'Which payment schedules to return.', {
  page: optional(PageInput),
  sort: optional(PaymentScheduleSortInput),
  filter: optional(PaymentScheduleFilterInput),
})
export type GetPaymentSchedulesBody = Static<typeof GetPaymentSchedulesBody>

export const GetPaymentSchedulesResponse = object('GetPaymentSchedulesResponse', 'A page of payment schedules.', {
  items: array(PaymentSchedule, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetPaymentSchedulesResponse = Static<typeof GetPaymentSchedulesResponse>
