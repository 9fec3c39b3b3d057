/**
 * The text with every card number in it reduced to its first six digits and its last four. For whatever repeats what a
 * caller sent: error messages and logs. A card number may arrive anywhere, as a JSON key or a payment id too.
 *
 * A card number is 13 to 19 digits, together or in the groups in which cards print them, that begin as cards do (3 to 6,
 * 2 for Mastercard, 9 for Korea's own) and pass the Luhn check: ids made of digits mostly fail it and stay readable.
 */
export const redactCards = (text: string): string =>
  /\d{4}/.test(text) ? text.replaceAll(cardLike, (found) => (isCardNumber(found) ? mask(found) : found)) : text

const cardLike = /(?<!\d)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5})(?!\d)/g

const isCardNumber = (text: string): boolean => {
  const digits = text.replaceAll(/\D/g, '')
  return /^[2-69]/.test(digits) && passesLuhn(digits)
}

const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (const [place, character] of [...digits].reverse().entries()) {
    const doubled = Number(character) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const mask = (text: string): string => {
  const digits = text.replaceAll(/\D/g, '')
  return `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
}

/** The same for every string inside a value, keys of objects included. */
export const redactDeep = (value: unknown): unknown => {
  if (typeof value === 'string') return redactCards(value)
  if (Array.isArray(value)) return value.map(redactDeep)
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redactCards(key), redactDeep(inner)]))
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))
