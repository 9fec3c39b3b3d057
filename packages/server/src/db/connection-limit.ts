import type { Sql } from './connect.ts'

/**
 * How many connections PostgreSQL leaves to Naru's role in this database, and what sets that limit. Nothing behind a pooler, which
 * gives its clients more connections than it has.
 */
export const connectionLimit = async (
  sql: Sql,
): Promise<{ readonly most: number; readonly by: string } | undefined> => {
  const limits = await sql<{ most: number; by: string }[]>`
    select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0) as most, 'max_connections' as by
    union all select rolconnlimit, 'the connection limit of the role' from pg_catalog.pg_roles
      where rolname = current_user and rolconnlimit >= 0
    union all select datconnlimit, 'the connection limit of the database' from pg_catalog.pg_database
      where datname = current_database() and datconnlimit >= 0
    order by most`
  // What `connect` sets once a session turns out to be a pooler's (db/connection/socket.ts).
  if (sql.options.prepare === false) return undefined
  return limits[0]
}
