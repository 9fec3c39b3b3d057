import { codeOf } from '../kernel/error-code.ts'
import type { Sql } from './connect.ts'
import { readOnlyProblem } from './read-only.ts'
import { searchPathProblem } from './search-path.ts'
import { sessionProblem } from './session-problem.ts'
import { textOf, troubleOf } from './trouble.ts'
import { fillsTemporaryFile } from './write-problem.ts'

/** Why the database cannot be worked with, and what to do about it; nothing where it can. Never rejects, and leaves nothing behind. */
export const databaseProblem = async (sql: Sql): Promise<string | undefined> => {
  try {
    const results = await sql.unsafe(`
      ${fillsTemporaryFile};
      select current_setting('transaction_read_only') as read_only,
        (select count(*) from (select from schema_migrations limit 1) s) as migrated`)
    const [row] = results.at(-1) ?? []
    if (row?.read_only !== 'off') return (await readOnlyProblem(sql)) ?? 'The database is read-only.'
    // Asked the way requests ask: behind a pooler, a text without parameters is sent without Naru's settings.
    return await sessionProblem(sql)
  } catch (error) {
    const trouble = troubleOf(error)
    return (trouble && textOf(trouble)) ?? (await missingTables(sql, error)) ?? 'The database does not answer.'
  }
}

/** The database answers where it says that there is no such table. */
const missingTables = async (sql: Sql, error: unknown): Promise<string | undefined> => {
  if (codeOf(error) !== '42P01') return undefined
  return (
    (await searchPathProblem(sql).catch(() => undefined)) ?? 'The database has no tables of Naru. Run: naru migrate'
  )
}
