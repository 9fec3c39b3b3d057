import { isUtf8 } from 'node:buffer'
import { redactCards } from '../kernel/redact.ts'
import { isStorable } from '../kernel/text.ts'
import { InexactNumber, parseExactly } from './exact-number.ts'

/** Why a value is refused: the field, and what it must be. Never its value, which may be a card number. */
export class Problem {
  readonly field: string
  readonly expectation: string
  /** @param expectation completes "The field must …" */
  constructor(field: string, expectation: string) {
    this.field = field
    this.expectation = expectation
  }

  /** Such as `amount.total must be an integer`. */
  get message(): string {
    return `${this.field === '' ? 'The request body' : this.field} must ${this.expectation}`
  }
}

/** The place of a value inside another one, as a list from the inside out, which makes walking cheap. */
export type Place = { readonly key: string | number; readonly inside: Place | undefined }

/**
 * Such as `products[0].name`. Keys that are not identifiers are quoted and shortened, since clients choose them. Card numbers
 * are masked first: cut short, they would not be recognised.
 */
export const nameOf = (place: Place | undefined): string => {
  if (place === undefined) return ''
  const { key, inside } = place
  const outer = nameOf(inside)
  if (typeof key === 'number') return `${outer}[${key}]`
  if (!/^[A-Za-z_$][\w$]{0,99}$/.test(key))
    return `${outer}[${JSON.stringify(redactCards(key).slice(0, 100).toWellFormed())}]`
  return outer === '' ? key : `${outer}.${key}`
}

const maximumDepth = 64

/** Parses the bytes of a body; `undefined` if there are none. */
export const parseBytes = (bytes: Buffer | undefined): unknown => {
  if (bytes === undefined || bytes.length === 0) return undefined
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return new Problem('', 'be JSON, not compressed by gzip')
  if (!isUtf8(bytes)) return new Problem('', 'be JSON in UTF-8; it holds bytes that are not UTF-8')
  const text = bytes.toString('utf8')
  return text.trim() === '' ? undefined : parseText(text, '')
}

/**
 * Parses JSON and makes it safe to use: null fields count as absent, and text that the database cannot store and numbers
 * that would be rounded are refused here, wherever they are, not by an error deep inside.
 */
export const parseText = (text: string, name: string): unknown => {
  let value: unknown
  try {
    // A byte order mark is not JSON, but some editors and languages write one.
    value = parseExactly(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (error) {
    return new Problem(name, `be JSON${positionIn(error)}`)
  }
  return tidy(value, undefined, 0, false) ?? value ?? undefined
}

/** V8's own message quotes the text around the mistake, which may be a card number. */
const positionIn = (error: unknown): string => {
  const position =
    error instanceof Error ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined
  return position === undefined ? '' : `; it is malformed ${position}`
}

/**
 * Removes null fields, in place, and finds the first value to refuse. Inside `bypass`, which is passed to the PG unchanged,
 * null means what the PG says it means.
 */
const tidy = (value: unknown, place: Place | undefined, depth: number, keepsNull: boolean): Problem | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : new Problem(nameOf(place), storable)
  if (value instanceof InexactNumber) return new Problem(nameOf(place), exact)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= maximumDepth) return new Problem('', `not be nested deeper than ${maximumDepth} levels`)
  return Array.isArray(value) ? tidyArray(value, place, depth, keepsNull) : tidyObject(value, place, depth, keepsNull)
}

const tidyArray = (
  items: unknown[],
  place: Place | undefined,
  depth: number,
  keepsNull: boolean,
): Problem | undefined => {
  for (const [index, item] of items.entries()) {
    const problem = tidy(item, { key: index, inside: place }, depth + 1, keepsNull)
    if (problem) return problem
  }
  return undefined
}

const tidyObject = (
  object: object,
  place: Place | undefined,
  depth: number,
  keepsNull: boolean,
): Problem | undefined => {
  for (const [key, value] of Object.entries(object)) {
    const here = { key, inside: place }
    if (!isStorable(key)) return new Problem(nameOf(here), storable)
    // Copying an object that has this key of its own would change the copy's prototype.
    if (key === '__proto__') return new Problem(nameOf(here), 'have another name')
    if (value === null && !keepsNull) Reflect.deleteProperty(object, key)
    else {
      const problem = tidy(value, here, depth + 1, keepsNull || key === 'bypass')
      if (problem) return problem
    }
  }
  return undefined
}

const storable = 'not contain the NUL character or half of a surrogate pair'
const exact =
  'be a number of at most 9007199254740991, with at most 15 significant digits if it has a fraction, ' +
  'as others would be rounded'
