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
} from '../../schema.ts'
import { Bank } from '../common/bank.ts'

export const Trigger = enumeration('Trigger', 'Where a cancellation came from.', [
  'CONSOLE',
  'API',
  'PORTONE_ADMIN',
  'CHARGEBACK',
])
export type Trigger = Static<typeof Trigger>

/** What every cancellation says, whatever came of it. */
const cancellationFields = {
  id: string('The id the server gave to the cancellation.'),
  pgCancellationId: optional(string("The payment gateway's own id of the cancellation.")),
  totalAmount: amount('How much is cancelled, in the minor unit of the currency.'),
  taxFreeAmount: amount('How much of it is tax-free, in the minor unit of the currency.'),
  vatAmount: amount('How much of it is VAT, in the minor unit of the currency.'),
  easyPayDiscountAmount: optional(
    amount('Points or coupons of the wallet that were given back, in the minor unit of the currency.'),
  ),
  reason: string('Why the payment was cancelled, as the request gave it.'),
  cancelledAt: optional(dateTime('When the cancellation completed.')),
  requestedAt: dateTime('When the cancellation was requested.'),
  trigger: optional(Trigger),
}

export const FailedPaymentCancellation = object(
  'FailedPaymentCancellation',
  'The payment gateway refused to give the money back.',
  {
    status: tag('FAILED'),
    ...cancellationFields,
  },
)
export type FailedPaymentCancellation = Static<typeof FailedPaymentCancellation>

export const RequestedPaymentCancellation = object(
  'RequestedPaymentCancellation',
  'The payment gateway gives the money back later.',
  {
    status: tag('REQUESTED'),
    ...cancellationFields,
  },
)
export type RequestedPaymentCancellation = Static<typeof RequestedPaymentCancellation>

export const SucceededPaymentCancellation = object('SucceededPaymentCancellation', 'The money was given back.', {
  status: tag('SUCCEEDED'),
  ...cancellationFields,
  receiptUrl: optional(string('Where the payment gateway shows the slip of the cancellation.')),
})
export type SucceededPaymentCancellation = Static<typeof SucceededPaymentCancellation>

export const PaymentCancellation = discriminated('PaymentCancellation', 'An attempt to give money back.', 'status', {
  FAILED: FailedPaymentCancellation,
  REQUESTED: RequestedPaymentCancellation,
  SUCCEEDED: SucceededPaymentCancellation,
})
export type PaymentCancellation = Static<typeof PaymentCancellation>

export const CancelRequester = enumeration('CancelRequester', 'Who wants the cancellation.', ['CUSTOMER', 'ADMIN'])
export type CancelRequester = Static<typeof CancelRequester>

export const PromotionDiscountRetainOption = enumeration(
  'PromotionDiscountRetainOption',
  'What becomes of a promotion when part of a payment is cancelled: `RETAIN` keeps the discount as it was granted, `RELEASE` works it out anew for what is left.',
  ['RETAIN', 'RELEASE'],
)
export type PromotionDiscountRetainOption = Static<typeof PromotionDiscountRetainOption>

export const CancelPaymentBodyRefundAccount = object(
  'CancelPaymentBodyRefundAccount',
  'Where the money goes when it cannot go back the way it came, as with virtual accounts.',
  {
    bank: Bank,
    number: string('The account number, digits only.'),
    holderName: string('Who holds the account.'),
    holderPhoneNumber: optional(string('The telephone number of the holder, for gateways that ask for it.')),
  },
)
export type CancelPaymentBodyRefundAccount = Static<typeof CancelPaymentBodyRefundAccount>

export const CancelPaymentBody = object('CancelPaymentBody', 'What to cancel and why.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  amount: optional(amount('How much to cancel, in the minor unit of the currency. Defaults to all that is left.')),
  taxFreeAmount: optional(
    amount(
      'How much of it is tax-free, in the minor unit. Defaults to 0, or to all that is left tax-free when `amount` is left out.',
    ),
  ),
  vatAmount: optional(
    amount('How much of it is VAT, in the minor unit. Defaults to an eleventh of the taxable part, rounded.'),
  ),
  reason: string('Why the payment is cancelled.'),
  requester: optional(CancelRequester),
  promotionDiscountRetainOption: optional(PromotionDiscountRetainOption),
  currentCancellableAmount: optional(
    amount(
      'What the caller believes is left to cancel, in the minor unit. The cancellation is refused if it is not; protects against cancelling twice.',
    ),
  ),
  refundAccount: optional(CancelPaymentBodyRefundAccount),
  refundEmail: optional(
    string('Where to write to the buyer, for gateways that ask the buyer where the money should go.'),
  ),
  skipWebhook: optional(
    boolean(
      'True to send no webhook if the cancellation completes at once. One that completes later is still announced. Defaults to false.',
    ),
  ),
})
export type CancelPaymentBody = Static<typeof CancelPaymentBody>

export const CancelPaymentResponse = object(
  'CancelPaymentResponse',
  'The cancellation was done or accepted; its status says which.',
  {
    cancellation: PaymentCancellation,
  },
)
export type CancelPaymentResponse = Static<typeof CancelPaymentResponse>

export const StopPaymentCancellationBody = object(
  'StopPaymentCancellationBody',
  'Which store the payment belongs to.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
  },
)
export type StopPaymentCancellationBody = Static<typeof StopPaymentCancellationBody>

export const StopPaymentCancellationResponse = object(
  'StopPaymentCancellationResponse',
  'The cancellation was stopped.',
  {
    stoppedAt: dateTime('When the cancellation was stopped.'),
  },
)
export type StopPaymentCancellationResponse = Static<typeof StopPaymentCancellationResponse>
