import { type Fraction, fraction } from '../../kernel/fraction.ts'
import { InvalidFormula, type Position } from './problem.ts'

export type Operator = '+' | '-' | '*' | '(' | ')' | ','

export type Token = { readonly position: Position; readonly text: string } & (
  | { readonly type: 'NUMBER'; readonly value: Fraction }
  | { readonly type: 'NAME' }
  | { readonly type: 'OPERATOR'; readonly operator: Operator }
  | { readonly type: 'END' }
)

/** One of these comes next, whatever the text: the last alternative takes any character. */
const pattern =
  /(?<space>\s+)|(?<number>\d+(?:\.\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<operator>[+\-*(),])|(?<other>.)/gsu

/** What other languages calculate with. Named as an operator, so that the author sees that the language lacks it. */
const foreignOperators: ReadonlySet<string> = new Set('/ % ^ & | ! = < > ~'.split(' '))

/** The tokens of a formula, closed by one that marks its end. Throws `InvalidFormula` at a character that has no meaning. */
export const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  const place = new Place()
  for (const match of text.matchAll(pattern)) {
    const position = place.pass(match[0])
    const token = tokenOf(match, position)
    if (token) tokens.push(token)
  }
  return [...tokens, { type: 'END', text: '', position: place.pass('') }]
}

const tokenOf = (match: RegExpMatchArray, position: Position): Token | undefined => {
  const [text] = match
  const { space, number, name, operator } = match.groups ?? {}
  if (space !== undefined) return undefined
  if (number !== undefined) return { type: 'NUMBER', value: decimal(number), text, position }
  if (name !== undefined) return { type: 'NAME', text, position }
  if (operator !== undefined && isOperator(operator)) return { type: 'OPERATOR', operator, text, position }
  throw new InvalidFormula(
    foreignOperators.has(text)
      ? { type: 'INVALID_OPERATOR', operator: text, position }
      : { type: 'INVALID_SYNTAX', syntax: text, position },
  )
}

const isOperator = (text: string): text is Operator => ['+', '-', '*', '(', ')', ','].includes(text)

/** Our choice: decimal literals are exact, whatever their length. */
const decimal = (text: string): Fraction => {
  const [whole = '', decimals = ''] = text.split('.')
  return fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length))
}

/** Walks over a text and says where each piece of it stands. */
class Place {
  #line = 0
  #index = 0

  pass(text: string): Position {
    const [startLine, startIndex] = [this.#line, this.#index]
    for (const character of text) {
      const newLine = character === '\n'
      this.#index = newLine ? 0 : this.#index + character.length
      if (newLine) this.#line += 1
    }
    return { startLine, startIndex, endLine: this.#line, endIndex: this.#index }
  }
}
