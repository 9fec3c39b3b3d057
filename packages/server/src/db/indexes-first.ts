import postgres from 'postgres'
import type { Sql } from './connect.ts'
import {
  type Change,
  changesOf,
  droppedIndexes,
  type FunctionStatement,
  functionStatement,
  type IndexStatement,
  indexStatement,
  isMadeOf,
} from './index-statements.ts'
import { type Migration, migrationsDirectory, migrationsOf } from './migrate.ts'
import { statementsOf } from './sql-statements.ts'

type Options = { readonly onBuilding?: (name: string) => void; readonly directory?: string }

/** What became of the wish: nothing is there to have indexes, or to be missing, or these were built. */
export type IndexesBuilt =
  | { readonly type: 'EMPTY' | 'UP_TO_DATE' }
  | { readonly type: 'BUILT'; readonly names: readonly string[] }

/**
 * Builds the indexes of migrations that have not been applied, without stopping writes (`create index concurrently`). Meant to run
 * before an upgrade, while servers of the older version still work: the migrations then find the indexes there. So do functions that
 * indexes are made of. What an earlier run left half-built is dropped and built again. Left to the migrations is an index whose table
 * or column only comes with them, and a unique one of rows that are not unique yet.
 *
 * The connection must have no limit for its statements, and must not go through a pooler: PostgreSQL builds concurrently only
 * outside a transaction.
 */
export const buildIndexesFirst = async (
  sql: Sql,
  { onBuilding = () => {}, directory = migrationsDirectory }: Options = {},
): Promise<IndexesBuilt> => {
  const { applied, missing } = await migrationsOf(sql, directory)
  if (missing.length === 0) return { type: 'UP_TO_DATE' }
  if (applied.length === 0) return { type: 'EMPTY' }
  const names: string[] = []
  const { functions, indexes } = wantedFirst(applied, missing)
  for (const { text } of functions) await isDone(sql, text)
  for (const index of indexes) {
    const { name, table } = index
    const [found] = await sql<{ hasTable: boolean; isValid: boolean | null }[]>`
      select to_regclass(${table}) is not null as "hasTable",
        (select indisvalid from pg_index where indexrelid = to_regclass(${name})) as "isValid"`
    if (!found?.hasTable || found.isValid) continue
    onBuilding(name)
    if (found.isValid === false) await sql.unsafe(`drop index concurrently ${name}`)
    if (await isBuilt(sql, index)) names.push(name)
  }
  return { type: 'BUILT', names }
}

type Wanted = { readonly functions: readonly FunctionStatement[]; readonly indexes: readonly IndexStatement[] }

/**
 * The indexes that are the same before the missing migrations as in their place among them: not those that are dropped again, or made
 * of what another migration drops, renames or replaces before. And the functions that they are made of, if none of the name was there.
 */
const wantedFirst = (applied: readonly Migration[], missing: readonly Migration[]): Wanted => {
  const known = applied.flatMap(({ text }) => statementsOf(text)).flatMap((one) => functionStatement(one)?.name ?? [])
  const statements = missing.flatMap(({ text }) => statementsOf(text))
  const dropped = statements.flatMap(droppedIndexes)
  const changes: Change[] = []
  const functions: FunctionStatement[] = []
  const indexes: IndexStatement[] = []
  for (const statement of statements) {
    const [index, created] = [indexStatement(statement), functionStatement(statement)]
    if (index && !dropped.includes(index.name) && !changes.some((change) => isMadeOf(index, change)))
      indexes.push(index)
    if (created && (known.includes(created.name) || isOfOther(created, changes))) changes.push({ word: created.name })
    else if (created?.replaces) functions.push(created)
    changes.push(...changesOf(statement))
  }
  return { functions: functionsOf(indexes, functions), indexes }
}

/** Whether a function calls another one that is not what it was. */
const isOfOther = ({ words }: FunctionStatement, changes: readonly Change[]): boolean =>
  changes.some(({ table, word }) => table === undefined && word !== undefined && words.has(word))

/** Those that indexes are made of, and those that these call, which come before them. */
const functionsOf = (indexes: readonly IndexStatement[], functions: readonly FunctionStatement[]) => {
  const words = new Set(indexes.flatMap((index) => [...index.words]))
  const wanted = functions.toReversed().filter((one) => {
    if (!words.has(one.name)) return false
    for (const word of one.words) words.add(word)
    return true
  })
  return wanted.toReversed()
}

const isBuilt = async (sql: Sql, { name, head, rest }: IndexStatement): Promise<boolean> => {
  try {
    return await isDone(sql, `${head}concurrently ${rest}`)
  } catch (error) {
    if (!hasCode(error, notUnique)) throw error
    // A migration may make the rows unique before; otherwise it fails and says why.
    await sql.unsafe(`drop index concurrently if exists ${name}`)
    return false
  }
}

/** Not, where a table, a column, a type or a function that the statement names is not there yet, or not as it will be. */
const isDone = async (sql: Sql, text: string): Promise<boolean> => {
  try {
    await sql.unsafe(text)
    return true
  } catch (error) {
    if (notYet.some((code) => hasCode(error, code))) return false
    throw error
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof postgres.PostgresError && error.code === code

const notUnique = '23505'
/** Undefined table, column, type and function; a column of another type. */
const notYet = ['42P01', '42703', '42704', '42883', '42804']
