import type { Schema } from './explain.ts'
import { nameOf, type Place } from './place.ts'

/**
 * A sentence about the first field of a value that the schema does not know and that looks like one it does, such as
 * `day` for `days`. Unknown fields are tolerated, since clients may be newer than the server; where a request is refused
 * anyway, one of them may be why.
 */
export const misspelt = (schema: Schema, value: unknown): string | undefined => {
  const found = find(schema, value, undefined)
  return found && `There is no field ${nameOf(found.place)}. Did you mean ${found.meant}?`
}

type Misspelt = { readonly place: Place; readonly meant: string }

const find = (schema: Schema, value: unknown, inside: Place | undefined): Misspelt | undefined => {
  if (Array.isArray(value))
    return first(value.entries(), ([key, item]) => find(schema.items ?? {}, item, { key, inside }))
  if (typeof value !== 'object' || value === null) return undefined
  const fields = (variantOf(schema, value) ?? schema).properties
  if (fields === undefined) return undefined
  return first(Object.entries(value), ([key, item]) => {
    const place = { key, inside }
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field !== undefined) return find(field, item, place)
    const meant = Object.keys(fields).find((name) => !Object.hasOwn(value, name) && isLike(key, name))
    return meant === undefined ? undefined : { place, meant: nameOf({ key: meant, inside }) }
  })
}

const variantOf = ({ oneOf, discriminator }: Schema, value: object): Schema | undefined => {
  const property = discriminator?.propertyName ?? ''
  return oneOf?.find(({ properties }) => properties?.[property]?.const === Reflect.get(value, property))
}

const first = <Item, Found>(items: Iterable<Item>, search: (item: Item) => Found | undefined): Found | undefined => {
  for (const item of items) {
    const found = search(item)
    if (found !== undefined) return found
  }
  return undefined
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
