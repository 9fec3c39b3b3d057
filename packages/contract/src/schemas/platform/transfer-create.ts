import {
  amount,
  array,
  date,
  dateTime,
  integer,
  object,
  optional,
  type Static,
  string,
  withDefault,
} from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { memo } from './lifecycle.ts'
import { TransferParameters } from './settlement-amount.ts'
import { PlatformManualTransfer, PlatformOrderTransfer } from './transfer.ts'
import { creation, discountFields, settlementDates } from './transfer-fields.ts'
import { PlatformPaymentMethodInput } from './transfer-payment.ts'

const unit = 'In the minor unit of the currency.'
const positive = { minimum: 0 }

export const CreatePlatformOrderTransferBodyDiscount = object(
  'CreatePlatformOrderTransferBodyDiscount',
  'A discount.',
  discountFields,
)
export type CreatePlatformOrderTransferBodyDiscount = Static<typeof CreatePlatformOrderTransferBodyDiscount>

export const CreatePlatformOrderTransferBodyAdditionalFee = object(
  'CreatePlatformOrderTransferBodyAdditionalFee',
  'A fee on top of the platform fee.',
  { policyId: string('The additional fee policy.') },
)
export type CreatePlatformOrderTransferBodyAdditionalFee = Static<typeof CreatePlatformOrderTransferBodyAdditionalFee>

export const CreatePlatformOrderTransferBodyProduct = object(
  'CreatePlatformOrderTransferBodyProduct',
  'What was bought.',
  {
    id: string("The product's id. May occur only once in an order."),
    name: string("The product's name."),
    amount: amount(`The price of one unit. ${unit}`, positive),
    taxFreeAmount: optional(amount(`The tax-free part of the price of one unit. Defaults to 0. ${unit}`, positive)),
    tag: optional(string("A word of the merchant's for the product.")),
  },
)
export type CreatePlatformOrderTransferBodyProduct = Static<typeof CreatePlatformOrderTransferBodyProduct>

const discounts = (of: string) =>
  withDefault(array(CreatePlatformOrderTransferBodyDiscount, `Discounts on the ${of}.`), [])
const additionalFees = (of: string) =>
  withDefault(array(CreatePlatformOrderTransferBodyAdditionalFee, `Additional fees on the ${of}.`), [])

export const CreatePlatformOrderTransferBodyOrderLine = object(
  'CreatePlatformOrderTransferBodyOrderLine',
  'A line of the order.',
  {
    product: CreatePlatformOrderTransferBodyProduct,
    quantity: integer('How many units. At least 1.', { minimum: 1 }),
    discounts: discounts('whole line'),
    additionalFees: additionalFees('line'),
  },
)
export type CreatePlatformOrderTransferBodyOrderLine = Static<typeof CreatePlatformOrderTransferBodyOrderLine>

export const CreatePlatformOrderTransferBodyOrderDetail = object(
  'CreatePlatformOrderTransferBodyOrderDetail',
  'What was ordered. Exactly one field must be given.',
  {
    orderAmount: optional(amount(`The order amount, before discounts. ${unit}`, positive)),
    orderLines: optional(array(CreatePlatformOrderTransferBodyOrderLine, 'The lines of the order.', { minItems: 1 })),
  },
)
export type CreatePlatformOrderTransferBodyOrderDetail = Static<typeof CreatePlatformOrderTransferBodyOrderDetail>

export const CreatePlatformOrderTransferBodyExternalPaymentDetail = object(
  'CreatePlatformOrderTransferBodyExternalPaymentDetail',
  'A payment made elsewhere.',
  {
    currency: Currency,
    orderName: optional(string('What the payment is for.')),
    paidAt: optional(dateTime('When it was paid. Defaults to now.')),
    method: optional(PlatformPaymentMethodInput),
  },
)
export type CreatePlatformOrderTransferBodyExternalPaymentDetail = Static<
  typeof CreatePlatformOrderTransferBodyExternalPaymentDetail
>

export const CreatePlatformOrderTransferBody = object(
  'CreatePlatformOrderTransferBody',
  'An order to settle with a partner.',
  {
    partnerId: string('The partner.'),
    contractId: optional(
      string("The contract that applies. Defaults to the partner's, as it is on the settlement start date."),
    ),
    memo: optional(memo()),
    paymentId: string('The payment of the order: one of this server, unless `externalPaymentDetail` is given.'),
    orderDetail: CreatePlatformOrderTransferBodyOrderDetail,
    taxFreeAmount: optional(
      amount(`The tax-free part of the order amount. Defaults to the sum over the lines. ${unit}`, positive),
    ),
    ...settlementDates,
    discounts: discounts('whole order, besides those on lines'),
    additionalFees: additionalFees('whole order, besides those on lines'),
    externalPaymentDetail: optional(CreatePlatformOrderTransferBodyExternalPaymentDetail),
    parameters: optional(TransferParameters),
    ...creation,
  },
)
export type CreatePlatformOrderTransferBody = Static<typeof CreatePlatformOrderTransferBody>

export const CreateOrderTransferResponse = object('CreateOrderTransferResponse', 'The order will be settled.', {
  transfer: PlatformOrderTransfer,
})
export type CreateOrderTransferResponse = Static<typeof CreateOrderTransferResponse>

export const CreatePlatformManualTransferBody = object(
  'CreatePlatformManualTransferBody',
  'An amount to settle with a partner.',
  {
    partnerId: string('The partner.'),
    memo: optional(memo(50)),
    settlementAmount: amount(`What is owed; negative where the partner owes. ${unit}`),
    settlementTaxFreeAmount: optional(amount(`The tax-free part of it. Defaults to 0. ${unit}`)),
    settlementDate: date('When to settle. May be in the past.'),
    settlementCurrency: optional(Currency),
    ...creation,
  },
)
export type CreatePlatformManualTransferBody = Static<typeof CreatePlatformManualTransferBody>

export const CreateManualTransferResponse = object('CreateManualTransferResponse', 'The amount will be settled.', {
  transfer: PlatformManualTransfer,
})
export type CreateManualTransferResponse = Static<typeof CreateManualTransferResponse>
