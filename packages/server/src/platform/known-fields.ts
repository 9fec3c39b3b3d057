import type Type from 'typebox'
import { Clean } from 'typebox/value'

/**
 * The request without fields that the contract does not know. Requests may have them, since clients may be newer than the
 * server; what is kept as content must not, or a later version would read them as its own.
 */
export const knownFields = <Schema extends Type.TSchema>(
  schema: Schema,
  value: Type.Static<Schema>,
): Type.Static<Schema> => {
  const copy = structuredClone(value)
  // It takes the unknown fields away in place.
  Clean(schema, copy)
  return copy
}

/** The path of the first field that `knownFields` took away, such as `discountSharePolicies[0].nmae`; undefined where it took none. */
export const firstUnknown = (given: unknown, known: unknown, path = ''): string | undefined => {
  if (!isObject(given) || !isObject(known)) return undefined
  for (const [key, value] of Object.entries(given)) {
    const place = Array.isArray(given) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const unknown = Object.hasOwn(known, key) ? firstUnknown(value, Reflect.get(known, key), place) : place
    if (unknown !== undefined) return unknown
  }
  return undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
