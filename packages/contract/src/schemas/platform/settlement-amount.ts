import { amount, array, described, integer, map, object, optional, type Static, string } from '../../schema.ts'
import { PlatformAdditionalFeePolicy } from './additional-fee-policy.ts'
import { PlatformDiscountSharePolicy } from './discount-share-policy.ts'

const unit = 'In the minor unit of the currency.'

export const PlatformUserDefinedFormulaResults = map(
  'PlatformUserDefinedFormulaResults',
  "What the merchant's own formulas came to, by the key of the formula.",
  amount(`The result of one formula. ${unit}`),
)
export type PlatformUserDefinedFormulaResults = Static<typeof PlatformUserDefinedFormulaResults>

export const PlatformOrderSettlementAmount = object(
  'PlatformOrderSettlementAmount',
  'What is owed to the partner, and what it was computed from. Of a cancellation, the amounts are those taken back, as positive numbers.',
  {
    settlement: amount(
      `What is owed: the order amount less the VAT burden, the fees with their VAT and the partner's share of discounts. May be negative. ${unit}`,
    ),
    settlementTaxFree: amount(`The tax-free part of what is owed. ${unit}`),
    payment: amount(`What the buyer paid: the order amount less discounts. ${unit}`),
    paymentVat: amount(`The VAT in the payment. ${unit}`),
    paymentVatBurden: amount(
      `The VAT in the payment where the contract deducts it from the settlement, otherwise 0. ${unit}`,
    ),
    paymentTaxFree: amount(`The tax-free part of the payment. ${unit}`),
    paymentSupply: amount(`The payment less its tax-free part and its VAT. ${unit}`),
    order: amount(`The order amount. ${unit}`),
    orderTaxFree: amount(`The tax-free part of the order amount. ${unit}`),
    platformFee: amount(`The platform fee. ${unit}`),
    platformFeeVat: amount(`The VAT on the platform fee, as far as the partner bears it. ${unit}`),
    additionalFee: amount(`All additional fees. ${unit}`),
    additionalFeeVat: amount(`The VAT on additional fees, as far as the partner bears it. ${unit}`),
    discount: amount(`All discounts. ${unit}`),
    discountTaxFree: amount(`The tax-free part of the discounts. ${unit}`),
    discountShare: amount(`The partner's share of the discounts. ${unit}`),
    discountShareTaxFree: amount(`The tax-free part of the partner's share of the discounts. ${unit}`),
    userDefinedFormulas: PlatformUserDefinedFormulaResults,
    taxFree: amount(`The same as \`paymentTaxFree\`, for clients of earlier versions. ${unit}`),
    supply: amount(`The same as \`paymentSupply\`, for clients of earlier versions. ${unit}`),
  },
)
export type PlatformOrderSettlementAmount = Static<typeof PlatformOrderSettlementAmount>

export const PlatformOrderTransferDiscount = object('PlatformOrderTransferDiscount', 'A discount and its split.', {
  sharePolicy: described(PlatformDiscountSharePolicy, 'The policy that splits it, as it was then.'),
  amount: amount(`The discount. ${unit}`),
  taxFreeAmount: amount(`The tax-free part of the discount. ${unit}`),
  shareAmount: amount(`The partner's share. ${unit}`),
  shareTaxFreeAmount: amount(`The tax-free part of the partner's share. ${unit}`),
})
export type PlatformOrderTransferDiscount = Static<typeof PlatformOrderTransferDiscount>

export const PlatformOrderTransferAdditionalFee = object(
  'PlatformOrderTransferAdditionalFee',
  'A fee on top of the platform fee.',
  {
    policy: described(PlatformAdditionalFeePolicy, 'The policy that charges it, as it was then.'),
    amount: amount(`The fee. ${unit}`),
    vat: amount(`The VAT on the fee, as far as the partner bears it. ${unit}`),
  },
)
export type PlatformOrderTransferAdditionalFee = Static<typeof PlatformOrderTransferAdditionalFee>

export const PlatformOrderTransferProduct = object('PlatformOrderTransferProduct', 'What was bought.', {
  id: string("The product's id."),
  name: string("The product's name."),
  amount: amount(`The price of one unit. ${unit}`),
  taxFreeAmount: amount(`The tax-free part of the price of one unit. ${unit}`),
  tag: optional(string("A word of the merchant's for the product.")),
})
export type PlatformOrderTransferProduct = Static<typeof PlatformOrderTransferProduct>

export const PlatformOrderTransferOrderLine = object('PlatformOrderTransferOrderLine', 'A line of the order.', {
  product: PlatformOrderTransferProduct,
  quantity: integer('How many units.'),
  discounts: array(PlatformOrderTransferDiscount, 'Discounts on the whole line.'),
  additionalFees: array(PlatformOrderTransferAdditionalFee, 'Additional fees on the line.'),
  amount: described(
    PlatformOrderSettlementAmount,
    'The amounts of the line alone, without discounts and fees of the whole order.',
  ),
})
export type PlatformOrderTransferOrderLine = Static<typeof PlatformOrderTransferOrderLine>

export const PlatformSettlementParameterValue = object(
  'PlatformSettlementParameterValue',
  "The value of one of the merchant's settlement parameters: `decimal` with the point moved `decimalScale` places to the left.",
  {
    decimal: amount('The number without its decimal point.'),
    decimalScale: optional(
      integer('How many digits stand after the decimal point, 0 to 5. Defaults to 0.', { minimum: 0, maximum: 5 }),
    ),
  },
)
export type PlatformSettlementParameterValue = Static<typeof PlatformSettlementParameterValue>

export const TransferParameters = map(
  'TransferParameters',
  "Values of the merchant's settlement parameters, by key.",
  PlatformSettlementParameterValue,
)
export type TransferParameters = Static<typeof TransferParameters>
