import { boolean, dateTime, discriminated, enumeration, object, optional, type Static, string, tag } from '../schema.ts'

/** What escrow says once the shipment is registered. */
const shippedFields = {
  company: string(),
  invoiceNumber: string(),
  sentAt: optional(dateTime()),
  appliedAt: optional(dateTime()),
}

export const BeforeRegisteredPaymentEscrow = object('BeforeRegisteredPaymentEscrow', '', {
  status: tag('BEFORE_REGISTERED'),
})
export type BeforeRegisteredPaymentEscrow = Static<typeof BeforeRegisteredPaymentEscrow>

export const CancelledPaymentEscrow = object('CancelledPaymentEscrow', '', {
  status: tag('CANCELLED'),
  ...shippedFields,
})
export type CancelledPaymentEscrow = Static<typeof CancelledPaymentEscrow>

export const ConfirmedPaymentEscrow = object('ConfirmedPaymentEscrow', '', {
  status: tag('CONFIRMED'),
  ...shippedFields,
  isAutomaticallyConfirmed: boolean(),
})
export type ConfirmedPaymentEscrow = Static<typeof ConfirmedPaymentEscrow>

export const DeliveredPaymentEscrow = object('DeliveredPaymentEscrow', '', {
  status: tag('DELIVERED'),
  ...shippedFields,
})
export type DeliveredPaymentEscrow = Static<typeof DeliveredPaymentEscrow>

export const RegisteredPaymentEscrow = object('RegisteredPaymentEscrow', '', {
  status: tag('REGISTERED'),
  ...shippedFields,
})
export type RegisteredPaymentEscrow = Static<typeof RegisteredPaymentEscrow>

export const RejectConfirmedPaymentEscrow = object('RejectConfirmedPaymentEscrow', '', {
  status: tag('REJECT_CONFIRMED'),
  ...shippedFields,
})
export type RejectConfirmedPaymentEscrow = Static<typeof RejectConfirmedPaymentEscrow>

export const RejectedPaymentEscrow = object('RejectedPaymentEscrow', '', {
  status: tag('REJECTED'),
  ...shippedFields,
})
export type RejectedPaymentEscrow = Static<typeof RejectedPaymentEscrow>

export const PaymentEscrow = discriminated('PaymentEscrow', '', 'status', {
  BEFORE_REGISTERED: BeforeRegisteredPaymentEscrow,
  CANCELLED: CancelledPaymentEscrow,
  CONFIRMED: ConfirmedPaymentEscrow,
  DELIVERED: DeliveredPaymentEscrow,
  REGISTERED: RegisteredPaymentEscrow,
  REJECT_CONFIRMED: RejectConfirmedPaymentEscrow,
  REJECTED: RejectedPaymentEscrow,
})
export type PaymentEscrow = Static<typeof PaymentEscrow>

export const PaymentFilterInputEscrowStatus = enumeration('PaymentFilterInputEscrowStatus', '', [
  'REGISTERED',
  'DELIVERED',
  'CONFIRMED',
  'REJECTED',
  'CANCELLED',
  'REJECT_CONFIRMED',
])
export type PaymentFilterInputEscrowStatus = Static<typeof PaymentFilterInputEscrowStatus>
