import type { Sql } from './connect.ts'

/** In milliseconds. A note of due work is put off for longer than a statement may run (`workers/due-work.ts`). */
const longest = 300_000

/**
 * What is wrong with how long a statement may run: for ever, or too long for what is due to be found in time. Naru asks for
 * 30 s on each connection, so this is where DATABASE_URL says otherwise, or a pooler takes what Naru asks for away.
 */
export const statementLimitProblem = async (sql: Sql): Promise<string | undefined> => {
  const [{ limit }] = await sql<[{ limit: number }]>`
    select setting::integer as limit from pg_settings where name = 'statement_timeout'`
  if (limit > 0 && limit <= longest) return undefined
  const found = limit === 0 ? 'no limit' : `a limit of ${limit / 1_000} s`
  return `PostgreSQL has ${found} for how long a statement may run, and not 30 s as Naru asks for.`
}

/** What to do about it. */
export const statementLimitRemedy =
  'Take statement_timeout out of DATABASE_URL. If a pooler ignores it: alter role <role> in database <database> set statement_timeout = 30000, and let the pooler connect anew.'
