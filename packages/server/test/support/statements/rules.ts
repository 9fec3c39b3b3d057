import { parse } from 'libpg-query'
import { type TenantTables, withoutTenant } from './tenants.ts'
import { type Fields, isFields, listOf, namesOf, nodesIn, tagged, textOf } from './tree.ts'

export type Catalogue = {
  readonly tenants: TenantTables
  /** The tables whose rows fall due. */
  readonly due: ReadonlySet<string>
}

/**
 * What a statement does that it must not do, in words: a distributed database could not run it, or would ask every part for
 * it; or it would make a row due that nobody looks for.
 */
export const faultsOf = async (text: string, catalogue: Catalogue): Promise<readonly string[]> => {
  const tree = await parse(text).catch((error: unknown) => error)
  if (tree instanceof Error) return [`cannot be read: ${tree.message}`]
  const statements = listOf(isFields(tree) ? tree.stmts : undefined).map((one) =>
    isFields(one) ? one.stmt : undefined,
  )
  return [...new Set(statements.flatMap((statement) => faultsOfOne(statement, catalogue)))]
}

const faultsOfOne = (statement: unknown, { tenants, due }: Catalogue): readonly string[] => {
  const nodes = [...nodesIn(statement)]
  const of = (tag: string) => nodes.flatMap(([name, fields]) => (name === tag ? [fields] : []))
  const faults = withoutTenant(statement, tenants).map((table) => `names no tenant for ${table}`)
  if (nodes.some(([, fields]) => isFields(fields.withClause) && fields.withClause.recursive === true))
    faults.push('is recursive')
  const locks = of('LockingClause')
  if (locks.some(({ waitPolicy }) => waitPolicy === 'LockWaitSkip')) faults.push('skips what is locked')
  const updates = of('UpdateStmt')
  if (updates.some(isClaim)) {
    if (locks.length > 0) faults.push('claims under a lock')
    if (nodes.some(([, { lateral }]) => lateral === true)) faults.push('claims by a lateral join')
  }
  const inserts = of('InsertStmt')
  if (inserts.some(({ onConflictClause }) => hasNow(onConflictClause))) faults.push('has now() in on conflict')
  const isNoted = inserts.some((insert) => relationOf(insert) === 'due_work')
  const isDue = (fields: Fields, columns: unknown) =>
    due.has(relationOf(fields) ?? '') && listOf(columns).some((one) => tagged(one, 'ResTarget')?.name === 'due_at')
  const makesDue = updates.some((one) => isDue(one, one.targetList)) || inserts.some((one) => isDue(one, one.cols))
  if (makesDue && !isNoted) faults.push('makes rows due without a note in due_work')
  return faults
}

const relationOf = ({ relation }: Fields): string | undefined =>
  isFields(relation) ? textOf(relation.relname) : undefined

/** Takes a lease, where nobody has one. What merely gives one back does not ask whose it was. */
const isClaim = ({ targetList, whereClause }: Fields): boolean =>
  listOf(targetList).some((target) => tagged(target, 'ResTarget')?.name === 'leased_until') &&
  [...nodesIn(whereClause)].some(
    ([tag, fields]) => tag === 'ColumnRef' && namesOf(fields.fields).at(-1) === 'leased_until',
  )

const hasNow = (clause: unknown): boolean =>
  [...nodesIn(clause)].some(
    ([tag, fields]) => tag === 'SQLValueFunction' || (tag === 'FuncCall' && namesOf(fields.funcname).at(-1) === 'now'),
  )
