import Format from 'typebox/format'

/**
 * Registers the formats the contract uses. Must run before the first schema is compiled: TypeBox's compiler looks a
 * format up once, and a format it does not know accepts everything.
 */
export const registerFormats = (): void => {
  Format.Set('date-time', isDateTime)
  Format.Set('date', isDate)
  Format.Set('new-id', isNewId)
}

/** What a client may choose as an id: printable, not blank, and what one segment of a URL's path can address. */
export const isNewId = (text: string): boolean =>
  newIdPattern.test(text) && text.trim() !== '' && text !== '.' && text !== '..'

const newIdPattern = /^[^/\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u

/** An instant after RFC 3339: any offset, a fraction of any length, real calendar days, no leap seconds. */
export const isDateTime = (text: string): boolean => {
  const match = dateTimePattern.exec(text)
  if (match?.[1] === undefined || !isDate(match[1])) return false
  const instant = Date.parse(text)
  return firstInstant <= instant && instant <= lastInstant
}

/**
 * The years 1 to 9999 in UTC. Databases know no year 0, and RFC 3339 cannot write the year 10000, which an offset can
 * reach on the last day.
 */
export const firstInstant = Date.parse('0001-01-01T00:00:00Z')
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z')

/** A day that exists, as yyyy-MM-dd. */
export const isDate = (text: string): boolean => {
  const match = datePattern.exec(text)
  if (!match) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

const dateTimePattern =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

const daysIn = (year: number, month: number): number => {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
