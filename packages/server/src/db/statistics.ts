import { setTimeout as delay } from 'node:timers/promises'
import { second } from '../kernel/clock.ts'
import type { Sql } from './connect.ts'

/** With fewer rows no plan is slow. */
const leastRows = 200

/** So many times as many rows as PostgreSQL knows of are worth a look. A small table that is only updated, however often, is not. */
const growth = 4

/**
 * Has PostgreSQL look at each table that has grown severalfold since it last did, and returns which these were.
 *
 * A statement that stays prepared is planned for the rows that its tables had then, and anew when one of them is analysed,
 * which autovacuum does up to a minute after a bulk of rows came. Until then a statement that was planned for an empty table
 * reads all rows of a store for each that it looks up: after 30,000 payments in a new database `GET /payments/{id}` was
 * answered 37 times a second instead of 4,500 times, and a fifth fewer payments were made.
 *
 * That each module told what it wrote to a table lost: it looked at the tables that somebody had thought of, once, and the
 * journal was not among them. Tables of another owner are left to them.
 */
export const analyseGrown = async (sql: Sql): Promise<readonly string[]> => {
  const grown = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and pg_has_role(relowner, 'usage')
      and pg_stat_get_live_tuples(oid) >= greatest(${leastRows}::float8, ${growth}::float8 * reltuples)
    order by name`
  for (const { name } of grown) await sql`analyze (skip_locked) ${sql(name)}`
  return grown.map(({ name }) => name)
}

/**
 * Does so every two seconds until `signal` is aborted: a question of 0.3 ms, of the catalogue alone. Never rejects: without
 * statistics things are slower for a while.
 */
export const keepStatistics = async (sql: Sql, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await delay(2 * second, undefined, { signal, ref: false }).catch(() => undefined)
    if (!signal.aborted) await analyseGrown(sql).catch(() => undefined)
  }
}
