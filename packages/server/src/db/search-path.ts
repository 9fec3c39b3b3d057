import type { Sql } from './connect.ts'

/**
 * Why Naru's tables are not found though they are there: the `search_path` of the role, the database or DATABASE_URL does not
 * lead to them. Nothing where they are found or are nowhere. Naru does not set it: a schema of one's own is chosen by it.
 */
export const searchPathProblem = async (sql: Sql): Promise<string | undefined> => {
  const [row] = await sql<{ schema: string; path: string; role: string; database: string }[]>`
    select namespace.nspname::text as schema, pg_catalog.current_setting('search_path') as path,
      current_user::text as role, current_database()::text as database
    from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
    where pg_catalog.to_regclass('schema_migrations') is null and class.relname = 'schema_migrations' and class.relkind = 'r'
    order by namespace.nspname limit 1`
  if (row === undefined) return undefined
  return (
    `Naru's tables are in the schema "${row.schema}", where the search_path (${row.path || 'which is empty'}) does not lead. ` +
    `Run: alter role "${row.role}" in database "${row.database}" set search_path = "${row.schema}", or correct the one in ` +
    'DATABASE_URL. Sessions that a pooler has open keep the former.'
  )
}
