import type {
  Body,
  Operation,
  OperationError,
  OperationId,
  PathParameters,
  QueryParameters,
  Success,
} from '@naru/contract'
import type { Refusal } from '../kernel/refusal.ts'
import type { TextFile } from '../kernel/text-file.ts'
import type { Principal } from '../merchants/principal.ts'

/** The sender of a request, as far as operations need to know. */
export type Caller = {
  readonly ipAddress: string
  readonly userAgent?: string
  /** The `Accept-Language` header. */
  readonly acceptLanguage?: string
  /**
   * Identifies the request across retries: the SHA-256 (hex) of its Idempotency-Key, if it has one, and of its authority,
   * the merchant's or one store's. A retry that takes over from a dead server has the same one, so that a module recognises
   * what it has already done.
   */
  readonly requestKey?: string
  /** The `Naru-Test-Code` header, with which a test tells the sandbox PG what to answer. */
  readonly testCode?: string
}

/** One request to one operation, validated against the contract. */
export type Call<Id extends OperationId> = {
  readonly path: PathParameters<Id>
  readonly query: QueryParameters<Id>
  readonly body: Body<Id>
  readonly caller: Caller
} & (Operation<Id>['authenticated'] extends true ? { readonly principal: Principal } : unknown)

/** Answers the call, or refuses it with an error that the contract lists for the operation. Throwing means a bug. */
export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<Answer<Id>>

export type Answer<Id extends OperationId> = Content<Success<Id>> | Refusal<OperationError<Id>>

/** Every object fits the type `{}`, even a refusal of any kind, so an empty success must really be empty. */
type Content<Body> = Body extends object ? ([keyof Body] extends [never] ? Record<string, never> : Body) : TextFile

/** One for each operation of the contract: leaving one out does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> | 'not-built' }
