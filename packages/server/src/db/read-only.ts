import type { Sql } from './connect.ts'

/** How a session came to take no writes. */
type Seen = {
  readonly isStandby: boolean
  readonly isReadOnly: boolean
  /** Where PostgreSQL has `default_transaction_read_only` from, as in `pg_settings`. */
  readonly source: string
  readonly role: string
  readonly database: string
}

/** Why the database takes no writes, and what to do about it; nothing where it takes them. */
export const readOnlyProblem = async (sql: Sql): Promise<string | undefined> => {
  const [seen] = await sql<[Seen]>`
    select pg_catalog.pg_is_in_recovery() as "isStandby", current_user::text as role, current_database()::text as database,
      pg_catalog.current_setting('transaction_read_only')::boolean as "isReadOnly",
      (select source from pg_catalog.pg_settings where name = 'default_transaction_read_only') as source`
  return whyReadOnly(seen)
}

export const whyReadOnly = ({ isStandby, isReadOnly, source, role, database }: Seen): string | undefined => {
  if (isStandby)
    return (
      'The database is read-only: it is a standby. Let DATABASE_URL name the primary, or all of its servers with ' +
      'target_session_attrs=read-write; or promote it.'
    )
  if (!isReadOnly) return undefined
  const [where, remedy] = settings(role, database)[source] ?? [undefined, reload]
  const by = where === undefined ? '' : ` by ${where}`
  return (
    `The database is read-only: default_transaction_read_only is on${by}. If nobody meant that, ${remedy}. ` +
    'Sessions that are open, as those of a pooler, keep the former.'
  )
}

const reload = 'set it to off in the configuration of PostgreSQL and reload that'

/** Who may have set it, by `source`, and how that is taken back. */
const settings = (role: string, database: string): Readonly<Record<string, readonly [string, string]>> => ({
  'database user': [
    `the role "${role}" in the database "${database}"`,
    `run: alter role "${role}" in database "${database}" reset default_transaction_read_only`,
  ],
  user: [`the role "${role}"`, `run: alter role "${role}" reset default_transaction_read_only`],
  database: [`the database "${database}"`, `run: alter database "${database}" reset default_transaction_read_only`],
  client: ['the connection', 'take it out of DATABASE_URL, PGOPTIONS or what the pooler sends when it connects'],
})
