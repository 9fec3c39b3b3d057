import type { Currency } from '@naru/contract'

const withoutMinorUnit: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
)
const threeDigits: ReadonlySet<string> = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '))
const fourDigits: ReadonlySet<string> = new Set(['CLF', 'UYW'])
/** Metals, fund and test codes have no minor unit in ISO 4217; they count as 0. */
const notMoney: ReadonlySet<string> = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '))

/** Whether anybody can pay in it. */
export const isMoney = (currency: Currency): boolean => !notMoney.has(currency)

/**
 * Digits after the decimal point, per ISO 4217. Amounts are stored in the minor unit, so this matters only for showing
 * an amount to a person and for PGs that take decimals.
 */
export const minorUnitDigits = (currency: string): 0 | 2 | 3 | 4 => {
  if (withoutMinorUnit.has(currency) || notMoney.has(currency)) return 0
  if (threeDigits.has(currency)) return 3
  return fourDigits.has(currency) ? 4 : 2
}

/** The amount as a decimal number, for people and for PGs: `decimal(150, 'USD')` is `1.50`. */
export const decimal = (amount: number, currency: string): string => {
  const digits = minorUnitDigits(currency)
  if (digits === 0) return String(amount)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  return `${amount < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
