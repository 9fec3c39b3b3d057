import { isLike, isNearly } from '@naru/contract/likeness'
import type { Schema } from './explain.ts'
import { Problem } from './json.ts'
import { nameOf, type Place } from './place.ts'

/**
 * A sentence about the first field of a value that the schema does not know and that looks like one it does, such as
 * `day` for `days`. Unknown fields are tolerated, since clients may be newer than the server; where a request is refused
 * anyway, one of them may be why.
 */
export const misspelt = (schema: Schema, value: unknown): string | undefined => {
  for (const sentence of allMisspelt(schema, value)) return sentence
  return undefined
}

/** As `misspelt`, about each of them, as far as names are compared. */
export function* allMisspelt(schema: Schema, value: unknown): Generator<string> {
  for (const { place, meant, isCompared } of unknownFields(schema, value)) {
    if (!isCompared) return
    if (meant !== undefined) yield misspeltAs(place, meant)
  }
}

const misspeltAs = (place: Place, meant: string): string => `There is no field ${nameOf(place)}. Did you mean ${meant}?`

/** The first field that the schema does not know, for operations that tolerate none. */
export const unknownField = (schema: Schema, value: unknown): Problem | undefined => {
  for (const field of unknownFields(schema, value)) return strayField(field)
  return undefined
}

const strayField = ({ place, meant }: Pick<UnknownField, 'place' | 'meant'>): Problem => {
  const otherwise = place.key === 'isForTest' ? testHint : undefined
  const hint = meant === undefined ? otherwise : `Did you mean ${meant}?`
  return new Problem(nameOf(place), 'not be given: there is no such field', hint)
}

const testHint = 'The test platform is chosen by the query parameter test=true.'

/**
 * For operations that read the environment in the query alone: a body that says `isForTest`, as answers and other operations have it,
 * where the query does not. It would act on the live platform. Whoever sends back what was answered says the same in both.
 */
export const meantForTest = (body: unknown, query: object): Problem | undefined =>
  Reflect.get(Object(body), 'isForTest') === true && Reflect.get(query, 'test') !== true
    ? strayField({ place: { key: 'isForTest', inside: undefined }, meant: undefined })
    : undefined

/** As `unknownField`, within `filter`; and a field that looks like it, which would leave out what was meant to be one. */
export const unknownInFilter = (schema: Schema, value: unknown): Problem | undefined => {
  for (const field of unknownFields(schema, value))
    if (rootOf(field.place) === 'filter' || field.meant === 'filter' || !field.isCompared) return strayField(field)
  return undefined
}

/**
 * As `unknownField`, within these fields; and everywhere a field that looks like another one or that is in the wrong object.
 *
 * @param ownId how others call the id of what the operation creates
 */
export const unknownNear =
  (names: readonly string[], ownId?: string) =>
  (schema: Schema, value: unknown): Problem | undefined => {
    for (const { place, meant = withinOne(names, schema, place), isCompared } of unknownFields(schema, value, ownId))
      if (meant !== undefined || isWithin(names, place) || !isCompared) return strayField({ place, meant })
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
type UnknownField = {
  readonly place: Place
  readonly meant: string | undefined
  /** Whether its name was held against the others: only so many are (`comparing`). */
  readonly isCompared: boolean
}

type Fields = NonNullable<Schema['properties']>

/** An object, what it is in, and the fields that it may have. */
type Around = {
  readonly value: object
  readonly fields: Fields
  readonly inside: Place | undefined
  readonly around: Around | undefined
}

const unknownFields = (schema: Schema, value: unknown, ownId?: string): Generator<UnknownField> =>
  walk(comparing(ownId), schema, value)

function* walk(
  compare: Compare,
  schema: Schema,
  value: unknown,
  inside?: Place,
  around?: Around,
): Generator<UnknownField> {
  if (Array.isArray(value))
    for (const [key, item] of value.entries()) yield* walk(compare, schema.items ?? {}, item, { key, inside }, around)
  else if (typeof value === 'object' && value !== null) {
    const fields = (variantOf(schema, value) ?? schema).properties
    if (fields === undefined) {
      yield* inMap(compare, schema, value, inside, around)
      return
    }
    const here = { value, fields, inside, around }
    for (const [key, item] of Object.entries(value)) {
      const place = { key, inside }
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field !== undefined) yield* walk(compare, field, item, place, here)
      else {
        const likely = compare(fields, key)
        yield { place, meant: likely && meantBy(key, likely, here), isCompared: likely !== undefined }
      }
    }
  }
}

/** Without fields an object is a map, whose keys the client chooses. */
function* inMap(
  compare: Compare,
  { additionalProperties }: Schema,
  value: object,
  inside?: Place,
  around?: Around,
): Generator<UnknownField> {
  if (typeof additionalProperties !== 'object') return
  for (const [key, item] of Object.entries(value))
    yield* walk(compare, additionalProperties, item, { key, inside }, around)
}

/** Which of an object's fields a name that is none of them looks like, and which are objects that have a field of that name. */
type Likely = { readonly alike: readonly string[]; readonly within: readonly string[] }

type Compare = (fields: Fields, key: string) => Likely | undefined

/** Comparing takes long: 6,000 names, which nobody but a shopper's browser had sent, took the thread for 400 ms. */
const enoughNames = 100

/** Longer than any field. */
const longestName = 100

/** Compares each name once with the fields of one kind of object; `undefined` for more than `enoughNames`. */
const comparing = (ownId: string | undefined): Compare => {
  const compared = new Map<Fields, Map<string, Likely>>()
  let left = enoughNames
  return (fields, key) => {
    const known = compared.get(fields) ?? new Map<string, Likely>()
    compared.set(fields, known)
    const found = known.get(key)
    if (found !== undefined || left === 0) return found
    left -= 1
    const names = Object.keys(fields)
    const likely = {
      alike: key.length > longestName ? [] : alikeAmong(names, key, ownId),
      within: names.filter((name) => hasField(fields[name]?.properties, key)),
    }
    known.set(key, likely)
    return likely
  }
}

/** First those that are misspelt, then those that the same thing is called elsewhere. */
const alikeAmong = (names: readonly string[], key: string, ownId: string | undefined): readonly string[] => [
  ...names.filter((name) => isLike(key, name)),
  ...names.filter((name) => name.length === 4 && isNearly(key, name)),
  ...names.filter((name) => endsWith(name, key) || endsWith(key, name) || name === `${key}Number`),
  ...names.filter((name) => name === 'id' && ownId !== undefined && isLike(key, ownId)),
]

/** `settlementTaxFreeAmount` with `taxFreeAmount`, and `defaultContractId` with `contractId`. Of `amount` nobody knows which is meant. */
const endsWith = (name: string, end: string): boolean =>
  end.length >= 8 && name.endsWith(end.charAt(0).toUpperCase() + end.slice(1))

/** The likely field that is not given: beside it, in an object of this one, or else in one around it. */
const meantBy = (key: string, { alike, within }: Likely, { value, inside, around }: Around): string | undefined => {
  const beside = alike.find((name) => !Object.hasOwn(value, name))
  if (beside !== undefined) return nameOf({ key: beside, inside })
  const inner = within.find((name) => {
    const object: unknown = Reflect.get(value, name)
    return isObject(object) && !Object.hasOwn(object, key)
  })
  if (inner !== undefined) return nameOf({ key, inside: { key: inner, inside } })
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
