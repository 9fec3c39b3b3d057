/** What a PostgreSQL for tests is started with so that it remembers what it was asked. */
export const remembering = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': 100_000,
  'pg_stat_statements.track_utility': 'off',
  'pg_stat_statements.save': 'off',
} as const
