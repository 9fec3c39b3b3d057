import {
  amount,
  array,
  boolean,
  dateTime,
  discriminated,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { Customer } from '../common/customer.ts'
import { PaymentProduct } from '../common/product.ts'

/** What every payment schedule says, whatever its status. */
const scheduleFields = {
  id: string("The schedule's id."),
  merchantId: string('The merchant of the schedule.'),
  storeId: string('The store of the schedule.'),
  paymentId: string('The id the payment gets.'),
  billingKey: string('The billing key to charge.'),
  orderName: string('What the buyer sees as the name of the order.'),
  isCulturalExpense: boolean('Whether the purchase counts as a cultural expense in Korean income tax.'),
  isEscrow: boolean('Whether the payment is under escrow.'),
  customer: Customer,
  customData: string('Any text of the merchant; empty where none was given.'),
  totalAmount: amount('The total, in the minor unit of the currency.'),
  taxFreeAmount: optional(amount('The tax-free part, in the minor unit of the currency.')),
  vatAmount: optional(amount('The VAT, in the minor unit of the currency.')),
  currency: Currency,
  installmentMonth: optional(integer('Monthly instalments: 0 for a single charge, otherwise 2 or more.')),
  noticeUrls: optional(
    array(string(), 'Where webhooks of the payment are sent, instead of the address set for the store.'),
  ),
  products: optional(array(PaymentProduct, 'What is bought.')),
  createdAt: dateTime('When the schedule was created.'),
  timeToPay: dateTime('When the payment is to be made.'),
}

export const ScheduledPaymentSchedule = object('ScheduledPaymentSchedule', 'The time has not come.', {
  status: tag('SCHEDULED'),
  ...scheduleFields,
})
export type ScheduledPaymentSchedule = Static<typeof ScheduledPaymentSchedule>

export const StartedPaymentSchedule = object('StartedPaymentSchedule', 'The payment is being made.', {
  status: tag('STARTED'),
  ...scheduleFields,
  startedAt: dateTime('When the payment was begun.'),
})
export type StartedPaymentSchedule = Static<typeof StartedPaymentSchedule>

export const PendingPaymentSchedule = object(
  'PendingPaymentSchedule',
  'The payment gateway has accepted the payment and settles it later.',
  {
    status: tag('PENDING'),
    ...scheduleFields,
    startedAt: dateTime('When the payment was begun.'),
    completedAt: dateTime('When the payment gateway accepted the payment.'),
  },
)
export type PendingPaymentSchedule = Static<typeof PendingPaymentSchedule>

export const SucceededPaymentSchedule = object('SucceededPaymentSchedule', 'The payment was made.', {
  status: tag('SUCCEEDED'),
  ...scheduleFields,
  startedAt: dateTime('When the payment was begun.'),
  completedAt: dateTime('When the payment was approved.'),
})
export type SucceededPaymentSchedule = Static<typeof SucceededPaymentSchedule>

export const FailedPaymentSchedule = object('FailedPaymentSchedule', 'The payment failed. It is not tried again.', {
  status: tag('FAILED'),
  ...scheduleFields,
  startedAt: dateTime('When the payment was begun.'),
  completedAt: dateTime('When the payment failed.'),
})
export type FailedPaymentSchedule = Static<typeof FailedPaymentSchedule>

export const RevokedPaymentSchedule = object('RevokedPaymentSchedule', 'The schedule was revoked in time.', {
  status: tag('REVOKED'),
  ...scheduleFields,
  revokedAt: dateTime('When the schedule was revoked.'),
})
export type RevokedPaymentSchedule = Static<typeof RevokedPaymentSchedule>

export const PaymentSchedule = discriminated(
  'PaymentSchedule',
  'A payment that is to be made with a billing key at a given time.',
  'status',
  {
    SCHEDULED: ScheduledPaymentSchedule,
    STARTED: StartedPaymentSchedule,
    PENDING: PendingPaymentSchedule,
    SUCCEEDED: SucceededPaymentSchedule,
    FAILED: FailedPaymentSchedule,
    REVOKED: RevokedPaymentSchedule,
  },
)
export type PaymentSchedule = Static<typeof PaymentSchedule>
