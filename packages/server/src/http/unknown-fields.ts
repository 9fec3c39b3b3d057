import { isLike } from '@naru/contract/likeness'
import type { Schema } from './explain.ts'
import { Problem } from './json.ts'
import { nameOf, type Place } from './place.ts'

/**
 * A sentence about the first field of a value that the schema does not know and that looks like one it does, such as
 * `day` for `days`. Unknown fields are tolerated, since clients may be newer than the server; where a request is refused
 * anyway, one of them may be why.
 */
export const misspelt = (schema: Schema, value: unknown): string | undefined => {
  let looked = 0
  for (const { place, meant } of unknownFields(schema, value)) {
    if (meant !== undefined) return misspeltAs(place, meant)
    if (++looked === enoughLooks) return undefined
  }
  return undefined
}

/** Comparing names takes long: a thousand partners with the same unknown fields took the thread for more than 100 ms. */
const enoughLooks = 50

/** As `misspelt`, about each of them. */
export const allMisspelt = (schema: Schema, value: unknown): readonly string[] =>
  [...unknownFields(schema, value)].flatMap(({ place, meant }) =>
    meant === undefined ? [] : [misspeltAs(place, meant)],
  )

const misspeltAs = (place: Place, meant: string): string => `There is no field ${nameOf(place)}. Did you mean ${meant}?`

/** The first field that the schema does not know, for operations that tolerate none. */
export const unknownField = (schema: Schema, value: unknown): Problem | undefined => {
  for (const field of unknownFields(schema, value)) return strayField(field)
  return undefined
}

const strayField = ({ place, meant }: UnknownField): Problem =>
  new Problem(nameOf(place), 'not be given: there is no such field', meant && `Did you mean ${meant}?`)

/** As `unknownField`, within `filter`; and a field that looks like it, which would leave out what was meant to be one. */
export const unknownInFilter = (schema: Schema, value: unknown): Problem | undefined => {
  for (const { place, meant } of unknownFields(schema, value))
    if (rootOf(place) === 'filter' || meant === 'filter') return strayField({ place, meant })
  return undefined
}

/**
 * As `unknownField`, within these fields; and everywhere a field that looks like another one or that is in the wrong object.
 */
export const unknownNear =
  (names: readonly string[]) =>
  (schema: Schema, value: unknown): Problem | undefined => {
    for (const { place, meant = withinOne(names, schema, place) } of unknownFields(schema, value))
      if (meant !== undefined || isWithin(names, place)) return strayField({ place, meant })
    return undefined
  }

/** The field of this name in one of these that is not given at all. */
const withinOne = (names: readonly string[], { properties }: Schema, { key, inside }: Place): string | undefined => {
  const name = names.find((name) => inside === undefined && hasField(properties?.[name]?.properties, String(key)))
  return name === undefined ? undefined : nameOf({ key, inside: { key: name, inside: undefined } })
}

const isWithin = (names: readonly string[], { inside }: Place): boolean =>
  inside !== undefined && (names.includes(String(inside.key)) || isWithin(names, inside))

const rootOf = ({ key, inside }: Place): Place['key'] => (inside === undefined ? key : rootOf(inside))

/** A field that the schema does not know, and the one that it looks like, or that has its name in an object around it or in it. */
type UnknownField = { readonly place: Place; readonly meant: string | undefined }

/** An object, what it is in, and the fields that it may have. */
type Around = {
  readonly value: object
  readonly fields: NonNullable<Schema['properties']>
  readonly inside: Place | undefined
  readonly around: Around | undefined
}

function* unknownFields(schema: Schema, value: unknown, inside?: Place, around?: Around): Generator<UnknownField> {
  if (Array.isArray(value))
    for (const [key, item] of value.entries()) yield* unknownFields(schema.items ?? {}, item, { key, inside }, around)
  else if (typeof value === 'object' && value !== null) {
    const fields = (variantOf(schema, value) ?? schema).properties
    if (fields === undefined) {
      yield* inMap(schema, value, inside, around)
      return
    }
    const here = { value, fields, inside, around }
    for (const [key, item] of Object.entries(value)) {
      const place = { key, inside }
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field === undefined) yield { place, meant: lookAlike(key, here) ?? inAnother(key, here) }
      else yield* unknownFields(field, item, place, here)
    }
  }
}

/** Without fields an object is a map, whose keys the client chooses. */
function* inMap(
  { additionalProperties }: Schema,
  value: object,
  inside?: Place,
  around?: Around,
): Generator<UnknownField> {
  if (typeof additionalProperties !== 'object') return
  for (const [key, item] of Object.entries(value))
    yield* unknownFields(additionalProperties, item, { key, inside }, around)
}

const lookAlike = (key: string, { value, fields, inside }: Around): string | undefined => {
  const name = Object.keys(fields).find((name) => !Object.hasOwn(value, name) && isLike(key, name))
  return name === undefined ? undefined : nameOf({ key: name, inside })
}

/** The field of this name of an object in this one, or else of one around it, where that is not given. */
const inAnother = (key: string, { value, fields, inside, around }: Around): string | undefined => {
  const within = Object.keys(fields).find((name) => {
    const object: unknown = Reflect.get(value, name)
    return isObject(object) && !Object.hasOwn(object, key) && hasField(fields[name]?.properties, key)
  })
  if (within !== undefined) return nameOf({ key, inside: { key: within, inside } })
  for (let outer = around; outer !== undefined; outer = outer.around)
    if (hasField(outer.fields, key) && !Object.hasOwn(outer.value, key)) return nameOf({ key, inside: outer.inside })
  return undefined
}

const hasField = (fields: Schema['properties'], key: string): boolean =>
  fields !== undefined && Object.hasOwn(fields, key)

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const variantOf = ({ oneOf, discriminator }: Schema, value: object): Schema | undefined => {
  const property = discriminator?.propertyName ?? ''
  return oneOf?.find(({ properties }) => properties?.[property]?.const === Reflect.get(value, property))
}
