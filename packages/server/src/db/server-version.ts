import type { Sql } from './connect.ts'

/** The oldest PostgreSQL that Naru's tests have run on. It brings 18 along. */
const oldest = 15

/** As PostgreSQL writes it: 150020 is 15.20. */
export const versionOf = (number: number): string => `${Math.floor(number / 10_000)}.${number % 10_000}`

/** Why a PostgreSQL of this number, such as 150020, cannot be used. */
export const versionProblem = (number: number): string | undefined =>
  number < oldest * 10_000
    ? `PostgreSQL ${versionOf(number)} is too old: Naru needs ${oldest} or newer. Upgrade it, or leave DATABASE_URL out.`
    : undefined

/** Throws where the database's PostgreSQL is too old, before anything is written into it. */
export const requireVersion = async (sql: Sql): Promise<void> => {
  const [{ version }] = await sql<[{ version: number }]>`
    select current_setting('server_version_num')::integer as version`
  const problem = versionProblem(version)
  if (problem !== undefined) throw new Error(problem)
}
