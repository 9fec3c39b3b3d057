import { type SqlStatement, statementsOf } from './sql-statements.ts'

/** `create index` in two halves: between them, before the name, belong `concurrently` and `if not exists`. */
export type IndexStatement = {
  readonly name: string
  readonly table: string
  readonly words: ReadonlySet<string>
  readonly head: string
  readonly rest: string
}

/** A statement that builds an index and names it and its table, without a schema. */
export const indexStatement = ({ text, start, tokens }: SqlStatement): IndexStatement | undefined => {
  const words = tokens.map(({ text }) => text)
  const place = words[1] === 'unique' ? 3 : 2
  const [name, on, table] = tokens.slice(place)
  if (words[0] !== 'create' || words[place - 1] !== 'index' || on?.text !== 'on' || !name || !table) return undefined
  const middle = name.start - start
  const halves = { head: text.slice(0, middle), rest: text.slice(middle) }
  return { name: name.text, table: table.text, words: new Set(words), ...halves }
}

/** The file, with `if not exists` where it builds one of these indexes: PostgreSQL has no `or replace` for them. */
export const withoutBuilt = (file: string, built: ReadonlySet<string>): string => {
  let [result, end] = ['', 0]
  for (const statement of statementsOf(file)) {
    const index = indexStatement(statement)
    if (!index || !built.has(index.name)) continue
    const middle = statement.start + index.head.length
    result += `${file.slice(end, middle)}if not exists `
    end = middle
  }
  return result + file.slice(end)
}

/** A function that a file makes or makes anew. */
export type FunctionStatement = {
  readonly name: string
  readonly words: ReadonlySet<string>
  readonly text: string
  readonly replaces: boolean
}

export const functionStatement = ({ text, tokens }: SqlStatement): FunctionStatement | undefined => {
  const words = tokens.map(({ text }) => text)
  const replaces = words[1] === 'or' && words[2] === 'replace'
  const place = replaces ? 3 : 1
  const name = words[place + 1]
  if (words[0] !== 'create' || words[place] !== 'function' || !name) return undefined
  return { name, words: new Set(words), text, replaces }
}

/** What is no longer what it was: everything in a table, a column of it, or what has this name, wherever it is. */
export type Change = { readonly table?: string; readonly word?: string }

/** What a statement drops or renames. */
export const changesOf = ({ tokens }: SqlStatement): readonly Change[] => {
  const words = tokens.map(({ text }) => text).filter((word) => !['if', 'exists', 'only'].includes(word))
  const [verb, kind, name = ''] = words
  if (verb === 'drop' && kind === 'table') return words.slice(2).map((table) => ({ table }))
  if (verb !== 'alter' || kind !== 'table') return []
  return words.flatMap((word, place) => changeAt(name, word, words.slice(place + 1)))
}

const changeAt = (table: string, word: string, [next, after]: readonly string[]): readonly Change[] => {
  if (word !== 'rename' && word !== 'drop') return []
  if (next === 'column' && after !== undefined) return [{ table, word: after }]
  if (word === 'drop' || next === 'constraint' || next === undefined) return []
  return next === 'to' ? [{ table }, ...(after === undefined ? [] : [{ table: after }])] : [{ table, word: next }]
}

/** The indexes that a statement drops, and what else it says. */
export const droppedIndexes = ({ tokens }: SqlStatement): readonly string[] => {
  const [verb, kind, ...names] = tokens.map(({ text }) => text)
  return verb === 'drop' && kind === 'index' ? names : []
}

/** Whether an index is made of what has changed. */
export const isMadeOf = ({ table, words }: IndexStatement, change: Change): boolean =>
  (change.table === undefined || change.table === table) && (change.word === undefined || words.has(change.word))
