import { isLike } from '@naru/contract/likeness'
import type { Instant } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import type { CardCredential } from '../../port/terms.ts'
import { cardProblem, testCardOf } from './cards.ts'
import { behaviourOf, codes } from './codes.ts'

/** Amounts that mean something, in the minor unit of any currency: deliberately not what anybody sells for. */
export const testAmounts: ReadonlyMap<Amount, string> = new Map([
  [990001, 'decline'],
  [990002, 'decline-insufficient'],
  [990003, 'doubt-approved'],
  [990004, 'doubt-failed'],
  [990005, 'doubt-none'],
  [990006, 'slow-25'],
  [990007, 'slow-40'],
  [990008, 'pending-paid-10'],
  [990009, 'pending-failed-10'],
  [990010, 'amount-mismatch'],
  [990011, 'maintenance'],
  [990012, 'late-success'],
  [990020, 'va-auto-5'],
  [990021, 'va-deposit-first'],
  [990022, 'va-reversal'],
  [990023, 'va-wrong-amount'],
  [990024, 'va-never'],
  [990025, 'va-late-deposit'],
  [990026, 'va-fail'],
  [990027, 'va-deposit-thrice'],
  [990028, 'va-close-refused'],
  [990029, 'va-close-doubt'],
  [990030, 'cancel-decline'],
  [990031, 'cancel-pending-5'],
  [990032, 'cancel-doubt-done'],
  [990033, 'partial-unsupported'],
  [990040, 'notify-delay-60'],
  [990041, 'notify-none'],
  [990042, 'notify-dup'],
  [990050, 'dispute'],
])

/** Telephone numbers of people who cannot be verified. */
export const testPhones: ReadonlyMap<string, string> = new Map([
  ['01000000001', 'otp-wrong'],
  ['01000000002', 'otp-never'],
  ['01000000003', 'identity-limit'],
  ['01000000004', 'identity-under-age'],
])

/** What of a request can choose a scenario. */
export type Trigger = {
  readonly testCode?: string | undefined
  readonly customerId?: string | undefined
  readonly card?: { readonly credential: CardCredential; readonly installmentMonth: number } | undefined
  readonly amount: Amount
  readonly phoneNumber?: string | undefined
  /** By the store's clock: decides whether a card has expired. */
  readonly now: Instant
}

/**
 * The code of the scenario: header or script, customer id, card, amount, in this order, otherwise `approve`. An ordinary card
 * chooses nothing, so that amounts work with 4242 4242 4242 4242. A code that does not exist gives `unknown-code`, which
 * is refused: a misspelt scenario that quietly approves would make a test pass for the wrong reason.
 */
export const codeFor = (trigger: Trigger): string => {
  const named = namedCode(trigger.testCode ?? codeInId(trigger.customerId))
  const card = trigger.card && cardCode(trigger.card, trigger.now)
  return named ?? card ?? testAmounts.get(trigger.amount) ?? testPhones.get(trigger.phoneNumber ?? '') ?? 'approve'
}

/** The code as written in a header or customer id, in lower case; `unknown-code` where there is none of that name. */
export const namedCode = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const code = text.trim().toLowerCase()
  return behaviourOf(code) === undefined ? 'unknown-code' : code
}

const codeInId = (customerId: string | undefined): string | undefined => /^sbx-(.+)$/i.exec(customerId ?? '')?.[1]

/** What was meant to be a code and is none, with the one that it looks like. */
export const misspeltCode = ({ testCode, customerId }: Pick<Trigger, 'testCode' | 'customerId'>) => {
  const code = testCode ?? codeInId(customerId)
  if (code === undefined || behaviourOf(code.trim().toLowerCase()) !== undefined) return undefined
  const [seconds = '5'] = /\d{1,7}$/.exec(code) ?? []
  const meant = codes.map((known) => known.code.replace('<s>', seconds)).find((known) => isLike(code, known))
  return { code, meant }
}

const cardCode = (card: NonNullable<Trigger['card']>, now: Instant): string | undefined => {
  const code = cardProblem(card.credential, card.installmentMonth, now) ?? testCardOf(card.credential.number)?.code
  return code === 'approve' ? undefined : code
}
