/** Where in the text of a formula something stands. Lines and indexes count from 0, and the end is exclusive. */
export type Position = {
  readonly startLine: number
  readonly startIndex: number
  readonly endLine: number
  readonly endIndex: number
}

/** What is wrong with a formula: the sub-errors that PortOne documents for `PLATFORM_INVALID_SETTLEMENT_FORMULA`. */
export type FormulaProblem =
  /** The formula is too long to be looked at: no other of the documented types says so. */
  | { readonly type: 'UNKNOWN_ERROR' }
  | {
      readonly type: 'UNEXPECTED_FUNCTION_ARGUMENTS'
      readonly functionName: string
      readonly expectedCount: number
      readonly currentCount: number
      readonly position: Position
    }
  | { readonly type: 'INVALID_FUNCTION'; readonly name: string; readonly position: Position }
  /** A variable that exists, in a formula that may not use it. */
  | { readonly type: 'UNSUPPORTED_VARIABLE'; readonly name: string; readonly position: Position }
  | { readonly type: 'INVALID_VARIABLE'; readonly name: string; readonly position: Position }
  | { readonly type: 'INVALID_OPERATOR'; readonly operator: string; readonly position: Position }
  | { readonly type: 'INVALID_SYNTAX'; readonly syntax: string; readonly position: Position }

/** Ends the reading of a formula at its first problem. Never leaves `parseFormula`. */
export class InvalidFormula extends Error {
  readonly problem: FormulaProblem
  constructor(problem: FormulaProblem) {
    super(problem.type)
    this.problem = problem
  }
}
