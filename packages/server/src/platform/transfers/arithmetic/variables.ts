import { type Fraction, fraction, integer } from '../../../kernel/fraction.ts'
import type { Variable } from '../../formula/variables.ts'

/** The values that formulas see. Grows from step to step of the computation; never changes in place. */
export type Variables = {
  readonly valueOf: (name: string) => Fraction
  readonly with: (values: Readonly<Partial<Record<Variable, bigint | Fraction>>>) => Variables
  /** Adds the result of a user-defined formula. */
  readonly withCustom: (key: string, value: bigint) => Variables
}

export const variables = (values: ReadonlyMap<string, Fraction>): Variables => ({
  valueOf: (name) => {
    const value = values.get(name)
    // Formulas are read with the scope of their step, so that they name nothing that is not there yet.
    if (!value) throw new RangeError(`the variable ${name} has no value at this step`)
    return value
  },
  with: (added) => {
    const entries = Object.entries(added).map(([name, value]) => [name, exact(value)] as const)
    return variables(new Map([...values, ...entries]))
  },
  withCustom: (key, value) => variables(new Map([...values, [key, integer(value)]])),
})

const exact = (value: bigint | Fraction): Fraction => (typeof value === 'bigint' ? integer(value) : value)

/** The tax-free part of an order as a fraction of it; 0 for an order of nothing. */
export const taxFreeRatio = (orderTaxFree: bigint, order: bigint): Fraction =>
  order === 0n ? integer(0n) : fraction(orderTaxFree, order)
