import {
  amount,
  boolean,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../schema.ts'
import { Bank } from './bank.ts'

export const Trigger = enumeration('Trigger', '', ['CONSOLE', 'API', 'PORTONE_ADMIN', 'CHARGEBACK'])
export type Trigger = Static<typeof Trigger>

/** What every cancellation says, whatever came of it. */
const cancellationFields = {
  id: string(),
  pgCancellationId: optional(string()),
  totalAmount: amount(),
  taxFreeAmount: amount(),
  vatAmount: amount(),
  easyPayDiscountAmount: optional(amount()),
  reason: string(),
  cancelledAt: optional(dateTime()),
  requestedAt: dateTime(),
  trigger: optional(Trigger),
}

export const FailedPaymentCancellation = object('FailedPaymentCancellation', '', {
  status: tag('FAILED'),
  ...cancellationFields,
})
export type FailedPaymentCancellation = Static<typeof FailedPaymentCancellation>

export const RequestedPaymentCancellation = object('RequestedPaymentCancellation', '', {
  status: tag('REQUESTED'),
  ...cancellationFields,
})
export type RequestedPaymentCancellation = Static<typeof RequestedPaymentCancellation>

export const SucceededPaymentCancellation = object('SucceededPaymentCancellation', '', {
  status: tag('SUCCEEDED'),
  ...cancellationFields,
  receiptUrl: optional(string()),
})
export type SucceededPaymentCancellation = Static<typeof SucceededPaymentCancellation>

export const PaymentCancellation = discriminated('PaymentCancellation', '', 'status', {
  FAILED: FailedPaymentCancellation,
  REQUESTED: RequestedPaymentCancellation,
  SUCCEEDED: SucceededPaymentCancellation,
})
export type PaymentCancellation = Static<typeof PaymentCancellation>

export const CancelRequester = enumeration('CancelRequester', '', ['CUSTOMER', 'ADMIN'])
export type CancelRequester = Static<typeof CancelRequester>

export const PromotionDiscountRetainOption = enumeration('PromotionDiscountRetainOption', '', ['RETAIN', 'RELEASE'])
export type PromotionDiscountRetainOption = Static<typeof PromotionDiscountRetainOption>

export const CancelPaymentBodyRefundAccount = object('CancelPaymentBodyRefundAccount', '', {
  bank: Bank,
  number: string(),
  holderName: string(),
  holderPhoneNumber: optional(string()),
})
export type CancelPaymentBodyRefundAccount = Static<typeof CancelPaymentBodyRefundAccount>

export const CancelPaymentBody = object('CancelPaymentBody', '', {
  storeId: optional(string()),
  amount: optional(amount()),
  taxFreeAmount: optional(amount()),
  vatAmount: optional(amount()),
  reason: string(),
  requester: optional(CancelRequester),
  promotionDiscountRetainOption: optional(PromotionDiscountRetainOption),
  currentCancellableAmount: optional(amount()),
  refundAccount: optional(CancelPaymentBodyRefundAccount),
  refundEmail: optional(string()),
  skipWebhook: optional(boolean()),
})
export type CancelPaymentBody = Static<typeof CancelPaymentBody>

export const CancelPaymentResponse = object('CancelPaymentResponse', '', {
  cancellation: PaymentCancellation,
})
export type CancelPaymentResponse = Static<typeof CancelPaymentResponse>

export const StopPaymentCancellationBody = object('StopPaymentCancellationBody', '', {
  storeId: optional(string()),
})
export type StopPaymentCancellationBody = Static<typeof StopPaymentCancellationBody>

export const StopPaymentCancellationResponse = object('StopPaymentCancellationResponse', '', {
  stoppedAt: dateTime(),
})
export type StopPaymentCancellationResponse = Static<typeof StopPaymentCancellationResponse>
