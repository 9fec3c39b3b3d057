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
