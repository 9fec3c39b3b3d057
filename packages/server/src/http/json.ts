import { isUtf8 } from 'node:buffer'
import { isStorable } from '../kernel/text.ts'
import { countMembers, findDuplicate } from './duplicate-keys.ts'
import { exactly, InexactNumber, parseExactly } from './exact-number.ts'
import { malformedAt } from './malformed.ts'
import { nameOf, type Place } from './place.ts'

/** Why a value is refused: the field, and what it must be. Never its value, which may be a card number. */
export class Problem {
  readonly field: string
  readonly expectation: string
  /** A sentence about what may have been meant. */
  readonly hint: string | undefined
  /** @param expectation completes "The field must …" */
  constructor(field: string, expectation: string, hint?: string) {
    this.field = field
    this.expectation = expectation
    this.hint = hint
  }

  /** Such as `amount.total must be an integer`. */
  get message(): string {
    return `${this.field === '' ? 'The request body' : this.field} must ${this.expectation}`
  }

  /** The whole of it, for the client. */
  get text(): string {
    return `${this.message}.${this.hint === undefined ? '' : ` ${this.hint}`}`
  }
}

/** A number that would be rounded, in JSON that can be used otherwise: what a schema says of its field comes first. */
export class InexactProblem extends Problem {
  readonly value: unknown
  constructor({ field, expectation }: Problem, value: unknown) {
    super(field, expectation)
    this.value = value
  }
}

const maximumDepth = 64

/**
 * What a field that is null means. PortOne's API takes it for absent. Where absent means everything, as with the payouts to
 * carry out, a null that a client did not intend would be too much.
 */
export type Nulls = 'absent' | 'refused'

/** Parses the bytes of a body; `undefined` if there are none. */
export const parseBytes = (bytes: Buffer | undefined, nulls: Nulls = 'absent'): unknown => {
  if (bytes === undefined || bytes.length === 0) return undefined
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return new Problem('', 'be JSON, not compressed by gzip')
  if (!isUtf8(bytes)) return new Problem('', 'be JSON in UTF-8; it holds bytes that are not UTF-8')
  const text = bytes.toString('utf8')
  return text.trim() === '' ? undefined : parseText(text, '', nulls)
}

/**
 * Parses JSON and makes it safe to use: null fields count as absent. Text that the database cannot store, numbers that would
 * be rounded and fields that are given twice are refused here, wherever they are: of two amounts JavaScript takes the last,
 * and another reader, such as a proxy that checks requests, may take the first.
 */
export const parseText = (text: string, name: string, nulls: Nulls = 'absent'): unknown => {
  // A byte order mark is not JSON, but some editors and languages write one.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  let value: unknown
  try {
    value = parseExactly(json)
  } catch {
    return new Problem(name, `be JSON${placeOfFault(json)}`)
  }
  const walk: Walk = { members: 0 }
  const problem = tidy(value, undefined, { walk, depth: 0, nulls })
  if (problem) return problem
  if (walk.members !== countMembers(text)) return new Problem(nameOf(findDuplicate(text)), 'be given once')
  if (walk.inexact) return new InexactProblem(walk.inexact, value)
  return value ?? undefined
}

/** How many members of objects have been seen, and the first number that would be rounded. */
type Walk = { members: number; inexact?: Problem }

type Position = { readonly walk: Walk; readonly depth: number; readonly nulls: Nulls | 'kept' }

const placeOfFault = (json: string): string => {
  const fault = malformedAt(json)
  return fault ? `; it is malformed at line ${fault.line}, column ${fault.column}` : ''
}

/**
 * Removes null fields, in place, and finds the first value to refuse. Inside `bypass`, which is passed to the PG unchanged,
 * null means what the PG says it means.
 */
const tidy = (value: unknown, place: Place | undefined, position: Position): Problem | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : new Problem(nameOf(place), storable)
  if (value instanceof InexactNumber) {
    position.walk.inexact ??= new Problem(nameOf(place), exactly)
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (position.depth >= maximumDepth) return new Problem('', `not be nested deeper than ${maximumDepth} levels`)
  const deeper = { ...position, depth: position.depth + 1 }
  return Array.isArray(value) ? tidyArray(value, place, deeper) : tidyObject(value, place, deeper)
}

const tidyArray = (items: unknown[], place: Place | undefined, position: Position): Problem | undefined => {
  for (const [index, item] of items.entries()) {
    const problem = tidy(item, { key: index, inside: place }, position)
    if (problem) return problem
  }
  return undefined
}

const tidyObject = (object: object, place: Place | undefined, position: Position): Problem | undefined => {
  const { walk, nulls } = position
  for (const [key, value] of Object.entries(object)) {
    walk.members++
    const here = { key, inside: place }
    if (!isStorable(key)) return new Problem(nameOf(here), storable)
    // Copying an object that has this key of its own would change the copy's prototype.
    if (key === '__proto__') return new Problem(nameOf(here), 'have another name')
    if (value === null && nulls === 'refused') return new Problem(nameOf(here), 'not be null: leave it out')
    if (value === null && nulls === 'absent') Reflect.deleteProperty(object, key)
    else {
      const problem = tidy(value, here, key === 'bypass' ? { ...position, nulls: 'kept' } : position)
      if (problem) return problem
    }
  }
  return undefined
}

const storable = 'not contain the NUL character or half of a surrogate pair'
