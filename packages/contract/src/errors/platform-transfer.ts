import { amount, date, described, enumeration, optional, string } from '../schema.ts'
import { Currency } from '../schemas/common/currency.ts'
import { error } from './definition.ts'
import { graphqlId } from './platform-fields.ts'

const taxParts = ['SUPPLY_WITH_VAT', 'TAX_FREE'] as const

export const PlatformCancellableAmountType = enumeration(
  'PlatformCancellableAmountType',
  'Which part of an amount: the taxable one with its VAT, or the tax-free one.',
  taxParts,
)

export const PlatformPortOnePaymentCancelAmountType = enumeration(
  'PlatformPortOnePaymentCancelAmountType',
  'Which part of a cancellation: the taxable one with its VAT, or the tax-free one.',
  taxParts,
)

export const PlatformAmountExceededType = enumeration('PlatformAmountExceededType', 'Which amount exceeds which.', [
  'DISCOUNT_THAN_ORDER',
  'DISCOUNT_TAX_FREE_THAN_DISCOUNT',
  'DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE',
  'PAYMENT_TAX_FREE_THAN_PAYMENT',
])

const unit = 'In the minor unit of the currency.'

const cancellable = {
  cancellableAmount: amount(`What is left. ${unit}`),
  requestAmount: amount(`What the request asks for. ${unit}`),
}

const discount = {
  discountSharePolicyId: string('The discount share policy.'),
  discountSharePolicyGraphqlId: string('The opaque id of the discount share policy.'),
  productId: optional(string('The product, if the order was registered by product.')),
}

const fixedFee = {
  id: string('Its id.'),
  graphqlId,
  feeCurrency: described(Currency, 'The currency of the fee.'),
  settlementCurrency: described(Currency, 'The currency of the settlement.'),
}

const product = { id: string('The product.') }

