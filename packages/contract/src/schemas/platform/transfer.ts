import { array, dateTime, described, discriminated, object, optional, type Static, string, tag } from '../../schema.ts'
import { PlatformContract } from './contract.ts'
import { PlatformPartner } from './partner.ts'
import {
  PlatformOrderSettlementAmount,
  PlatformOrderTransferAdditionalFee,
  PlatformOrderTransferDiscount,
  PlatformOrderTransferOrderLine,
  TransferParameters,
} from './settlement-amount.ts'
import { manualAmounts, settlementStartDate, transferFields } from './transfer-fields.ts'
import { PlatformPayment } from './transfer-payment.ts'

const commonFields = {
  ...transferFields,
  partner: described(PlatformPartner, 'Who is paid, as the partner was then.'),
  payoutId: optional(string('Not used any more.')),
  payoutGraphqlId: optional(string('Not used any more.')),
}

const orderFields = {
  ...commonFields,
  amount: PlatformOrderSettlementAmount,
  contract: described(PlatformContract, 'The contract that applies, as it was then.'),
  payment: PlatformPayment,
  settlementStartDate,
  orderLines: array(PlatformOrderTransferOrderLine, 'The lines of the order. Empty where only an amount was given.'),
  additionalFees: array(PlatformOrderTransferAdditionalFee, 'Additional fees on the whole order.'),
  discounts: array(PlatformOrderTransferDiscount, 'Discounts on the whole order.'),
  parameters: TransferParameters,
}

export const PlatformOrderTransfer = object('PlatformOrderTransfer', 'What an order owes to a partner.', {
  type: tag('ORDER'),
  ...orderFields,
})
export type PlatformOrderTransfer = Static<typeof PlatformOrderTransfer>

export const PlatformOrderTransferCancellation = object(
  'PlatformOrderTransferCancellation',
  'The cancellation of a payment.',
  {
    id: string("The cancellation's id."),
    cancelledAt: dateTime('When the payment was cancelled.'),
  },
)
export type PlatformOrderTransferCancellation = Static<typeof PlatformOrderTransferCancellation>

export const PlatformOrderCancelTransfer = object(
  'PlatformOrderCancelTransfer',
  'What the cancellation of an order takes back from a partner.',
  {
    type: tag('ORDER_CANCEL'),
    ...orderFields,
    cancellation: PlatformOrderTransferCancellation,
  },
)
export type PlatformOrderCancelTransfer = Static<typeof PlatformOrderCancelTransfer>

export const PlatformManualTransfer = object('PlatformManualTransfer', 'An amount entered by hand.', {
  type: tag('MANUAL'),
  ...commonFields,
  ...manualAmounts,
})
export type PlatformManualTransfer = Static<typeof PlatformManualTransfer>

export const PlatformTransfer = discriminated('PlatformTransfer', 'What is owed to a partner, or taken back.', 'type', {
  ORDER: PlatformOrderTransfer,
  ORDER_CANCEL: PlatformOrderCancelTransfer,
  MANUAL: PlatformManualTransfer,
})
export type PlatformTransfer = Static<typeof PlatformTransfer>

export const DeletePlatformTransferResponse = object('DeletePlatformTransferResponse', 'The transfer is deleted.', {})
export type DeletePlatformTransferResponse = Static<typeof DeletePlatformTransferResponse>
