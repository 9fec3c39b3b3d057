import type Type from 'typebox'
import type { ErrorType } from './errors.ts'
import { object, optional, string } from './schema.ts'

/** What one operation of the API promises: everything that routes, validation, types and the document are made from. */
export type OperationDefinition = {
  readonly category: Category
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With parameters in braces, as in OpenAPI. */
  readonly path: `/${string}`
  readonly summary: string
  readonly description: string
  readonly authenticated: boolean
  readonly pathParameters?: Type.TObject
  readonly queryParameters?: Type.TObject
  /** Other paths at which it answers too, because PortOne's own samples call them. */
  readonly aliases?: readonly `/${string}`[]
  readonly success: Type.TSchema
  /** The media type of a success that is not JSON. */
  readonly successType?: 'text/csv'
  /** The types this operation may answer with, beside those of the envelope. */
  readonly errors: readonly ErrorType[]
  /** PortOne reserves the right to change the operation without notice. */
  readonly unstable?: true
  /**
   * A request may change thousands of things, and takes the server's time accordingly: merchants take turns with such
   * requests.
   */
  readonly isBulkWrite?: true
  /** Another operation has taken its place. */
  readonly deprecated?: true
} & (WithoutBody | WithBody)

type WithoutBody = {
  readonly body?: undefined
  readonly bodyIn?: undefined
  readonly bodyRequired?: undefined
  readonly isBodyStrict?: undefined
  readonly isFilterStrict?: undefined
  readonly moneyFields?: undefined
}

type WithBody = {
  readonly body: Type.TSchema
  /**
   * `body`: in the request's body. `query`: URL-encoded JSON in the query parameter `requestBody`. `query-or-body`:
   * either, for methods whose body many HTTP clients cannot send.
   */
  readonly bodyIn: 'body' | 'query' | 'query-or-body'
  readonly bodyRequired: boolean
  /**
   * Fields that the contract does not know are refused. Elsewhere they are ignored, since clients may be newer than the
   * server; only where a misspelt one would do harm that nobody sees, none is.
   */
  readonly isBodyStrict?: true
  /** The same within `filter`, for writes to all that it matches: one that is not known would leave everything matching. */
  readonly isFilterStrict?: true
  /**
   * What is settled depends on the body: it takes no unknown field within these fields, and none elsewhere that looks like another
   * one or belongs into another object. Without the tax-free amount that was meant, an order would be settled as taxed.
   */
  readonly moneyFields?: readonly string[]
}

export type Category =
  | 'auth'
  | 'common'
  | 'payment'
  | 'payment.paymentSchedule'
  | 'payment.billingKey'
  | 'payment.cashReceipt'
  | 'payment.promotion'
  | 'payment.additionalFeature'
  | 'identityVerification'
  | 'pgSpecific'
  | 'reconciliation'
  | 'platform'
  | 'platform.policy'
  | 'platform.partner'
  | 'platform.account'
  | 'platform.company'
  | 'platform.transfer'
  | 'platform.partnerSettlement'
  | 'platform.payout'
  | 'platform.bulkPayout'
  | 'platform.accountTransfer'
  | 'platform.bulkAccountTransfer'
  | 'paymentSession'
  | 'checkoutProfile'
  | 'sandbox'
  | 'admin'

/** Holds a definition to its type and keeps its literals. */
export const operation = <const Definition extends OperationDefinition>(definition: Definition): Definition =>
  definition

export const storeId = string("The store. Defaults to the credential's own store.")

/** The query parameter of operations that have no body to say it in. */
export const storeQuery = object('StoreQuery', 'Which store is meant.', { storeId: optional(storeId) })

/** What any authenticated request may be refused for. */
export const access = ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN'] as const
