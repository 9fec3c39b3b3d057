import type { PgCode } from './failures.ts'

/** What a transfer to an account does at the sandbox bank, and what the caller hears of it. */
export type BankEffect = {
  readonly books: 'DONE' | 'REFUSED' | 'PENDING' | 'NOTHING'
  /** Why, where it is refused now or turns out refused later. */
  readonly bankCode?: PgCode
  /** The connection drops before the answer. */
  readonly isAnswerLost?: true
  /** PENDING: how many seconds until it is decided, by the store's clock. */
  readonly after?: number
  /** Only the first transfer to the account does this; later ones succeed. */
  readonly isOnlyFirst?: true
  /** The bank denies knowing the transfer when it is asked the first two times. */
  readonly isDeniedTwice?: true
}

export type TestAccount = {
  readonly number: string
  /** The scenario's name. */
  readonly code: string
  /** What looking up the holder and transferring do, for people. */
  readonly outcome: string
  readonly lookUp: HolderBehaviour
  readonly transfer: BankEffect
}

/** A name, or why there is none. */
export type HolderBehaviour = { readonly name: string } | { readonly refuses: PgCode } | { readonly isDown: true }

/** Who holds every account that is not listed: the Korean John Doe. */
export const usualHolder = '홍길동'

const usual: HolderBehaviour = { name: usualHolder }
const done: BankEffect = { books: 'DONE' }
const refusal = (bankCode: PgCode): BankEffect => ({ books: 'REFUSED', bankCode })

/** Account numbers that mean something, at any bank. To every other account a transfer succeeds at once. */
export const testAccounts: readonly TestAccount[] = [
  {
    number: '990000000001',
    code: 'bank-holder-mismatch',
    outcome: 'held by 김바다; transfers are refused because the holder differs',
    lookUp: { name: '김바다' },
    transfer: refusal('SBX_BANK_HOLDER_MISMATCH'),
  },
  {
    number: '990000000002',
    code: 'bank-no-account',
    outcome: 'no such account: lookups and transfers are refused',
    lookUp: { refuses: 'SBX_BANK_NO_ACCOUNT' },
    transfer: refusal('SBX_BANK_NO_ACCOUNT'),
  },
  {
    number: '990000000003',
    code: 'bank-look-up-down',
    outcome: 'lookups are temporarily unavailable; transfers succeed',
    lookUp: { isDown: true },
    transfer: done,
  },
  {
    number: '990000000004',
    code: 'bank-maintenance',
    outcome: 'the bank is down: lookups are unavailable, transfers are refused',
    lookUp: { isDown: true },
    transfer: refusal('SBX_BANK_MAINTENANCE'),
  },
  {
    number: '990000000005',
    code: 'bank-refused-once',
    outcome: 'the first transfer is refused because the bank is down; later ones succeed',
    lookUp: usual,
    transfer: { ...refusal('SBX_BANK_MAINTENANCE'), isOnlyFirst: true },
  },
  {
    number: '990000000006',
    code: 'bank-delayed',
    outcome: 'transfers are accepted, and completed 60 seconds later',
    lookUp: usual,
    transfer: { books: 'PENDING', after: 60 },
  },
  {
    number: '990000000007',
    code: 'bank-delayed-refused',
    outcome: 'transfers are accepted, and refused 60 seconds later',
    lookUp: usual,
    transfer: { books: 'PENDING', after: 60, bankCode: 'SBX_BANK_REFUSED' },
  },
  {
    number: '990000000008',
    code: 'bank-doubt-paid',
    outcome: 'the response to a transfer is lost; it was executed, and an inquiry says so',
    lookUp: usual,
    transfer: { books: 'DONE', isAnswerLost: true },
  },
  {
    number: '990000000009',
    code: 'bank-doubt-not-paid',
    outcome: 'the response to a transfer is lost; the request was never received, and inquiries find nothing',
    lookUp: usual,
    transfer: { books: 'NOTHING', isAnswerLost: true },
  },
  {
    number: '990000000010',
    code: 'bank-doubt-slow',
    outcome:
      'the response to a transfer is lost; it was executed: the first two inquiries find nothing, the third says so',
    lookUp: usual,
    transfer: { books: 'DONE', isAnswerLost: true, isDeniedTwice: true },
  },
  {
    number: '990000000011',
    code: 'bank-doubt-refused',
    outcome: 'the response to a transfer is lost; it was refused, and an inquiry says so',
    lookUp: usual,
    transfer: { ...refusal('SBX_BANK_REFUSED'), isAnswerLost: true },
  },
]

const byNumber: ReadonlyMap<string, TestAccount> = new Map(testAccounts.map((account) => [account.number, account]))

/** What an account does, its number written with or without hyphens. */
export const accountBehaviour = (number: string): Pick<TestAccount, 'lookUp' | 'transfer'> =>
  byNumber.get(number.replace(/\D/g, '')) ?? { lookUp: usual, transfer: done }
