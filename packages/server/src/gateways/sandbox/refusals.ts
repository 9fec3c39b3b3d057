import type { PaymentTerms, WindowTerms } from '../port/window.ts'
import { refusedCurrency } from './currencies.ts'
import { orderNameProblem } from './scenarios/limits.ts'
import { misspeltCode } from './scenarios/triggers.ts'

/** What the sandbox PG would refuse whatever the shopper typed: told before anybody types a card number. */
export const refusePayment = (terms: PaymentTerms): string | undefined => refusedCurrency(terms) ?? refusedName(terms)

const refusedName = ({ pgProvider, orderName }: PaymentTerms): string | undefined => {
  const problem = orderNameProblem(pgProvider, orderName)
  return problem && `orderName: ${problem} Give a shorter or simpler name.`
}

/** A misspelt scenario is refused by the PG, and would be only once the shopper has typed everything. */
export const refuseWindow = ({ testCode, customerId }: Pick<WindowTerms, 'testCode' | 'customerId'>) => {
  const misspelt = misspeltCode({ testCode, customerId })
  if (misspelt === undefined) return undefined
  const { code, meant } = misspelt
  const field = testCode === undefined ? 'customer.customerId' : 'bypass.sandbox.testCode'
  return `${field}: there is no test code ${code}. ${meant === undefined ? 'docs/sandbox.md lists them.' : `Did you mean ${meant}?`}`
}
