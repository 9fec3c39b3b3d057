import {
  adminOperationIds,
  adminOperations,
  BrowserBillingKey,
  BrowserBillingKeyAndPayment,
  BrowserIdentityVerification,
  BrowserPayment,
  OpenCheckout,
  type OperationDefinition,
  operation,
  operationEntries,
  PaySessionBody,
  SessionBody,
  SubmitCheckout,
  TokenBody,
} from '@naru/contract'
import type Type from 'typebox'
import type { Schema } from '../../../src/http/explain.ts'
import { nameOf, type Place } from '../../../src/http/place.ts'

/** A step from a value to one inside it: a field, an item, an entry of a map, or a variant of a union. */
export type Step =
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'item' }
  | { readonly kind: 'entry' }
  | { readonly kind: 'variant'; readonly index: number }

export type Interface = 'API' | 'admin API' | 'checkout'

/** One place in the requests of an operation at which a client gives a value. */
export type InputField = {
  readonly operation: string
  readonly definition: OperationDefinition
  /** Which of our interfaces takes it. */
  readonly of: Interface
  readonly part: 'path' | 'query' | 'body'
  readonly steps: readonly Step[]
  /** The last name on the way to it. */
  readonly name: string
  readonly schema: Schema
  /** As errors name it. */
  readonly at: string
}

/** What a map's entries and a list's items are called in requests that the tests build. */
export const entryKey = 'some'

/** What shoppers' browsers send: these are no operations of a document, but read in the same way. */
const checkout: Readonly<Record<string, Type.TSchema>> = {
  BrowserPayment,
  BrowserBillingKey,
  BrowserBillingKeyAndPayment,
  BrowserIdentityVerification,
  OpenCheckout,
  SubmitCheckout,
  PaySessionBody,
  SessionBody,
  TokenBody,
}

const bySubmitting = (body: Type.TSchema): OperationDefinition =>
  operation({
    category: 'paymentSession',
    method: 'POST',
    path: '/checkout/v1/attempts',
    summary: '',
    description: '',
    authenticated: false,
    body,
    bodyIn: 'body',
    bodyRequired: true,
    success: body,
    errors: ['INVALID_REQUEST'],
  })

/** Every value that a client can give, of every operation and of the checkout, from the schemas. */
export const inputFields = (): readonly InputField[] => {
  const operations: readonly (readonly [string, OperationDefinition, Interface])[] = [
    ...operationEntries().map(([id, definition]) => [id, definition, 'API'] as const),
    ...adminOperationIds.map((id) => [id, adminOperations[id], 'admin API'] as const),
    ...Object.entries(checkout).map(([id, body]) => [id, bySubmitting(body), 'checkout'] as const),
  ]
  return operations.flatMap(([operation, definition, of]) =>
    (['path', 'query', 'body'] as const).flatMap((part) => {
      const schema = schemaOf(definition, part)
      const leaves = schema === undefined ? [] : leavesOf(schema, [], undefined)
      return leaves.map((leaf) => ({ operation, definition, of, part, ...leaf }))
    }),
  )
}

export const schemaOf = (definition: OperationDefinition, part: InputField['part']): Schema | undefined =>
  part === 'body' ? definition.body : part === 'query' ? definition.queryParameters : definition.pathParameters

type Leaf = Pick<InputField, 'steps' | 'name' | 'schema' | 'at'>

/** The values in a schema that are text or a number. What is one of several fixed values needs no rule of its own. */
const leavesOf = (schema: Schema, steps: readonly Step[], place: Place | undefined): readonly Leaf[] => {
  if (schema.oneOf)
    return schema.oneOf.flatMap((one, index) => leavesOf(one, [...steps, { kind: 'variant', index }], place))
  if (schema.enum || schema.const !== undefined) return []
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, field]) =>
      leavesOf(field, [...steps, { kind: 'field', key }], { key, inside: place }),
    )
  if (schema.items) return leavesOf(schema.items, [...steps, { kind: 'item' }], { key: 0, inside: place })
  if (typeof schema.additionalProperties === 'object')
    return leavesOf(schema.additionalProperties, [...steps, { kind: 'entry' }], { key: entryKey, inside: place })
  const isLeaf = schema.type === 'string' || schema.type === 'integer' || schema.type === 'number'
  return isLeaf ? [{ steps, schema, name: nameIn(steps), at: nameOf(place) }] : []
}

const nameIn = (steps: readonly Step[]): string =>
  steps.flatMap((step) => (step.kind === 'field' ? [step.key] : [])).at(-1) ?? ''
