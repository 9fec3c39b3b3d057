import type { Bank, BrowserPayment, CardCompany, CheckoutForm, PgProvider } from '@naru/contract'
import type { PaymentWindow } from '../gateways/port/window.ts'
import { Unopened } from './problem.ts'

/** What the PG takes of what a shop can offer. Both the page and the PG go by these, so that all that is offered can be paid. */
export type Taking = Pick<PaymentWindow, 'takesMonth' | 'issuesAccountsAt'>

/** The instalments that a shopper may choose from; 0 is a single charge. */
export const offeredMonths = (
  asked: BrowserPayment,
  pgProvider: PgProvider,
  { takesMonth = () => true }: Taking,
): readonly number[] => askedMonths(asked, pgProvider).filter(takesMonth)

/** The banks that a shopper may have a virtual account at. */
export const offeredBanks = (
  { virtualAccount = {} }: BrowserPayment,
  { issuesAccountsAt = () => true }: Taking,
): readonly Bank[] => {
  const { bankCode, availableBanks = [] } = virtualAccount
  const banks = availableBanks.length === 0 ? accountBanks : availableBanks
  return (bankCode === undefined ? banks : [bankCode]).filter(issuesAccountsAt)
}

/** Card companies give no instalments on less, in won. */
const leastForInstallments = 50_000

const askedMonths = ({ totalAmount, currency, card }: BrowserPayment, pgProvider: PgProvider): readonly number[] => {
  if (currency !== 'KRW' || totalAmount < leastForInstallments || card?.useInstallment === false) return [0]
  const { fixedMonth, availableMonthList } = card?.installment?.monthOption ?? {}
  // 0 and 1 both mean a single charge.
  if (fixedMonth !== undefined) return [fixedMonth < 2 ? 0 : fixedMonth]
  if (availableMonthList === undefined) return upTo(12)
  const asked = [...new Set(availableMonthList.map((month) => (month < 2 ? 0 : month)))].toSorted((a, b) => a - b)
  // TossPayments takes the longest of the list and offers everything up to it.
  if (pgProvider === 'TOSSPAYMENTS') return upTo(Math.max(0, ...asked))
  return asked.length === 0 ? [0] : asked
}

const upTo = (most: number): readonly number[] => [0, ...Array.from({ length: Math.max(0, most - 1) }, (_, i) => i + 2)]

/** Where a shop does not say, accounts at these banks are offered. */
export const accountBanks: readonly Bank[] = [
  'KOOKMIN',
  'SHINHAN',
  'WOORI',
  'HANA',
  'NONGHYUP',
  'IBK',
  'SUHYUP',
  'DAEGU',
  'BUSAN',
  'KYONGNAM',
  'KWANGJU',
  'POST',
  'K_BANK',
]

/** PGs that take a merchant's own interest-free instalments. */
const freePlanProviders: readonly PgProvider[] = ['TOSSPAYMENTS', 'NICE_V2', 'INICIS_V2', 'KCP_V2', 'KSNET', 'WELCOME']

/** Which of the offered instalments are free of interest, by the card's company. A single charge bears none anyway. */
export const freeMonths = (
  { card }: BrowserPayment,
  pgProvider: PgProvider,
  offered: readonly number[],
): Partial<Record<CardCompany, readonly number[]>> => {
  if (!freePlanProviders.includes(pgProvider)) return {}
  const plans = card?.installment?.freeInstallmentPlans ?? []
  const free: Partial<Record<CardCompany, readonly number[]>> = {}
  for (const { cardCompany, months, pgProvider: planFor = pgProvider } of plans) {
    const planned = planFor === pgProvider ? months : []
    const all = [...(free[cardCompany] ?? []), ...planned.filter((month) => month > 0 && offered.includes(month))]
    if (all.length > 0) free[cardCompany] = all
  }
  return free
}

/** A window in which there would be nothing to choose is not opened. `form` is what the shopper would be asked for. */
export const refuseNoChoice = (
  form: CheckoutForm,
  asked: BrowserPayment,
  { takesMonth, issuesAccountsAt }: Taking,
): Unopened | undefined => {
  if (form.method === 'CARD' && form.months.length === 0) {
    const { fixedMonth, availableMonthList = [] } = asked.card?.installment?.monthOption ?? {}
    const at = `card.installment.monthOption.${fixedMonth === undefined ? 'availableMonthList' : 'fixedMonth'}`
    const can = upTo(60).filter((month) => takesMonth?.(month))
    const words = [can, fixedMonth === undefined ? availableMonthList : [fixedMonth]].map(listed)
    return new Unopened('RequestParseFailed', `${at}: cards are paid in ${words.join(' months, not in ')}.`)
  }
  if (form.method === 'VIRTUAL_ACCOUNT' && form.banks.length === 0) {
    const { bankCode, availableBanks = [] } = asked.virtualAccount ?? {}
    const at = `virtualAccount.${bankCode === undefined ? 'availableBanks' : 'bankCode'}`
    const cannot = listed(bankCode === undefined ? availableBanks : [bankCode])
    const instead = accountBanks.find((bank) => issuesAccountsAt?.(bank))
    const remedy = `Use another bank, such as ${instead}.`
    return new Unopened('RequestParseFailed', `${at}: no account can be issued at ${cannot}. ${remedy}`)
  }
  return undefined
}

const oneOf = new Intl.ListFormat('en-GB', { type: 'disjunction' })

const listed = (choices: readonly (number | string)[]): string =>
  oneOf.format(choices.map((choice) => (choice === 0 ? '0 (at once)' : String(choice))))
