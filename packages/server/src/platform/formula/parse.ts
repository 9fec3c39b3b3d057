import type { Fraction } from '../../kernel/fraction.ts'
import { type FormulaProblem, InvalidFormula, type Position } from './problem.ts'
import { type Operator, type Token, tokenize } from './tokenize.ts'
import type { Scope } from './variables.ts'

export type FunctionName = 'ceil' | 'floor' | 'round'

export type Expression =
  | { readonly type: 'NUMBER'; readonly value: Fraction }
  | { readonly type: 'VARIABLE'; readonly name: string }
  | { readonly type: 'NEGATION'; readonly operand: Expression }
  | { readonly type: 'CALL'; readonly function: FunctionName; readonly argument: Expression }
  | {
      readonly type: 'OPERATION'
      readonly operator: '+' | '-' | '*'
      readonly left: Expression
      readonly right: Expression
    }

export type ParsedFormula = { readonly expression: Expression } | { readonly problem: FormulaProblem }

/** Our choice, far above any formula that a person writes; it bounds how deeply parentheses can nest. */
export const longestFormula = 1_000

/**
 * Reads a formula: `+ - * ( )`, the functions `ceil`, `floor` and `round` of one argument, decimal literals, and the
 * variables of `scope`. There is no division, as in PortOne's calculator, so that no formula can divide by zero.
 */
export const parseFormula = (text: string, scope: Scope): ParsedFormula => {
  if (text.length > longestFormula) return { problem: { type: 'UNKNOWN_ERROR' } }
  try {
    return { expression: new Parser(tokenize(text), scope).formula() }
  } catch (error) {
    if (error instanceof InvalidFormula) return { problem: error.problem }
    throw error
  }
}

/** Recursive descent: a formula is a sum, a sum consists of products, a product of factors. */
class Parser {
  readonly #tokens: readonly Token[]
  readonly #scope: Scope
  #next = 0

  constructor(tokens: readonly Token[], scope: Scope) {
    this.#tokens = tokens
    this.#scope = scope
  }

  formula(): Expression {
    const expression = this.#sum()
    if (this.#token().type !== 'END') throw unexpected(this.#token())
    return expression
  }

  #sum(): Expression {
    let left = this.#product()
    for (;;) {
      const operator = this.#take('+') ?? this.#take('-')
      if (!operator) return left
      left = { type: 'OPERATION', operator, left, right: this.#product() }
    }
  }

  #product(): Expression {
    let left = this.#factor()
    while (this.#take('*')) left = { type: 'OPERATION', operator: '*', left, right: this.#factor() }
    return left
  }

  #factor(): Expression {
    const token = this.#token()
    if (this.#take('-')) return { type: 'NEGATION', operand: this.#factor() }
    if (this.#take('(')) return this.#closed(this.#sum())
    this.#next += 1
    switch (token.type) {
      case 'NUMBER':
        return { type: 'NUMBER', value: token.value }
      case 'NAME':
        return this.#take('(') ? this.#call(token) : this.#variable(token)
      case 'OPERATOR':
      case 'END':
        throw unexpected(token)
    }
  }

  #closed(expression: Expression): Expression {
    if (!this.#take(')')) throw unexpected(this.#token())
    return expression
  }

  #variable({ text: name, position }: Token): Expression {
    if (this.#scope.allows(name)) return { type: 'VARIABLE', name }
    throw new InvalidFormula({
      type: this.#scope.knows(name) ? 'UNSUPPORTED_VARIABLE' : 'INVALID_VARIABLE',
      name,
      position,
    })
  }

  #call({ text: name, position }: Token): Expression {
    if (!isFunctionName(name)) throw new InvalidFormula({ type: 'INVALID_FUNCTION', name, position })
    const values = this.#arguments()
    const [argument] = values
    if (argument && values.length === 1) return { type: 'CALL', function: name, argument }
    throw new InvalidFormula({
      type: 'UNEXPECTED_FUNCTION_ARGUMENTS',
      functionName: name,
      expectedCount: 1,
      currentCount: values.length,
      position: spanning(position, this.#tokens[this.#next - 1]?.position ?? position),
    })
  }

  /** Up to and including the closing parenthesis. */
  #arguments(): readonly Expression[] {
    if (this.#take(')')) return []
    const values = [this.#sum()]
    while (this.#take(',')) values.push(this.#sum())
    if (!this.#take(')')) throw unexpected(this.#token())
    return values
  }

  #take<Wanted extends Operator>(wanted: Wanted): Wanted | undefined {
    const token = this.#token()
    if (token.type !== 'OPERATOR' || token.operator !== wanted) return undefined
    this.#next += 1
    return wanted
  }

  #token(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]
    if (!token) throw new RangeError('a formula has at least the token that ends it')
    return token
  }
}

const isFunctionName = (name: string): name is FunctionName => name === 'ceil' || name === 'floor' || name === 'round'

const unexpected = ({ text, position }: Token): InvalidFormula =>
  new InvalidFormula({ type: 'INVALID_SYNTAX', syntax: text, position })

const spanning = (start: Position, end: Position): Position => ({
  startLine: start.startLine,
  startIndex: start.startIndex,
  endLine: end.endLine,
  endIndex: end.endIndex,
})
