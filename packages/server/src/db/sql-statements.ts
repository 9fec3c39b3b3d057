/** A word, a literal, a quoted name or a sign, and where it stands in the file. Bare words are in lower case. */
export type SqlToken = { readonly text: string; readonly start: number; readonly end: number }

/** One statement of a file, from its first token to its last: without the comments before it and the semicolon behind it. */
export type SqlStatement = { readonly text: string; readonly start: number; readonly tokens: readonly SqlToken[] }

/**
 * The statements of a file, told apart as PostgreSQL's psql does: a semicolon ends one, unless it stands in quotes, in dollar quotes,
 * in a comment, in parentheses or between the `begin` and the `end` of a function's body.
 */
export const statementsOf = (file: string): readonly SqlStatement[] => {
  const statements: SqlStatement[] = []
  let tokens: SqlToken[] = []
  const close = () => {
    const [first, last] = [tokens[0], tokens.at(-1)]
    if (first && last) statements.push({ text: file.slice(first.start, last.end), start: first.start, tokens })
    tokens = []
  }
  const depth = new Depth()
  for (const token of tokensOf(file)) {
    if (token.text === ';' && depth.isOutside) {
      close()
      continue
    }
    depth.pass(token.text, tokens)
    tokens.push(token)
  }
  close()
  return statements
}

/** Whether a semicolon belongs to what is open: parentheses, or the body of a function that is written without quotes. */
class Depth {
  #parentheses = 0
  #blocks = 0

  get isOutside(): boolean {
    return this.#parentheses === 0 && this.#blocks === 0
  }

  pass(text: string, before: readonly SqlToken[]): void {
    if (text === '(') this.#parentheses += 1
    else if (text === ')') this.#parentheses -= 1
    else if (text === 'begin' && createsRoutine(before)) this.#blocks += 1
    else if (text === 'case' && this.#blocks > 0) this.#blocks += 1
    else if (text === 'end' && this.#blocks > 0) this.#blocks -= 1
  }
}

const createsRoutine = (tokens: readonly SqlToken[]): boolean =>
  tokens[0]?.text === 'create' && tokens.slice(1, 4).some(({ text }) => text === 'function' || text === 'procedure')

/** What is open at its end goes to the end of the file: PostgreSQL says what is wrong with it. */
const pattern =
  /(?<space>\s+|--[^\n]*)|(?<comment>\/\*)|(?<dollar>\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<literal>e'(?:[^'\\]|\\.|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$))|(?<word>[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)|\d[\w.]*|./isy

function* tokensOf(file: string): Generator<SqlToken> {
  let start = 0
  while (start < file.length) {
    pattern.lastIndex = start
    const match = pattern.exec(file)
    const [text = ''] = match ?? []
    const { space, comment, dollar, word } = match?.groups ?? {}
    const end = comment ? commentEnd(file, start) : dollar ? dollarEnd(file, start, dollar) : start + text.length
    if (!space && !comment) yield { text: word ? text.toLowerCase() : file.slice(start, end), start, end }
    start = end
  }
}

const dollarEnd = (file: string, start: number, quote: string): number => {
  const end = file.indexOf(quote, start + quote.length)
  return end === -1 ? file.length : end + quote.length
}

/** Comments in stars stand within each other in SQL. */
const commentEnd = (file: string, start: number): number => {
  let open = 0
  for (const { 0: mark, index } of file.slice(start).matchAll(/\/\*|\*\//g)) {
    open += mark === '/*' ? 1 : -1
    if (open === 0) return start + index + mark.length
  }
  return file.length
}