/** Of transfers: registering orders and cancellations, and deleting them. */
export const platformTransferErrors = {
  PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED: error(
    400,
    'PlatformAdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatchedError',
    'The additional fee is a fixed amount in KRW, and the settlement is in another currency.',
    fixedFee,
  ),
  PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED: error(
    400,
    'PlatformCancellableAmountExceededError',
    'The cancellation exceeds what is left of the order.',
    { ...cancellable, amountType: PlatformCancellableAmountType },
  ),
  PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED: error(
    400,
    'PlatformCancellableDiscountAmountExceededError',
    'The cancellation exceeds what is left of a discount.',
    { ...discount, ...cancellable },
  ),
  PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED: error(
    400,
    'PlatformCancellableDiscountTaxFreeAmountExceededError',
    'The cancellation exceeds what is left of the tax-free part of a discount.',
    { ...discount, ...cancellable },
  ),
  PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED: error(
    400,
    'PlatformCancellableProductQuantityExceededError',
    'More units are cancelled than are left of the product.',
    { productId: string('The product.'), cancellableQuantity: amount('How many units are left.') },
  ),
  PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED: error(
    400,
    'PlatformCancellationAndPaymentTypeMismatchedError',
    '`externalCancellationDetail` must be given if, and only if, the payment was made elsewhere.',
  ),
  PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS: error(
    400,
    'PlatformCancelOrderTransfersExistsError',
    'The order has cancellations. Delete their transfers first.',
  ),
  PLATFORM_CANNOT_SPECIFY_TRANSFER: error(
    400,
    'PlatformCannotSpecifyTransferError',
    'Several transfers match this partner and payment. Name one by `transferId`.',
  ),
  PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED: error(
    400,
    'PlatformContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatchedError',
    'The platform fee of the contract is a fixed amount in KRW, and the settlement is in another currency.',
    fixedFee,
  ),
  PLATFORM_CURRENCY_NOT_SUPPORTED: error(
    400,
    'PlatformCurrencyNotSupportedError',
    'Settlement supports only KRW, USD, JPY, EUR, CNY, TWD, AUD, THB and HKD. When a payout is completed: the amount due to a partner is negative.',
  ),
  PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED: error(
    400,
    'PlatformDiscountSharePolicyIdDuplicatedError',
    'A cancellation names the same discount share policy twice.',
    { id: string('The discount share policy.'), graphqlId },
  ),
  PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED: error(
    400,
    'PlatformNegativeAmountNotAllowedError',
    'While each manual transfer has a payout of its own, it cannot be negative.',
  ),
  PLATFORM_ORDER_DETAIL_MISMATCHED: error(
    400,
    'PlatformOrderDetailMismatchedError',
    'An order registered by product is cancelled by product, and one registered by amount is cancelled by amount.',
  ),
  PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED: error(
    400,
    'PlatformOrderTransferAlreadyCancelledError',
    'The whole order has been cancelled.',
  ),
  PLATFORM_PRODUCT_ID_DUPLICATED: error(
    400,
    'PlatformProductIdDuplicatedError',
    'Several lines name the same product.',
    product,
  ),
  PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED: error(
    400,
    'PlatformSettlementAmountExceededError',
    'A discount or a tax-free part exceeds the amount that it is part of.',
    {
      amountExceededType: PlatformAmountExceededType,
      productId: optional(string('The product, if the order was registered by product.')),
      requestedAmount: amount(`What the request asks for. ${unit}`),
      allowedAmount: amount(`What is allowed at most. ${unit}`),
    },
  ),
  PLATFORM_SETTLEMENT_CANCEL_AMOUNT_EXCEEDED_PORT_ONE_CANCEL: error(
    400,
    'PlatformSettlementCancelAmountExceededPortOneCancelError',
    'The cancellations registered for partners exceed what the cancellation of the payment refunded.',
    {
      registeredSettlementCancelAmount: amount(`What earlier transfers took back. ${unit}`),
      requestSettlementCancelAmount: amount(`What the request takes back. ${unit}`),
      portOneCancelAmount: amount(`What the cancellation returned. ${unit}`),
      amountType: PlatformPortOnePaymentCancelAmountType,
    },
  ),
  PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE: error(
    400,
    'PlatformSettlementDateEarlierThanSettlementStartDateError',
    'The settlement date is earlier than the settlement start date.',
    {
      settlementStartDate: date('The day from which the settlement cycle counts.'),
      settlementDate: date('The day of settlement that the request asks for.'),
    },
  ),
  PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: error(
    400,
    'PlatformSettlementPaymentAmountExceededPortOnePaymentError',
    'The transfers of all partners together exceed the payment.',
    {
      registeredSettlementPaymentAmount: amount(`What earlier transfers settle. ${unit}`),
      requestSettlementPaymentAmount: amount(`What the request settles. ${unit}`),
      portOnePaymentAmount: amount(`What was paid. ${unit}`),
    },
  ),
  PLATFORM_SETTLEMENT_SUPPLY_WITH_VAT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: error(
    400,
    'PlatformSettlementSupplyWithVatAmountExceededPortOnePaymentError',
    'The taxable parts of the transfers of all partners together exceed that of the payment.',
    {
      registeredSettlementSupplyWithVatAmount: amount(`The taxable part that earlier transfers settle. ${unit}`),
      requestSettlementSupplyWithVatAmount: amount(`The taxable part that the request settles. ${unit}`),
      portOneSupplyWithVatAmount: amount(`The taxable part of what was paid. ${unit}`),
    },
  ),
  PLATFORM_SETTLEMENT_TAX_FREE_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: error(
    400,
    'PlatformSettlementTaxFreeAmountExceededPortOnePaymentError',
    'The tax-free parts of the transfers of all partners together exceed that of the payment.',
    {
      registeredSettlementTaxFreeAmount: amount(`The tax-free part that earlier transfers settle. ${unit}`),
      requestSettlementTaxFreeAmount: amount(`The tax-free part that the request settles. ${unit}`),
      portOneTaxFreeAmount: amount(`The tax-free part of what was paid. ${unit}`),
    },
  ),
  PLATFORM_TRANSFER_NON_DELETABLE_STATUS: error(
    400,
    'PlatformTransferNonDeletableStatusError',
    'The transfer is part of a payout and can no longer be deleted.',
  ),
  PLATFORM_CANCELLATION_NOT_FOUND: error(
    404,
    'PlatformCancellationNotFoundError',
    'The payment has no such cancellation.',
  ),
  PLATFORM_PAYMENT_NOT_FOUND: error(
    404,
    'PlatformPaymentNotFoundError',
    'There is no such payment. A payment made elsewhere needs `externalPaymentDetail`.',
  ),
  PLATFORM_PRODUCT_ID_NOT_FOUND: error(
    404,
    'PlatformProductIdNotFoundError',
    'The order has no such product.',
    product,
  ),
  PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND: error(
    404,
    'PlatformTransferDiscountSharePolicyNotFoundError',
    'The order, or this line of it, has no discount of the policy.',
    discount,
  ),
  PLATFORM_TRANSFER_NOT_FOUND: error(404, 'PlatformTransferNotFoundError', 'There is no such transfer.'),
  PLATFORM_TRANSFER_ALREADY_EXISTS: error(
    409,
    'PlatformTransferAlreadyExistsError',
    'The order or the cancellation has already been registered for this partner. The error names the transfer.',
    {
      transferId: string('The transfer that exists.'),
      transferGraphqlId: string('The opaque id of the transfer that exists.'),
    },
  ),
  PLATFORM_TRANSFER_ID_ALREADY_USED: error(
    409,
    'PlatformTransferIdAlreadyUsedError',
    'The id belongs to another transfer. Ids are never used again, not even those of deleted transfers.',
  ),
} as const
