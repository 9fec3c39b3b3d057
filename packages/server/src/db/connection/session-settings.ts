/** Settings of PostgreSQL by name, as `set_config` takes them. */
export type SessionSettings = Readonly<Record<string, string>>

/** The settings that Naru makes for itself, unless the URL says otherwise. */
export const limitNames = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const

/** Expressions that make the settings, for the session or for the transaction. */
export const makeSettings = (settings: SessionSettings, scope: 'session' | 'transaction'): string =>
  Object.entries(settings)
    .map(([name, value]) => `pg_catalog.set_config(${quoted(name)}, ${quoted(value)}, ${scope === 'transaction'})`)
    .join(', ')

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
