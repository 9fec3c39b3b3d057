import type { Format } from './typing.ts'

export const digitsIn = (text: string): string => text.replaceAll(/\D/g, '')

/** As browsers do in a field that is full: what does not fit is left out where it was typed, and what was there stays. */
export const fitted = (head: string, tail: string, most: number): readonly [string, string] => {
  const kept = tail.slice(0, most)
  return [head.slice(0, most - kept.length), kept]
}

/** Where the caret is behind so many digits. */
export const placeBehind = (count: number, text: string): number => {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index + 1)
  return count === places.length ? text.length : (places[count - 1] ?? 0)
}

export const digits =
  (most: number): Format =>
  (before, behind) => {
    const [head, tail] = fitted(digitsIn(before), digitsIn(behind), most)
    return { text: head + tail, caret: head.length }
  }

/** `4242 4242 4242 4242`, `3782 822463 10005`. */
export const cardNumber: Format = (before, behind) => {
  const [head, tail] = fitted(digitsIn(before), digitsIn(behind), 19)
  const number = head + tail
  const groups = /^3[47]/.test(number)
    ? /(\d{1,4})(\d{1,6})?(\d{1,9})?/
    : /(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,4})?(\d{1,3})?/
  const text = (groups.exec(number)?.slice(1) ?? []).filter(Boolean).join(' ')
  return { text, caret: placeBehind(head.length, text) }
}

/** Separated as its owner writes it, without what is part of no number. */
export const phoneNumber: Format = (before, behind) => {
  const clean = (text: string) => text.replaceAll(/[\p{Pd}.]/gu, '-').replaceAll(/[^\d+ -]/g, '')
  const [head, tail] = fitted(clean(before), clean(behind), 20)
  return { text: head + tail, caret: head.length }
}

/** The letters and digits of a gift certificate, which are often printed in groups. */
export const certificateNumber: Format = (before, behind) => {
  const lettersIn = (text: string) => text.replaceAll(/[^0-9A-Za-z]/g, '')
  const [head, tail] = fitted(lettersIn(before), lettersIn(behind), 30)
  return { text: head + tail, caret: head.length }
}

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
