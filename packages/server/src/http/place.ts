import { redactCards } from '../kernel/redact.ts'

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
