export * from './errors.ts'
export * from './formats.ts'
export { type OpenApiDocument, openApiDocument } from './openapi.ts'
export { access, type Category, type OperationDefinition, operation, storeQuery } from './operation.ts'
export * from './operations.ts'
export {
  amount,
  array,
  boolean,
  date,
  dateTime,
  described,
  discriminated,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from './schema.ts'
export * from './schemas/address.ts'
export * from './schemas/auth.ts'
export * from './schemas/bank.ts'
export * from './schemas/billing-key.ts'
export * from './schemas/billing-key-issue.ts'
export * from './schemas/billing-key-list.ts'
export * from './schemas/billing-key-method.ts'
export * from './schemas/billing-key-payment.ts'
export * from './schemas/cancellation.ts'
export * from './schemas/card.ts'
export * from './schemas/cash-receipt.ts'
export * from './schemas/cash-receipt-issue.ts'
export * from './schemas/cash-receipt-list.ts'
export * from './schemas/channel.ts'
export * from './schemas/channel-failure.ts'
export * from './schemas/checkout-payment.ts'
export * from './schemas/country.ts'
export * from './schemas/currency.ts'
export * from './schemas/customer.ts'
export * from './schemas/dispute.ts'
export * from './schemas/easy-pay-provider.ts'
export * from './schemas/escrow.ts'
export * from './schemas/escrow-logistics.ts'
export * from './schemas/identity-verification.ts'
export * from './schemas/identity-verification-list.ts'
export * from './schemas/identity-verification-send.ts'
export * from './schemas/instant-payment.ts'
export * from './schemas/kakaopay.ts'
export * from './schemas/list.ts'
export * from './schemas/locale.ts'
export * from './schemas/money.ts'
export * from './schemas/payment.ts'
export * from './schemas/payment-cash-receipt.ts'
export * from './schemas/payment-event.ts'
export * from './schemas/payment-list.ts'
export * from './schemas/payment-method.ts'
export * from './schemas/payment-schedule.ts'
export * from './schemas/payment-schedule-create.ts'
export * from './schemas/payment-schedule-list.ts'
export * from './schemas/payment-transaction.ts'
export * from './schemas/paymentwall.ts'
export * from './schemas/pg-card-promotion.ts'
export * from './schemas/pg-company.ts'
export * from './schemas/pg-provider.ts'
export * from './schemas/product.ts'
export * from './schemas/promotion.ts'
export * from './schemas/reconciliation.ts'
export * from './schemas/sandbox.ts'
export * from './schemas/sandbox-promotion.ts'
export * from './schemas/sandbox-reconciliation.ts'
export * from './schemas/sandbox-script.ts'
export * from './schemas/store-receipt.ts'
export * from './schemas/version.ts'
export * from './schemas/virtual-account.ts'
export * from './schemas/webhook.ts'
