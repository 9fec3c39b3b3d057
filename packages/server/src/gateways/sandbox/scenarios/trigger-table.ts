import { testCards } from './cards.ts'
import { behaviourOf, codes } from './codes.ts'
import { testAmounts, testPhones } from './triggers.ts'

export type TriggerRow = {
  /** As written in `Naru-Test-Code`; `<s>` is a number of seconds. */
  readonly code: string
  readonly outcome: string
  /** Every way to provoke it. */
  readonly provokedBy: readonly string[]
}

const isOf = (code: string, listed: string): boolean =>
  code === listed ||
  (listed.endsWith('<s>') && behaviourOf(code) !== undefined && code.replace(/\d+$/, '<s>') === listed)

const spaced = (number: string): string => number.replace(/(\d{4})(?=\d)/g, '$1 ')

/** Every scenario of the sandbox PG, for documentation and for the checkout page's list of outcomes. */
export const triggerTable: readonly TriggerRow[] = codes
  .filter(({ code }) => code !== 'unknown-code')
  .map(({ code, outcome }) => ({
    code,
    outcome,
    provokedBy: [
      `Naru-Test-Code: ${code}`,
      `customer id sbx-${code}`,
      ...testCards.filter((card) => isOf(card.code, code)).map((card) => `card ${spaced(card.number)}`),
      ...[...testAmounts].filter(([, chosen]) => isOf(chosen, code)).map(([amount]) => `amount ${amount}`),
      ...[...testPhones].filter(([, chosen]) => isOf(chosen, code)).map(([phone]) => `phone ${phone}`),
    ],
  }))
