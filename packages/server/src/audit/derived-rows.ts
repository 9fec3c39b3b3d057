import { isDeepStrictEqual } from 'node:util'
import type { Aggregate, DerivedRows } from '../aggregates/kind.ts'
import type { Queryable } from '../db/connect.ts'
import { broken, comparable } from './compare.ts'
import type { Broken } from './finding.ts'

/** A row as the table has it, by column. */
export type StoredRow = Readonly<Record<string, unknown>>

type Owner<State> = { readonly storeId: string; readonly state: State }

/** The rows that these states have in a table of their own, as that table has them: each state's. */
export const readDerivedRows = async <State extends object>(
  sql: Queryable,
  { derivedRows }: { readonly derivedRows?: DerivedRows<State> },
  owners: readonly Owner<State>[],
): Promise<(owner: Owner<State>) => readonly StoredRow[]> => {
  if (!derivedRows) return () => []
  const { table, idColumn } = derivedRows
  const wanted = owners.flatMap((owner) =>
    idsOf(derivedRows, owner.state).map((id) => ({ storeId: owner.storeId, id })),
  )
  if (wanted.length === 0) return () => []
  const rows = await sql<StoredRow[]>`
    select t.* from unnest(${wanted.map(({ storeId }) => storeId)}::text[], ${wanted.map(({ id }) => id)}::text[])
      as wanted (store_id, id)
    join ${sql(table)} t on t.store_id = wanted.store_id and t.${sql(idColumn)} = wanted.id`
  const keyOf = (storeId: unknown, id: unknown): string => JSON.stringify([storeId, id])
  const found = new Map(rows.map((row): [string, StoredRow] => [keyOf(row.store_id, row[idColumn]), row]))
  return ({ storeId, state }) =>
    idsOf(derivedRows, state).flatMap((id) => {
      const row = found.get(keyOf(storeId, id))
      return row ? [row] : []
    })
}

/** None of a damaged state: that it cannot be read is found where it is checked. */
const idsOf = <State extends object>({ rows, idColumn }: DerivedRows<State>, state: State): readonly string[] => {
  try {
    return rows(state).flatMap(({ [idColumn]: id }) => (typeof id === 'string' ? [id] : []))
  } catch {
    return []
  }
}

/** Compares what a state has in a table of its own with what is there: every row, and every column that follows from the state. */
export const checkDerivedRows = <State extends object>(
  { derivedRows }: Pick<Aggregate<State, never>, 'derivedRows'>,
  state: State,
  stored: readonly StoredRow[],
): readonly Broken[] => {
  if (!derivedRows) return []
  const { table, idColumn, ownerColumn, columnNames } = derivedRows
  return derivedRows.rows(state).flatMap((expected) => {
    const name = `The row ${expected[idColumn]} of ${table}`
    const actual = stored.find((row) => row[idColumn] === expected[idColumn])
    if (!actual) return [broken('rows-follow-the-snapshot', `${name} is missing.`)]
    const unlike = [ownerColumn, ...columnNames].flatMap((column) => {
      const [is, should] = [comparable(actual[column], expected[column]), expected[column]]
      return isDeepStrictEqual(is, should)
        ? []
        : [`${column} ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`]
    })
    return unlike.length === 0 ? [] : [broken('rows-follow-the-snapshot', `${name} has ${unlike.join(', ')}.`)]
  })
}
