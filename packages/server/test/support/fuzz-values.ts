import { isDate, isDateTime } from '@naru/contract'
import fc from 'fast-check'

/** What a schema says of a value, as far as values are made from it. */
export type Shape = {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly oneOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly format?: string
  readonly additionalProperties?: Shape | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
}

/** Values by the name of the field that they fit, such as ids that exist. A value of another type than asked is passed over. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Made once: fast-check prepares every such value anew, which cost more than all requests together. */
const [fourLetters, newId, text] = [
  fc.stringMatching(/^[a-z]{4}$/),
  fc.stringMatching(/^[a-z]{8}$/),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
]
const instant = fc.constantFrom('2026-01-01T00:00:00Z', '2099-12-31T23:59:59+09:00', 'now')
const day = fc.constantFrom('2026-03-01', '2026-03-31', '0001-01-01', '9999-12-31')
const [accountNumber, registrationNumber] = [fc.stringMatching(/^\d{8,14}$/), fc.stringMatching(/^\d{10}$/)]
const anyText = fc.oneof(text, newId)

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)])

/** What no client should send, and every server gets. */
const absurd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, -1, 0, 0.5, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), '', ' ', '\0', '\ud800'),
  fc.constantFrom('😀'.repeat(300), '__proto__', '../..', "'; drop table payments; --", 'a'.repeat(20_000)),
  fc.constantFrom([], {}, deep(50)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
)

/** How a value is made: what is known, and whether something of it may be absurd or missing. */
export type Manner = { readonly known: Known; readonly isSpoiled: boolean }

/** A value of a schema, for the field of this name. */
export const valuesOf = (name: string, shape: Shape, manner: Manner): fc.Arbitrary<unknown> => {
  const fair = knownOr(name, shape, manner)
  return manner.isSpoiled ? fc.oneof({ weight: 25, arbitrary: fair }, { weight: 1, arbitrary: absurd }) : fair
}

const knownOr = (name: string, shape: Shape, manner: Manner): fc.Arbitrary<unknown> => {
  const known = (Object.hasOwn(manner.known, name) ? (manner.known[name] ?? []) : []).filter((value) =>
    fits(shape, value),
  )
  const made = fitting(name, shape, manner)
  return known.length === 0
    ? made
    : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: made })
}

const fits = (shape: Shape, value: unknown): boolean => {
  if (shape.enum) return shape.enum.includes(value)
  if ('const' in shape) return shape.const === value
  if (shape.type === 'integer') return Number.isInteger(value)
  if (shape.type === 'array') return Array.isArray(value)
  if (shape.type === 'string' && shape.format === 'date') return isDate(String(value))
  if (shape.type === 'string' && shape.format === 'date-time') return isDateTime(String(value))
  if (typeof shape.type === 'object') return shape.type.some((type) => fits({ ...shape, type }, value))
  return shape.type === typeof value && !Array.isArray(value)
}

const fitting = (name: string, shape: Shape, manner: Manner): fc.Arbitrary<unknown> => {
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if ('const' in shape) return fc.constant(shape.const)
  if (shape.oneOf) return fc.oneof(...shape.oneOf.map((variant) => fitting(name, variant, manner)))
  if (typeof shape.type === 'object')
    return fc.oneof(...shape.type.map((type) => fitting(name, { ...shape, type }, manner)))
  switch (shape.type) {
    case 'object':
      if (typeof shape.additionalProperties === 'object')
        return fc.dictionary(fourLetters, valuesOf(name, shape.additionalProperties, manner), { maxKeys: 2 })
      return objectOf(shape, manner)
    case 'array':
      return fc.array(valuesOf(name, shape.items ?? {}, manner), { minLength: shape.minItems ?? 0, maxLength: 3 })
    case 'integer':
      return fc.oneof({ weight: 9, arbitrary: usualInteger(shape) }, fc.maxSafeInteger())
    case 'boolean':
      return fc.boolean()
    default:
      return stringOf(shape)
  }
}

const usualInteger = ({ minimum = 0, maximum = 20_000 }: Shape): fc.Arbitrary<number> => {
  const min = Math.max(minimum, 0)
  return fc.integer({ min, max: Math.max(min, Math.min(maximum, 20_000)) })
}

/** Optional fields are mostly left out: nearly any two of them contradict each other in some operation. */
const objectOf = ({ properties = {}, required = [] }: Shape, manner: Manner): fc.Arbitrary<unknown> => {
  const fields = Object.entries(properties).map(([name, field]) => {
    const value = fc.record({ name: fc.constant(name), value: valuesOf(name, field, manner) })
    const absent = { weight: 1, arbitrary: fc.constant(undefined) }
    if (!required.includes(name)) return fc.oneof({ ...absent, weight: 7 }, { weight: 3, arbitrary: value })
    return manner.isSpoiled ? fc.oneof({ weight: 40, arbitrary: value }, absent) : value
  })
  return fc
    .tuple(...fields)
    .map((made) => Object.fromEntries(made.flatMap((field) => (field ? [[field.name, field.value]] : []))))
}

const stringOf = ({ format }: Shape): fc.Arbitrary<string> => {
  if (format === 'new-id') return newId
  if (format === 'date-time') return instant
  if (format === 'date') return day
  if (format === 'not-blank' || format === 'not-blank-line') return newId
  if (format === 'account-number') return accountNumber
  if (format === 'second-factor-code') return fc.constantFrom('123456', '000 000')
  if (format === 'business-registration-number') return registrationNumber
  return anyText
}
