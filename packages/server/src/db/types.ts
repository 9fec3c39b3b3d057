import type { PostgresType } from 'postgres'
import { fromIso, type Instant, toIso } from '../kernel/clock.ts'

/** How one of PostgreSQL's types is read and written; `to` and `from` are its number in PostgreSQL's catalogue. */
type Type<Value> = {
  readonly to: number
  readonly from: number[]
  readonly parse: (text: string) => Value
  readonly serialize: (value: Value) => string
}

const safeInteger = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The database returned ${text}, which is not a safe integer.`)
  return value
}

const instant = (text: string): Instant => {
  // PostgreSQL writes `2026-01-31 09:00:00.123456+00`; with a `T` and minutes in the offset it is RFC 3339.
  const value = fromIso(`${text.replace(' ', 'T')}:00`)
  if (value === undefined) throw new RangeError(`The database returned the time ${text}, which is out of range.`)
  return value
}

const asItIs = (text: string): string => text

/** The numbers of built-in types never change. */
const type = <Value>(
  oid: number,
  parse: (text: string) => Value,
  serialize: (value: Value) => string,
): Type<Value> => ({
  to: oid,
  from: [oid],
  parse,
  serialize,
})

const boolean = type(16, (text) => text === 't', String)
const int8 = type<number | bigint>(20, safeInteger, String)
const int4 = type(23, Number, String)
const text = type(25, asItIs, String)
const calendarDate = type(1082, asItIs, asItIs)
const timestamptz = type<Instant>(1184, instant, toIso)
const jsonb = type<unknown>(3802, JSON.parse, (value) => JSON.stringify(value))

const array = <Value>(oid: number, { parse, serialize }: Type<Value>): Type<(Value | null)[]> =>
  type(
    oid,
    (literal) => arrayElements(literal).map((item) => (item === null ? null : parse(item))),
    (values) => arrayLiteral(values.map((value) => (value === null ? null : serialize(value)))),
  )

/** `{a,"b c",NULL}` in PostgreSQL's notation, of one dimension, which is all we use. */
const arrayElements = (literal: string): (string | null)[] =>
  [...literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain === 'NULL' ? null : (plain ?? '')) : quoted.replace(/\\(.)/gs, '$1'),
  )

const arrayLiteral = (items: readonly (string | null)[]): string =>
  `{${items.map((item) => (item === null ? 'NULL' : `"${item.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`

/**
 * How PostgreSQL's types travel. The driver's own choices would lose something: int8 as text invites `'1' + 1`, and a
 * `Date` can be neither compared with `===` nor kept in a JSON snapshot, while an `Instant` can. A `date` has no time
 * zone, so it stays the text `yyyy-MM-dd`.
 *
 * Arrays are listed too: the driver would ask each new connection for them, and a connection lost while it asks ends
 * the process with an unhandled rejection.
 */
export const types: Record<string, PostgresType> = {
  int8,
  calendarDate,
  timestamptz,
  booleans: array(1000, boolean),
  int4s: array(1007, int4),
  int8s: array(1016, int8),
  texts: array(1009, text),
  varchars: array(1015, text),
  calendarDates: array(1182, calendarDate),
  timestamptzs: array(1185, timestamptz),
  uuids: array(2951, text),
  jsonbs: array(3807, jsonb),
}
