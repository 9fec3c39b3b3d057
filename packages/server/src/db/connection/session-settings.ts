/** Settings of PostgreSQL by name, as `set_config` takes them. */
export type SessionSettings = Readonly<Record<string, string>>

/** The settings that Naru makes for itself, unless the URL says otherwise. */
export const limitNames = ['statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout'] as const

/**
 * What sessions introduce themselves with: how times are written. PgBouncer knows both, sees to them in each session that it
 * hands out, and refuses most others. In full, as PostgreSQL reports it: PgBouncer compares the words.
 */
export const introduction = { TimeZone: 'UTC', DateStyle: 'ISO, MDY' } as const

/**
 * What the code relies on besides, whatever the role, the database or the configuration of PostgreSQL says: how bytes and
 * empty elements of arrays are written, and that a statement that waited for a row goes on with the row as it is now.
 */
export const reliedOn: SessionSettings = {
  bytea_output: 'hex',
  array_nulls: 'on',
  default_transaction_isolation: 'read committed',
}

/** Expressions that make the settings, for the session or for the transaction. */
export const makeSettings = (settings: SessionSettings, scope: 'session' | 'transaction'): string =>
  Object.entries(settings)
    .map(([name, value]) => `pg_catalog.set_config(${quoted(name)}, ${quoted(value)}, ${scope === 'transaction'})`)
    .join(', ')

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
