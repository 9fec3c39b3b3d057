import type { FormulaProblem } from '../formula/problem.ts'
import type { CalculatorProblem } from '../transfers/arithmetic/calculator.ts'

/** For people: which formulas cannot be computed, and where the mistake in each is. */
export const problemsText = (problems: readonly CalculatorProblem[]): string =>
  `These formulas cannot be computed. ${problems.map(({ formula, problem }) => `${formula}: ${describe(problem)}`).join('. ')}.`

/** Lines and characters count from 1 here, as editors count them. */
const describe = (problem: FormulaProblem): string => {
  if (problem.type === 'UNKNOWN_ERROR') return 'the formula is too long'
  const { startLine, startIndex } = problem.position
  return `${problem.type} (${subjectOf(problem)}) at line ${startLine + 1}, character ${startIndex + 1}`
}

const subjectOf = (problem: Exclude<FormulaProblem, { readonly type: 'UNKNOWN_ERROR' }>): string => {
  switch (problem.type) {
    case 'UNEXPECTED_FUNCTION_ARGUMENTS':
      return `${problem.functionName} takes one argument, not ${problem.currentCount}`
    case 'INVALID_OPERATOR':
      return `${problem.operator}: there are only +, - and *`
    case 'INVALID_SYNTAX':
      return misplaced(problem.syntax)
    case 'INVALID_FUNCTION':
      return `${problem.name}: there are only ceil, floor and round`
    case 'UNSUPPORTED_VARIABLE':
      return `${problem.name}: this formula cannot use it`
    case 'INVALID_VARIABLE':
      return problem.name
  }
}

/** By the text that does not belong where it is; nothing stands for the end. */
const misplaced = (syntax: string): string => {
  if (syntax === '') return 'it ends where a value or a closing parenthesis is missing'
  if (syntax === ')') return '")" closes nothing, or a value is missing before it'
  return `${JSON.stringify(syntax)}: write values with +, - or * between them`
}
