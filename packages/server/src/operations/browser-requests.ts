import {
  BrowserBillingKey,
  BrowserBillingKeyAndPayment,
  BrowserIdentityVerification,
  BrowserPayment,
  type CheckoutKind,
  OpenCheckout,
} from '@naru/contract'
import type { FastifyRequest } from 'fastify'
import type Type from 'typebox'
import type { CheckoutRequest } from '../checkout/attempt.ts'
import { normalize } from '../checkout/normalize.ts'
import { Unopened } from '../checkout/problem.ts'
import { Problem, parseBytes } from '../http/json.ts'
import { allMisspelt } from '../http/unknown-fields.ts'
import { validator } from '../http/validators.ts'
import type { PageRequest } from '../kernel/page-request.ts'

type Asked = {
  readonly open: CheckoutRequest
  /** About fields that were tolerated, and are likely misspelt. */
  readonly warnings: readonly string[]
  readonly device: OpenCheckout['device']
  readonly pageUrl?: string | undefined
  readonly asked?: PageRequest | undefined
}

export const readOpening = (request: FastifyRequest): Asked | Unopened => {
  const body = readBody(OpenCheckout, request)
  if (body instanceof Unopened) return body
  const read = readRequest(body.kind, body.request)
  if (read instanceof Unopened) return read
  const { device, pageUrl, page, askedAt } = body
  const asked = page === undefined || askedAt === undefined ? undefined : { page, askedAt }
  return { ...read, device, pageUrl, asked }
}

type Read = Pick<Asked, 'open' | 'warnings'>

/** A request fits in this; longer ones are mistakes. */
const longestRequest = 64 * 1024

const readRequest = (kind: CheckoutKind, given: unknown): Read | Unopened => {
  const request = normalize(given)
  if (JSON.stringify(request ?? null).length > longestRequest)
    return new Unopened('BadRequest', 'The request must be smaller than 64 KiB.')
  switch (kind) {
    case 'PAYMENT':
      return ofKind(BrowserPayment, request, (fitting) => ({ kind, request: fitting }))
    case 'ISSUE_BILLING_KEY':
      return ofKind(BrowserBillingKey, request, (fitting) => ({ kind, request: fitting }))
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return ofKind(BrowserBillingKeyAndPayment, request, (fitting) => ({ kind, request: fitting }))
    case 'IDENTITY_VERIFICATION':
      return ofKind(BrowserIdentityVerification, request, (fitting) => ({ kind, request: fitting }))
  }
}

/**
 * Leaves out the fields that this kind of request does not have. A shop that hands one object to several functions means
 * nothing by them: a `paymentId` must not make a request for a billing key a payment.
 */
const ofKind = <Schema extends Type.TObject>(
  schema: Schema,
  request: unknown,
  then: (fitting: Type.Static<Schema>) => CheckoutRequest,
): Read | Unopened =>
  // Held to the schema as it came, so that a misspelt field is named.
  valid(schema, request, (fitting) => {
    const warnings = [...allMisspelt(schema, fitting)]
    return { open: then(withOwn(schema, fitting)), warnings }
  })

/** An object of its schema, without the fields that are none of the schema's. */
const withOwn = <Own extends object>({ properties }: Type.TObject, fitting: Own): Own => {
  const own = { ...fitting }
  for (const name of Object.keys(own)) if (!Object.hasOwn(properties, name)) Reflect.deleteProperty(own, name)
  return own
}

const validators = new Map<Type.TSchema, ReturnType<typeof validator>>()

const valid = <Schema extends Type.TSchema, Result>(
  schema: Schema,
  value: unknown,
  then: (fitting: Type.Static<Schema>) => Result,
): Result | Unopened => {
  const known = validators.get(schema) ?? validator(schema)
  validators.set(schema, known)
  let problem: Problem | undefined
  const fits = (given: unknown): given is Type.Static<Schema> => {
    problem = known(given)
    return problem === undefined
  }
  return fits(value) ? then(value) : new Unopened('BadRequest', problem?.text ?? 'The request cannot be used.')
}

export const readBody = <Schema extends Type.TSchema>(
  schema: Schema,
  { body }: FastifyRequest,
): Type.Static<Schema> | Unopened => {
  const value = parseBytes(Buffer.isBuffer(body) ? body : undefined)
  // The shop's page knows nothing of the body that the script puts its request into.
  if (value instanceof Problem) return new Unopened('BadRequest', value.text.replace(/^request\./, ''))
  return valid(schema, value, (fitting) => fitting)
}
