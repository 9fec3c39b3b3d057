import {
  array,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { SelectedChannel } from '../common/channel.ts'
import { PaymentCancellation } from './cancellation.ts'
import { Dispute } from './dispute.ts'
import { cancelledFields, paidFields, paymentFields, pendingFields } from './fields.ts'

export const PaymentOriginPlatformType = enumeration('PaymentOriginPlatformType', 'What a payment was begun with.', [
  'PC',
  'MOBILE',
  'API',
])
export type PaymentOriginPlatformType = Static<typeof PaymentOriginPlatformType>

export const PaymentOrigin = object('PaymentOrigin', 'Where a payment was begun.', {
  platformType: PaymentOriginPlatformType,
  userAgent: optional(string("The buyer's browser.")),
  url: optional(string('The page on which the checkout was opened.')),
  ipAddress: string("The buyer's address or, for payments through the API, the caller's."),
})
export type PaymentOrigin = Static<typeof PaymentOrigin>

/** What tells a payment apart: the merchant's id, the attempt that represents it, and where it was begun. */
const paymentIdentity = {
  id: string('The id the merchant chose for the payment.'),
  transactionId: string('The id the server gave to the attempt that represents the payment.'),
  origin: PaymentOrigin,
}

export const ReadyPayment = object('ReadyPayment', 'The buyer has opened the checkout.', {
  status: tag('READY'),
  ...paymentIdentity,
  ...paymentFields,
  channel: optional(SelectedChannel),
})
export type ReadyPayment = Static<typeof ReadyPayment>

export const PayPendingPayment = object(
  'PayPendingPayment',
  'The payment gateway has accepted the payment and settles it later.',
  {
    status: tag('PAY_PENDING'),
    ...paymentIdentity,
    ...paymentFields,
    ...pendingFields,
  },
)
export type PayPendingPayment = Static<typeof PayPendingPayment>

export const VirtualAccountIssuedPayment = object(
  'VirtualAccountIssuedPayment',
  'A virtual account awaits the deposit.',
  {
    status: tag('VIRTUAL_ACCOUNT_ISSUED'),
    ...paymentIdentity,
    ...paymentFields,
    ...pendingFields,
  },
)
export type VirtualAccountIssuedPayment = Static<typeof VirtualAccountIssuedPayment>

export const PaidPayment = object('PaidPayment', 'The payment was approved.', {
  status: tag('PAID'),
  ...paymentIdentity,
  ...paymentFields,
  ...paidFields,
  disputes: array(Dispute, 'Disputes raised against the payment, possibly none.'),
  cancellations: optional(array(PaymentCancellation, 'Every cancellation, also those that failed or are pending.')),
})
export type PaidPayment = Static<typeof PaidPayment>

export const PaymentFailure = object('PaymentFailure', 'Why an attempt failed.', {
  reason: optional(string('Why, in words.')),
  pgCode: optional(string("The payment gateway's own code, unmodified.")),
  pgMessage: optional(string("The payment gateway's own words, unmodified.")),
})
export type PaymentFailure = Static<typeof PaymentFailure>

export const FailedPayment = object('FailedPayment', 'The latest attempt failed. The payment id may be tried again.', {
  status: tag('FAILED'),
  ...paymentIdentity,
  ...paymentFields,
  channel: optional(SelectedChannel),
  failedAt: dateTime('When the attempt failed.'),
  failure: PaymentFailure,
})
export type FailedPayment = Static<typeof FailedPayment>

export const PartialCancelledPayment = object('PartialCancelledPayment', 'Part of the payment was cancelled.', {
  status: tag('PARTIAL_CANCELLED'),
  ...paymentIdentity,
  ...paymentFields,
  ...cancelledFields,
})
export type PartialCancelledPayment = Static<typeof PartialCancelledPayment>

export const CancelledPayment = object('CancelledPayment', 'The whole payment was cancelled.', {
  status: tag('CANCELLED'),
  ...paymentIdentity,
  ...paymentFields,
  ...cancelledFields,
})
export type CancelledPayment = Static<typeof CancelledPayment>

export const Payment = discriminated(
  'Payment',
  'A payment: one order, addressed by the id the merchant chose.',
  'status',
  {
    READY: ReadyPayment,
    PAY_PENDING: PayPendingPayment,
    VIRTUAL_ACCOUNT_ISSUED: VirtualAccountIssuedPayment,
    PAID: PaidPayment,
    FAILED: FailedPayment,
    PARTIAL_CANCELLED: PartialCancelledPayment,
    CANCELLED: CancelledPayment,
  },
)
export type Payment = Static<typeof Payment>
