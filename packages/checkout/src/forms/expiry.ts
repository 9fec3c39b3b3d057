import { digitsIn, fitted, placeBehind } from './format.ts'
import type { Format, Written } from './typing.ts'

/** `12/30`, also of `2030-12`, as the HTML standard has a card's month, and of `1/30`. */
export const expiry: Format = (before, behind) => {
  const [head, tail] = [withoutWords(before), withoutWords(behind)]
  return standard(head + tail) ?? monthAndYear(head.replace(/^\D+(?=\d+\D)/, ''), tail)
}

/** As it is once nothing more is typed. */
export const wholeExpiry = (text: string): string => expiry(text, '').text

export const isExpiry = (text: string): boolean => /^(0[1-9]|1[0-2])\/\d{2}$/.test(wholeExpiry(text))

const withoutWords = (text: string): string => text.replaceAll(/[^\d\s./\p{Pd}]/gu, '')

const standard = (typed: string): Written | undefined => {
  const [, year, apart = '', month = apart] = /^\D*20(\d\d)(?:\D+(\d\d?)|(0[1-9]|1[0-2]))\D*$/.exec(typed) ?? []
  if (year === undefined) return undefined
  const text = `${month.padStart(2, '0')}/${year}`
  return { text, caret: text.length }
}

const monthAndYear = (head: string, tail: string): Written => {
  const apart = /^(\d{0,2})\D+(\d*)\D*$/.exec(head + tail)
  // A month is left as it is while the caret is in it: the shopper may be correcting it.
  if (apart) {
    const [, month = '', year = ''] = apart
    const isMonthDone = /\D/.test(head)
    const written = isMonthDone && /^[1-9]$/.test(month) ? `0${month}` : month
    const inYear = isMonthDone ? digitsIn(head).length - month.length : 0
    const inMonth = isMonthDone ? written.length : head.length
    return joined(`${written}/`, year.slice(0, inYear), year.slice(inYear), inMonth)
  }
  // A month that is one digit is known when it is 2 or more.
  const padded = digitsIn(head).replace(/^[2-9]/, '0$&')
  const [typed, rest] = tail === '' ? [padded, ''] : fitted(padded, digitsIn(tail), 4)
  const year = (typed + rest).slice(2)
  const inYear = Math.max(0, typed.length - 2)
  return joined((typed + rest).slice(0, 2), year.slice(0, inYear), year.slice(inYear), Math.min(2, typed.length))
}

const joined = (month: string, yearBefore: string, yearBehind: string, inMonth: number): Written => {
  const [head, tail] = yearOf(yearBefore, yearBehind)
  const year = head + tail
  const text = year === '' ? month.replace(/^\/$/, '') : `${month.replace('/', '')}/${year}`
  return { text, caret: placeBehind(inMonth + head.length, text) }
}

/** Two digits of the four that some browsers fill in, and some shoppers type. */
const yearOf = (head: string, tail: string): readonly [string, string] => {
  if (tail !== '' || !/^20\d/.test(head)) return fitted(head, tail, 2)
  return [head.length === 3 ? head : head.slice(2, 4), '']
}
