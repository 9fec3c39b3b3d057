import { textFormats } from '@naru/contract'
import { isLike } from '@naru/contract/likeness'
import { exactly, InexactNumber } from './exact-number.ts'
import { Problem } from './json.ts'
import { nameOf, type Place } from './place.ts'

/** The keywords of JSON Schema that the contract uses, as far as they restrict a value. */
export type Schema = {
  readonly type?: string | readonly string[]
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly discriminator?: { readonly propertyName: string }
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/**
 * Explains to a developer why a value failed validation. The validator's own messages name JSON Schema's keywords and, for
 * unions, one reason per variant; this one follows the discriminator.
 *
 * `undefined` if no fault is found, which happens only for keywords that it does not know.
 */
export const explain = (schema: Schema, value: unknown, place?: Place): Problem | undefined => {
  const must = (expectation: string): Problem => new Problem(nameOf(place), expectation)
  if (value === undefined) return must('be given')
  if (schema.oneOf) return explainUnion(schema, schema.oneOf, value, place)
  if (schema.const !== undefined) return value === schema.const ? undefined : must(`be ${JSON.stringify(schema.const)}`)
  if (typeof schema.type === 'object') return explainTypes(schema, schema.type, value, must)
  if (schema.enum) return explainChoice(schema.enum, value, place)
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? explainFields(schema, value, place) : must(objectOf(schema, place))
    case 'array':
      return Array.isArray(value) ? explainItems(schema, value, place) : must('be an array')
    case 'string':
      return typeof value === 'string' ? explainText(schema, value, must) : must('be a string')
    case 'boolean':
      return typeof value === 'boolean' ? undefined : must('be true or false')
    case 'integer':
    case 'number':
      return explainNumber(schema, value, must)
    default:
      return undefined
  }
}

/** Longer than any value that is chosen from others. */
const longestChoice = 100

/** Of many values not all are listed: the one that is likely meant is named in any case. */
const explainChoice = (values: readonly unknown[], value: unknown, place: Place | undefined): Problem | undefined => {
  if (values.includes(value)) return undefined
  // A value may be as long as a request; comparing it with each of many would take long.
  const given = typeof value === 'string' && value.length <= longestChoice ? value : ''
  const meant = values.find((one) => typeof one === 'string' && isLike(given, one))
  const hint = meant === undefined ? undefined : `Did you mean ${meant}?`
  return new Problem(nameOf(place), `be one of ${listed(values)}`, hint)
}

const together = new Intl.ListFormat('en-GB')

/** With the fields that it needs, where they are few. A request body's are in the documentation of its operation. */
const objectOf = ({ required = [] }: Schema, place: Place | undefined): string =>
  place === undefined || required.length === 0 || required.length > 4
    ? 'be an object'
    : `be an object with ${together.format(required)}`

type Must = (expectation: string) => Problem

/** Of any of several types. */
const explainTypes = (schema: Schema, types: readonly string[], value: unknown, must: Must): Problem | undefined =>
  types.some((type) => explain({ ...schema, type }, value) === undefined)
    ? undefined
    : must(`be an ${types.join(' or an ')}`)

const explainUnion = (
  schema: Schema,
  variants: readonly Schema[],
  value: unknown,
  place: Place | undefined,
): Problem | undefined => {
  const property = schema.discriminator?.propertyName
  if (!isRecord(value) || property === undefined) return new Problem(nameOf(place), 'have one of the documented forms')
  const tagOf = (variant: Schema): unknown => variant.properties?.[property]?.const
  const variant = variants.find((candidate) => tagOf(candidate) === value[property])
  const tag = { key: property, inside: place }
  if (variant === undefined) return new Problem(nameOf(tag), `be one of ${listed(variants.map(tagOf))}`)
  return explain(variant, value, place)
}

const explainFields = (schema: Schema, value: Record<string, unknown>, place: Place | undefined) => {
  const missing = schema.required?.filter((key) => value[key] === undefined) ?? []
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    if (value[key] === undefined && !missing.includes(key)) continue
    if (value[key] === undefined) return allMissing(schema, missing, place)
    const problem = explain(field, value[key], { key, inside: place })
    if (problem) return problem
  }
  return explainMap(schema, value, place)
}

/** All of one object at once, so that nobody finds them one by one. */
const allMissing = (schema: Schema, keys: readonly string[], inside: Place | undefined): Problem => {
  const names = keys.map((key) => nameOf({ key, inside }))
  const [values, ...others] = keys.map((key) => schema.properties?.[key]?.enum)
  const isChoice = values !== undefined && others.length === 0
  return new Problem(together.format(names), isChoice ? `be given: one of ${listed(values)}` : 'be given')
}

/** The values under keys that the client chooses. */
const explainMap = ({ additionalProperties }: Schema, value: Record<string, unknown>, place: Place | undefined) => {
  if (typeof additionalProperties !== 'object') return undefined
  for (const [key, entry] of Object.entries(value)) {
    const problem = explain(additionalProperties, entry, { key, inside: place })
    if (problem) return problem
  }
  return undefined
}

const explainItems = (schema: Schema, items: readonly unknown[], place: Place | undefined): Problem | undefined => {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  if (items.length < minItems) return new Problem(nameOf(place), `have at least ${minItems} items`)
  if (items.length > maxItems) return new Problem(nameOf(place), `have at most ${maxItems} items`)
  for (const [index, item] of items.entries()) {
    const problem = explain(schema.items ?? {}, item, { key: index, inside: place })
    if (problem) return problem
  }
  return undefined
}

const explainText = (schema: Schema, text: string, must: Must): Problem | undefined => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  const length = lengthOf(text)
  if (length < minLength) return must(minLength === 1 ? 'not be empty' : `have at least ${minLength} characters`)
  if (length > maxLength) return must(`have at most ${maxLength} characters`)
  const format = schema.format === undefined ? undefined : textFormats[schema.format]
  return format === undefined || format.fits(text) ? undefined : must(format.expectation)
}

/** As JSON Schema counts: in code points. */
const lengthOf = (text: string): number => [...text].length

const explainNumber = (schema: Schema, value: unknown, must: Must): Problem | undefined => {
  if (value instanceof InexactNumber) return must(exactly)
  const kind = schema.type === 'integer' ? 'an integer' : 'a number'
  if (typeof value !== 'number' || (schema.type === 'integer' && !Number.isInteger(value))) return must(`be ${kind}`)
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema
  if (value < minimum) return must(`be ${kind} of at least ${minimum}`)
  if (value > maximum) return must(`be ${kind} of at most ${maximum}`)
  return undefined
}

/** The whole list of countries would drown the message. */
const listed = (values: readonly unknown[]): string => {
  const shown = values.slice(0, 12).join(', ')
  return values.length > 12 ? `${shown} and ${values.length - 12} more` : shown
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber)
