/** A node of the tree that PostgreSQL's own parser makes of a statement: a tag, such as `SelectStmt`, with its fields. */
export type Fields = { readonly [name: string]: unknown }

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a node with this tag; `undefined` for other nodes. */
export const tagged = (node: unknown, tag: string): Fields | undefined => {
  const fields = isFields(node) ? node[tag] : undefined
  return isFields(fields) ? fields : undefined
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The texts of a list of names, such as a column's with its table's before it. */
export const namesOf = (value: unknown): readonly string[] =>
  listOf(value).flatMap((part) => textOf(tagged(part, 'String')?.sval) ?? [])

/** Every node below this one and itself, as pairs of tag and fields. */
export function* nodesIn(value: unknown): Generator<readonly [string, Fields]> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one)
  if (!isFields(value)) return
  for (const [name, one] of Object.entries(value)) {
    if (isFields(one) && /^[A-Z]/.test(name)) yield [name, one]
    yield* nodesIn(one)
  }
}

/** The equalities that all rows must meet: those joined by `and`. */
export const equalitiesOf = (condition: unknown): readonly (readonly [unknown, unknown])[] => {
  const all = tagged(condition, 'BoolExpr')
  if (all?.boolop === 'AND_EXPR') return listOf(all.args).flatMap(equalitiesOf)
  const comparison = tagged(condition, 'A_Expr')
  const isEquality = comparison?.kind === 'AEXPR_OP' && namesOf(comparison.name).at(-1) === '='
  return isEquality ? [[comparison.lexpr, comparison.rexpr]] : []
}
