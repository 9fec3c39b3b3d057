import type { Schema } from './explain.ts'
import { Problem } from './json.ts'
import { nameOf, type Place } from './place.ts'

/**
 * A sentence about the first field of a value that the schema does not know and that looks like one it does, such as
 * `day` for `days`. Unknown fields are tolerated, since clients may be newer than the server; where a request is refused
 * anyway, one of them may be why.
 */
export const misspelt = (schema: Schema, value: unknown): string | undefined => {
  for (const { place, meant } of unknownFields(schema, value))
    if (meant !== undefined) return `There is no field ${nameOf(place)}. Did you mean ${meant}?`
  return undefined
}

/** The first field that the schema does not know, for operations that tolerate none. */
export const unknownField = (schema: Schema, value: unknown): Problem | undefined => {
  for (const { place, meant } of unknownFields(schema, value))
    return new Problem(nameOf(place), 'not be given: there is no such field', meant && `Did you mean ${meant}?`)
  return undefined
}

/** A field that the schema does not know, and the one that it looks like. */
type UnknownField = { readonly place: Place; readonly meant: string | undefined }

function* unknownFields(schema: Schema, value: unknown, inside?: Place): Generator<UnknownField> {
  if (Array.isArray(value))
    for (const [key, item] of value.entries()) yield* unknownFields(schema.items ?? {}, item, { key, inside })
  else if (typeof value === 'object' && value !== null) {
    const fields = (variantOf(schema, value) ?? schema).properties
    // Without fields it is a map, whose keys the client chooses.
    if (fields === undefined) return
    for (const [key, item] of Object.entries(value)) {
      const place = { key, inside }
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field === undefined) yield { place, meant: meantBy(key, value, fields, inside) }
      else yield* unknownFields(field, item, place)
    }
  }
}

const meantBy = (key: string, value: object, fields: NonNullable<Schema['properties']>, inside: Place | undefined) => {
  const name = Object.keys(fields).find((name) => !Object.hasOwn(value, name) && isLike(key, name))
  return name === undefined ? undefined : nameOf({ key: name, inside })
}

const variantOf = ({ oneOf, discriminator }: Schema, value: object): Schema | undefined => {
  const property = discriminator?.propertyName ?? ''
  return oneOf?.find(({ properties }) => properties?.[property]?.const === Reflect.get(value, property))
}

/** Short names are meant to be what they are: `to` is not a misspelt `id`. */
const isLike = (given: string, name: string): boolean => {
  const [one, other] = [given, name].map((text) => text.toLowerCase().replaceAll(/[_-]/g, ''))
  if (one === undefined || other === undefined || one === '') return false
  return (
    one === other || `${one}s` === other || one === `${other}s` || distance(one, other) <= Math.floor(other.length / 5)
  )
}

/** How many characters are to be added, left out or replaced (Levenshtein). Names of very different lengths are far apart. */
const distance = (one: string, other: string): number => {
  if (Math.abs(one.length - other.length) > 4) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= other.length; column++)
      next.push(
        Math.min(
          (row[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (row[column - 1] ?? 0) + (other[column - 1] === character ? 0 : 1),
        ),
      )
    row = next
  }
  return row[other.length] ?? Number.POSITIVE_INFINITY
}
