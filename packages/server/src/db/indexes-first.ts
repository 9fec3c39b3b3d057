import postgres from 'postgres'
import type { Sql } from './connect.ts'
import { functionStatements, indexStatements, migrationsDirectory, missingMigrations } from './migrate.ts'

type Options = { readonly onBuilding?: (name: string) => void; readonly directory?: string }

/**
 * Builds the indexes of migrations that have not been applied, without stopping writes (`create index concurrently`), and returns
 * their names. Meant to run before an upgrade, while servers of the older version still work: the migrations then find the indexes
 * there. So do functions that indexes are made of. What an earlier run left half-built is dropped and built again. An index whose table or column only comes with these
 * migrations is left to them.
 *
 * The connection must have no limit for its statements, and must not go through a pooler: PostgreSQL builds concurrently only
 * outside a transaction.
 */
export const buildIndexesFirst = async (
  sql: Sql,
  { onBuilding = () => {}, directory = migrationsDirectory }: Options = {},
): Promise<readonly string[]> => {
  const built: string[] = []
  const missing = await missingMigrations(sql, directory)
  for (const text of functionStatements(missing)) await sql.unsafe(text)
  for (const { name, table, text } of indexStatements(missing)) {
    const [found] = await sql<{ hasTable: boolean; isValid: boolean | null }[]>`
      select to_regclass(${table}) is not null as "hasTable",
        (select indisvalid from pg_index where indexrelid = to_regclass(${name})) as "isValid"`
    if (!found?.hasTable || found.isValid) continue
    onBuilding(name)
    if (found.isValid === false) await sql.unsafe(`drop index concurrently ${name}`)
    if (await isBuilt(sql, text)) built.push(name)
  }
  return built
}

const undefinedColumn = '42703'

const isBuilt = async (sql: Sql, text: string): Promise<boolean> => {
  try {
    await sql.unsafe(text.replace(/\bindex /, 'index concurrently '))
    return true
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === undefinedColumn) return false
    throw error
  }
}
