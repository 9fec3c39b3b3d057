import { type Card, type CardBrand, type CardType, cardCompanyNames } from '@naru/contract'
import { hour, type Instant, toIso } from '../../../kernel/clock.ts'
import type { CardCredential } from '../../port/terms.ts'
import { companyOfNumber } from './company-cards.ts'

/** Card numbers that mean something. Any other number that passes the Luhn check is an ordinary card. */
export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', code: 'approve' },
  { number: '5555555555554444', code: 'approve' },
  { number: '378282246310005', code: 'approve' },
  { number: '3530111333300000', code: 'approve' },
  { number: '6200000000000005', code: 'approve' },
  { number: '4000000000000002', code: 'decline' },
  { number: '4000000000009995', code: 'decline-insufficient' },
  { number: '4000000000009987', code: 'decline-lost' },
  { number: '4000000000009979', code: 'decline-stolen' },
  { number: '4000000000000069', code: 'decline-expired' },
  { number: '4000000000000127', code: 'invalid-password' },
  { number: '4000000000000119', code: 'server-error' },
  { number: '4242424242424241', code: 'invalid-number' },
  { number: '4000000000006975', code: 'decline-velocity' },
  { number: '4000000000000341', code: 'bk-fail-later' },
  { number: '4000002500003155', code: 'approve', challenged: true },
  { number: '4000008260003178', code: 'decline-insufficient', challenged: true },
  { number: '4000000000000259', code: 'dispute' },
  { number: '4000000000007726', code: 'cancel-pending-5' },
  { number: '4000000000005126', code: 'cancel-pending-fail-5' },
  { number: '4100000000000019', code: 'decline-fraud' },
]

export type TestCard = {
  readonly number: string
  readonly code: string
  /** In the window, the issuer asks for one more authentication before it answers. */
  readonly challenged?: true
}

const byNumber: ReadonlyMap<string, TestCard> = new Map(testCards.map((card) => [card.number, card]))

/** The test card with this number, written with or without spaces and hyphens. */
export const testCardOf = (number: string): TestCard | undefined => byNumber.get(digitsOf(number))

/** Why the PG refuses what was typed in, before it asks an issuer; undefined where nothing is wrong. */
export const cardProblem = (credential: CardCredential, installmentMonth: number, now: Instant): string | undefined => {
  const { number, expiryYear, expiryMonth, birthOrBusinessRegistrationNumber, passwordTwoDigits } = credential
  if (!passesLuhn(digitsOf(number))) return 'invalid-number'
  if (!/^\d{2}$/.test(expiryYear) || !/^(0[1-9]|1[0-2])$/.test(expiryMonth)) return 'invalid-expiry'
  if (!/^(\d{6}|\d{10}|)$/.test(birthOrBusinessRegistrationNumber ?? '')) return 'invalid-birth'
  if (!/^(\d{2}|)$/.test(passwordTwoDigits ?? '')) return 'invalid-password'
  if (!isOfferedMonth(installmentMonth)) return 'invalid-installment'
  return `20${expiryYear}-${expiryMonth}` < koreanMonth(now) ? 'decline-expired' : undefined
}

/** 0 is a single charge. */
export const isOfferedMonth = (month: number): boolean => month === 0 || (month >= 2 && month <= 12)

/**
 * What may be shown and stored of a card. The number keeps its first 6 and last 4 digits. The issuer is the one that the number
 * tells; otherwise the chosen one counts.
 */
export const cardFacts = (credential: CardCredential, chosenIssuer?: string): Card => {
  const number = digitsOf(credential.number)
  const brand = brandOf(number)
  const issuer = companyOfNumber(number) ?? chosenIssuer ?? issuers[brand] ?? 'KOOKMIN_CARD'
  return {
    publisher: issuer,
    issuer,
    brand,
    type: typesByBin[number.slice(0, 6)] ?? 'CREDIT',
    ownerType: credential.birthOrBusinessRegistrationNumber?.length === 10 ? 'CORPORATE' : 'PERSONAL',
    bin: number.slice(0, 6),
    name: names.get(issuer) ?? issuer,
    number: `${number.slice(0, 6)}${'*'.repeat(Math.max(0, number.length - 10))}${number.slice(-4)}`,
  }
}

const issuers: Readonly<Partial<Record<CardBrand, string>>> = { VISA: 'SHINHAN_CARD', MASTER: 'HYUNDAI_CARD' }
const names: ReadonlyMap<string, string> = new Map(
  Object.entries(cardCompanyNames).map(([company, [korean]]) => [company, korean]),
)

/** Stripe's debit and prepaid test cards keep their meaning; everything else is a credit card. */
const typesByBin: Readonly<Record<string, CardType>> = { '400005': 'DEBIT', '520082': 'DEBIT', '510510': 'GIFT' }

const brandOf = (number: string): CardBrand => {
  if (/^4/.test(number)) return 'VISA'
  if (/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(number)) return 'MASTER'
  if (/^3[47]/.test(number)) return 'AMEX'
  if (/^35(2[89]|[3-8])/.test(number)) return 'JCB'
  if (/^62/.test(number)) return 'UNIONPAY'
  if (/^3(0[0-5]|[689])/.test(number)) return 'DINERS'
  return 'LOCAL'
}

const digitsOf = (number: string): string => number.replace(/[\s-]/g, '')

const passesLuhn = (number: string): boolean => {
  if (!/^\d{12,19}$/.test(number)) return false
  let sum = 0
  for (const [place, character] of [...number].reverse().entries()) {
    const doubled = Number(character) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** `yyyy-MM` in Korea, where a card is good until its month ends. */
const koreanMonth = (now: Instant): string => toIso(now + 9 * hour).slice(0, 7)
