import Type from 'typebox'
import { amount, array, dateTime, integer, object, optional, type Static, string, withDefault } from '../../schema.ts'
import { memo } from './lifecycle.ts'
import { PlatformOrderCancelTransfer } from './transfer.ts'
import { creation, discountFields, settlementDates } from './transfer-fields.ts'

export const CreatePlatformOrderCancelTransferBodyDiscount = object(
  'CreatePlatformOrderCancelTransferBodyDiscount',
  'How much of a discount is taken back.',
  discountFields,
)
export type CreatePlatformOrderCancelTransferBodyDiscount = Static<typeof CreatePlatformOrderCancelTransferBodyDiscount>

const discounts = (of: string, last: string) =>
  withDefault(
    array(
      CreatePlatformOrderCancelTransferBodyDiscount,
      `What is taken back of discounts on the ${of}. ${last} takes back all that is left of them, whatever is given here.`,
    ),
    [],
  )

export const CreatePlatformOrderCancelTransferBodyOrderLine = object(
  'CreatePlatformOrderCancelTransferBodyOrderLine',
  'A line of the order of which units are cancelled.',
  {
    productId: string('The product.'),
    quantity: integer('How many units are cancelled. At least 1.', { minimum: 1 }),
    discounts: discounts('line', 'Cancelling the last units of the line'),
  },
)
export type CreatePlatformOrderCancelTransferBodyOrderLine = Static<
  typeof CreatePlatformOrderCancelTransferBodyOrderLine
>

/** PortOne documents an object without fields; its own samples send an empty array. */
export const CreatePlatformOrderCancelTransferBodyOrderDetailAll = Type.Unsafe<object>({
  $id: 'CreatePlatformOrderCancelTransferBodyOrderDetailAll',
  description: 'Everything that is left of the order.',
  type: ['object', 'array'],
})
export type CreatePlatformOrderCancelTransferBodyOrderDetailAll = Static<
  typeof CreatePlatformOrderCancelTransferBodyOrderDetailAll
>

export const CreatePlatformOrderCancelTransferBodyOrderDetail = object(
  'CreatePlatformOrderCancelTransferBodyOrderDetail',
  'What is cancelled. Exactly one field must be given, in the form in which the order was registered, or `all`.',
  {
    orderAmount: optional(
      amount('How much of the order amount, before discounts, in the minor unit of the currency.', { minimum: 0 }),
    ),
    orderLines: optional(
      array(CreatePlatformOrderCancelTransferBodyOrderLine, 'Which lines, and how many units.', { minItems: 1 }),
    ),
    all: optional(CreatePlatformOrderCancelTransferBodyOrderDetailAll),
  },
)
export type CreatePlatformOrderCancelTransferBodyOrderDetail = Static<
  typeof CreatePlatformOrderCancelTransferBodyOrderDetail
>

export const CreatePlatformOrderCancelTransferBodyExternalCancellationDetail = object(
  'CreatePlatformOrderCancelTransferBodyExternalCancellationDetail',
  'The cancellation of a payment made elsewhere.',
  { cancelledAt: optional(dateTime('When it was cancelled. Defaults to now.')) },
)
export type CreatePlatformOrderCancelTransferBodyExternalCancellationDetail = Static<
  typeof CreatePlatformOrderCancelTransferBodyExternalCancellationDetail
>

export const CreatePlatformOrderCancelTransferBody = object(
  'CreatePlatformOrderCancelTransferBody',
  'The cancellation of an order to settle with a partner. Name the order by its transfer, or by partner and payment where those have only one.',
  {
    partnerId: optional(string('The partner of the order.')),
    paymentId: optional(string('The payment of the order.')),
    transferId: optional(string('The transfer of the order. Wins over partner and payment.')),
    cancellationId: string(
      'The cancellation of the payment: one of this server, unless `externalCancellationDetail` is given.',
    ),
    memo: optional(memo()),
    orderDetail: optional(CreatePlatformOrderCancelTransferBodyOrderDetail),
    taxFreeAmount: optional(
      amount(
        'The tax-free part of the cancelled amount. Defaults to the sum over the lines. In the minor unit of the currency.',
        { minimum: 0 },
      ),
    ),
    discounts: discounts('whole order', 'Cancelling all that is left of the order'),
    ...settlementDates,
    externalCancellationDetail: optional(CreatePlatformOrderCancelTransferBodyExternalCancellationDetail),
    ...creation,
  },
)
export type CreatePlatformOrderCancelTransferBody = Static<typeof CreatePlatformOrderCancelTransferBody>

export const CreateOrderCancelTransferResponse = object(
  'CreateOrderCancelTransferResponse',
  'The cancellation will be settled.',
  { transfer: PlatformOrderCancelTransfer },
)
export type CreateOrderCancelTransferResponse = Static<typeof CreateOrderCancelTransferResponse>
