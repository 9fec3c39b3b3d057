/** Stands in for a number that JavaScript would round, until the field that holds it is known. */
export class InexactNumber {}

/** What a number must be, for `Problem`. */
export const exactly =
  'be a number of at most 9007199254740991, with at most 15 significant digits if it has a fraction, ' +
  'as others would be rounded'

/**
 * Fifteen significant digits always survive. Few bodies hold more in a number, and the reviver costs a multiple of the parsing. The
 * number of a card does not count: what a string begins with follows its quotation mark.
 */
const mayBeInexact = /(?:^|[\s:,[])-?\d(?:[\d.]{15}|[\d.]*[eE])/

/**
 * Parses JSON. A number that JavaScript would round becomes an `InexactNumber`: `1000.0000000000000001` would be 1000 to us
 * and something else to its sender. Refusing an amount is better than rounding it.
 */
export const parseExactly = (text: string): unknown => {
  if (!mayBeInexact.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, ...rest: unknown[]) =>
    typeof value === 'number' && !isExactNumber(sourceOf(rest)) ? new InexactNumber() : value,
  )
}

/** The number as it is written, which V8 gives to a reviver as `{ source }`. */
const sourceOf = ([context]: readonly unknown[]): string => {
  const source = typeof context === 'object' && context !== null && 'source' in context ? context.source : undefined
  if (typeof source !== 'string') throw new Error('JSON.parse did not say how a number is written')
  return source
}

/** Whether a number in JSON's notation is the same once it has been read and written again. Integers must be safe. */
export const isExactNumber = (source: string): boolean => {
  const value = Number(source)
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return false
  return canonical(source) === canonical(String(value))
}

/** Sign, digits and the power of ten: `-1.50e3` and `-1500` are both `-15e2`. Zero is `0`, whatever its sign. */
const canonical = (source: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return significant === '' ? '0' : `${sign}${significant}e${power}`
}
