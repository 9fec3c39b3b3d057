import {
  boolean,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'

/** What escrow says once the shipment is registered. */
const shippedFields = {
  company: string('The shipping company.'),
  invoiceNumber: string("The shipping company's tracking number."),
  sentAt: optional(dateTime('When the goods were sent.')),
  appliedAt: optional(dateTime('When the shipment was registered.')),
}

export const BeforeRegisteredPaymentEscrow = object(
  'BeforeRegisteredPaymentEscrow',
  'No shipment has been registered.',
  {
    status: tag('BEFORE_REGISTERED'),
  },
)
export type BeforeRegisteredPaymentEscrow = Static<typeof BeforeRegisteredPaymentEscrow>

export const CancelledPaymentEscrow = object('CancelledPaymentEscrow', 'The payment was cancelled.', {
  status: tag('CANCELLED'),
  ...shippedFields,
})
export type CancelledPaymentEscrow = Static<typeof CancelledPaymentEscrow>

export const ConfirmedPaymentEscrow = object(
  'ConfirmedPaymentEscrow',
  'The buyer keeps the goods; the merchant gets the money.',
  {
    status: tag('CONFIRMED'),
    ...shippedFields,
    isAutomaticallyConfirmed: boolean('Whether time ran out for the buyer to object, rather than anyone confirming.'),
  },
)
export type ConfirmedPaymentEscrow = Static<typeof ConfirmedPaymentEscrow>

export const DeliveredPaymentEscrow = object('DeliveredPaymentEscrow', 'The goods have arrived.', {
  status: tag('DELIVERED'),
  ...shippedFields,
})
export type DeliveredPaymentEscrow = Static<typeof DeliveredPaymentEscrow>

export const RegisteredPaymentEscrow = object('RegisteredPaymentEscrow', 'The shipment has been registered.', {
  status: tag('REGISTERED'),
  ...shippedFields,
})
export type RegisteredPaymentEscrow = Static<typeof RegisteredPaymentEscrow>

export const RejectConfirmedPaymentEscrow = object(
  'RejectConfirmedPaymentEscrow',
  'The merchant has accepted the return.',
  {
    status: tag('REJECT_CONFIRMED'),
    ...shippedFields,
  },
)
export type RejectConfirmedPaymentEscrow = Static<typeof RejectConfirmedPaymentEscrow>

export const RejectedPaymentEscrow = object('RejectedPaymentEscrow', 'The buyer returns the goods.', {
  status: tag('REJECTED'),
  ...shippedFields,
})
export type RejectedPaymentEscrow = Static<typeof RejectedPaymentEscrow>

export const PaymentEscrow = discriminated('PaymentEscrow', 'How far an escrow payment has come.', 'status', {
  BEFORE_REGISTERED: BeforeRegisteredPaymentEscrow,
  CANCELLED: CancelledPaymentEscrow,
  CONFIRMED: ConfirmedPaymentEscrow,
  DELIVERED: DeliveredPaymentEscrow,
  REGISTERED: RegisteredPaymentEscrow,
  REJECT_CONFIRMED: RejectConfirmedPaymentEscrow,
  REJECTED: RejectedPaymentEscrow,
})
export type PaymentEscrow = Static<typeof PaymentEscrow>

export const PaymentFilterInputEscrowStatus = enumeration(
  'PaymentFilterInputEscrowStatus',
  'How far an escrow payment has come, to filter by.',
  ['REGISTERED', 'DELIVERED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'REJECT_CONFIRMED'],
)
export type PaymentFilterInputEscrowStatus = Static<typeof PaymentFilterInputEscrowStatus>
