import {
  add,
  ceiling,
  type Fraction,
  floor,
  integer,
  multiply,
  nearest,
  negate,
  subtract,
} from '../../kernel/fraction.ts'
import type { Expression, FunctionName } from './parse.ts'

/** The exact value of a formula. `value` gives every variable of the scope that the formula was parsed with. */
export const evaluate = (expression: Expression, value: (name: string) => Fraction): Fraction => {
  switch (expression.type) {
    case 'NUMBER':
      return expression.value
    case 'VARIABLE':
      return value(expression.name)
    case 'NEGATION':
      return negate(evaluate(expression.operand, value))
    case 'CALL':
      return integer(functions[expression.function](evaluate(expression.argument, value)))
    case 'OPERATION':
      return operations[expression.operator](evaluate(expression.left, value), evaluate(expression.right, value))
  }
}

const functions: Readonly<Record<FunctionName, (value: Fraction) => bigint>> = {
  ceil: ceiling,
  floor,
  round: nearest,
}

const operations = { '+': add, '-': subtract, '*': multiply } as const
