import Format from 'typebox/format'
import { isBlank } from './blank.ts'

/**
 * The formats by which the contract restricts text. `expectation` completes "The field must …". Only what is used later is
 * restricted: text that is passed on to a PG, such as a buyer's telephone number, is the PG's to judge.
 */
export const textFormats: Readonly<Record<string, TextFormat>> = {
  'date-time': { fits: (text) => isDateTime(text), expectation: 'be a date-time such as 2026-01-31T09:00:00Z' },
  date: { fits: (text) => isDate(text), expectation: 'be a date such as 2026-01-31' },
  'new-id': {
    fits: (text) => isNewId(text),
    expectation: 'be 1 to 100 characters, not blank, without / and control characters, and not . or ..',
  },
  'account-number': {
    // Korean banks' are digits, and often written with hyphens or spaces. Letters are those of accounts abroad (IBAN).
    fits: (text) => /\d/.test(text) && /^[\dA-Za-z](?:[\dA-Za-z -]{0,48}[\dA-Za-z])?$/.test(text),
    expectation: 'be an account number: digits, with or without hyphens, at most 50 characters',
  },
  // Authenticators show a space in the middle. Digits of other alphabets, as keyboards in Korea can type them, are no wrong
  // try, and cannot be compared byte by byte.
  'second-factor-code': {
    fits: (text) => /^[0-9]{3} ?[0-9]{3}$/.test(text),
    expectation: 'be the six digits that the authenticator shows now, such as 123456',
  },
  'business-registration-number': {
    fits: (text) => /^\d(?:-?\d){9}$/.test(text),
    expectation: 'be ten digits, with or without hyphens, such as 123-45-67890',
  },
  'one-line': {
    fits: (text) => isLine(text),
    expectation: 'be one line of text, without control characters',
  },
  'not-blank': { fits: (text) => !isBlank(text), expectation: 'not be blank' },
  // Shops hand on what they know of a buyer, which may be nothing.
  'telephone-if-given': {
    fits: (text) => isBlank(text) || /^\+?\d{7,15}$/.test(text.replaceAll(/[\s().-]/g, '')),
    expectation: 'be a telephone number such as 010-1234-5678, or be left out',
  },
  'e-mail-if-given': {
    fits: (text) => isBlank(text) || /^[^\s@]+@[^\s@]+$/.test(text.trim()),
    expectation: 'be an e-mail address such as naru@example.com, or be left out',
  },
  'not-blank-line': {
    fits: (text) => isLine(text) && !isBlank(text),
    expectation: 'be one line of text that is not blank, without control characters',
  },
}

type TextFormat = { readonly fits: (text: string) => boolean; readonly expectation: string }

/**
 * Registers the formats the contract uses. Must run before the first schema is compiled: TypeBox's compiler looks a
 * format up once, and a format it does not know accepts everything.
 */
export const registerFormats = (): void => {
  for (const [name, { fits }] of Object.entries(textFormats)) Format.Set(name, fits)
}

const isLine = (text: string): boolean => /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u.test(text)

/** What a client may choose as an id: printable, not blank, and what one segment of a URL's path can address. */
export const isNewId = (text: string): boolean =>
  newIdPattern.test(text) && !isBlank(text) && text !== '.' && text !== '..'

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
