import { array, dateTime, discriminated, object, optional, type Static, string, tag } from '../../schema.ts'
import { SelectedChannel } from '../common/channel.ts'
import { cancelledFields, paidFields, paymentFields, pendingFields } from './fields.ts'
import { PaymentFailure } from './payment.ts'

/** What tells an attempt apart. */
const transactionIdentity = {
  id: string('The id the server gave to this attempt.'),
  paymentId: string('The id the merchant chose for the payment.'),
}

export const ReadyPaymentTransaction = object('ReadyPaymentTransaction', 'The buyer has opened the checkout.', {
  status: tag('READY'),
  ...transactionIdentity,
  ...paymentFields,
  channel: optional(SelectedChannel),
})
export type ReadyPaymentTransaction = Static<typeof ReadyPaymentTransaction>

export const PayPendingPaymentTransaction = object(
  'PayPendingPaymentTransaction',
  'The payment gateway has accepted the attempt and settles it later.',
  {
    status: tag('PAY_PENDING'),
    ...transactionIdentity,
    ...paymentFields,
    ...pendingFields,
  },
)
export type PayPendingPaymentTransaction = Static<typeof PayPendingPaymentTransaction>

export const VirtualAccountIssuedPaymentTransaction = object(
  'VirtualAccountIssuedPaymentTransaction',
  'A virtual account awaits the deposit.',
  {
    status: tag('VIRTUAL_ACCOUNT_ISSUED'),
    ...transactionIdentity,
    ...paymentFields,
    ...pendingFields,
  },
)
export type VirtualAccountIssuedPaymentTransaction = Static<typeof VirtualAccountIssuedPaymentTransaction>

export const PaidPaymentTransaction = object('PaidPaymentTransaction', 'The attempt was approved.', {
  status: tag('PAID'),
  ...transactionIdentity,
  ...paymentFields,
  ...paidFields,
})
export type PaidPaymentTransaction = Static<typeof PaidPaymentTransaction>

export const FailedPaymentTransaction = object('FailedPaymentTransaction', 'The attempt failed.', {
  status: tag('FAILED'),
  ...transactionIdentity,
  ...paymentFields,
  channel: optional(SelectedChannel),
  failedAt: dateTime('When the attempt failed.'),
  failure: PaymentFailure,
})
export type FailedPaymentTransaction = Static<typeof FailedPaymentTransaction>

export const PartialCancelledPaymentTransaction = object(
  'PartialCancelledPaymentTransaction',
  'Part of what was paid was cancelled.',
  {
    status: tag('PARTIAL_CANCELLED'),
    ...transactionIdentity,
    ...paymentFields,
    ...cancelledFields,
  },
)
export type PartialCancelledPaymentTransaction = Static<typeof PartialCancelledPaymentTransaction>

export const CancelledPaymentTransaction = object('CancelledPaymentTransaction', 'All that was paid was cancelled.', {
  status: tag('CANCELLED'),
  ...transactionIdentity,
  ...paymentFields,
  ...cancelledFields,
})
export type CancelledPaymentTransaction = Static<typeof CancelledPaymentTransaction>

export const PaymentTransaction = discriminated('PaymentTransaction', 'One attempt to pay.', 'status', {
  READY: ReadyPaymentTransaction,
  PAY_PENDING: PayPendingPaymentTransaction,
  VIRTUAL_ACCOUNT_ISSUED: VirtualAccountIssuedPaymentTransaction,
  PAID: PaidPaymentTransaction,
  FAILED: FailedPaymentTransaction,
  PARTIAL_CANCELLED: PartialCancelledPaymentTransaction,
  CANCELLED: CancelledPaymentTransaction,
})
export type PaymentTransaction = Static<typeof PaymentTransaction>

export const GetPaymentTransactionsResponse = object('GetPaymentTransactionsResponse', 'The attempts to pay.', {
  items: array(PaymentTransaction, 'The items found, possibly none.'),
})
export type GetPaymentTransactionsResponse = Static<typeof GetPaymentTransactionsResponse>
