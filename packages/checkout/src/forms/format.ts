const digitsIn = (text: string): string => text.replaceAll(/\D/g, '')

/** `4242 4242 4242 4242`, `3782 822463 10005`. */
export const cardNumber = (typed: string): string => {
  const digits = digitsIn(typed).slice(0, 19)
  const groups = /^3[47]/.test(digits)
    ? /(\d{1,4})(\d{1,6})?(\d{1,9})?/
    : /(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,4})?(\d{1,3})?/
  return (groups.exec(digits)?.slice(1) ?? []).filter(Boolean).join(' ')
}

/** `12/30`. A month that is one digit is known when it is 2 or more. */
export const expiry = (typed: string): string => {
  const digits = digitsIn(typed)
  const padded = /^[2-9]/.test(digits) ? `0${digits}` : digits
  if (padded.length < 3) return typed.endsWith('/') && padded.length === 2 ? `${padded}/` : padded
  // Some browsers fill in four digits of the year.
  const year = padded.length >= 6 ? padded.slice(4, 6) : padded.slice(2, 4)
  return `${padded.slice(0, 2)}/${year}`
}

export const digits =
  (most: number) =>
  (typed: string): string =>
    digitsIn(typed).slice(0, most)

/** Whether the last digit of a card number checks the others (ISO/IEC 7812). */
export const isCardNumber = (text: string): boolean => {
  const number = digitsIn(text)
  if (number.length < 12 || number.length > 19) return false
  const sum = [...number].toReversed().reduce((total, character, place) => {
    const doubled = Number(character) * (place % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** YYMMDD; the century is not known, so the 29th of February always is one. */
export const isBirthDate = (text: string): boolean => {
  const [month, day] = [Number(text.slice(2, 4)), Number(text.slice(4, 6))]
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate()
}

export const isExpiry = (text: string): boolean => /^(0[1-9]|1[0-2])\/\d{2}$/.test(text)
