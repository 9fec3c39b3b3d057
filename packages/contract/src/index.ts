export * from './admin/checkout-schemas.ts'
export * from './admin/operations.ts'
export * from './admin/schemas.ts'
export { isBlank } from './blank.ts'
export * from './checkout/index.ts'
export * from './errors.ts'
export { type Example, examples, type Variant } from './examples/index.ts'
export * from './formats.ts'
export { koreanCategories, koreanDescription, koreanSummaries } from './openapi/korean.ts'
export { adminApiDocument, type OpenApiDocument, openApiDocument } from './openapi.ts'
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
  map,
  newId,
  object,
  optional,
  type Static,
  string,
  tag,
  withDefault,
} from './schema.ts'
export * from './schemas/billing-key/index.ts'
export * from './schemas/cash-receipt/index.ts'
export * from './schemas/checkout/index.ts'
export * from './schemas/common/index.ts'
export * from './schemas/identity-verification/index.ts'
export * from './schemas/payment/index.ts'
export * from './schemas/platform/index.ts'
export * from './schemas/promotion/index.ts'
export * from './schemas/reconciliation/index.ts'
export * from './schemas/sandbox/index.ts'
