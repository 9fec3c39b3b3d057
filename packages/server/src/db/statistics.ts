import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { second } from '../kernel/clock.ts'
import type { Sql } from './connect.ts'
import { isPassing } from './passing.ts'

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
 * Tables whose rows come and go, such as that of payments under way, are among them, several times a minute under load. Leaving those
 * to autovacuum lost: of 4,000 charges that fell due in a new database, 46 were made a second instead of 1,700 until it came.
 *
 * That each module told what it wrote to a table lost: it looked at the tables that somebody had thought of, once, and the
 * journal was not among them. Tables of another owner are left to them.
 *
 * @param failed the tables that could not be analysed, which are left to autovacuum from then on: one that runs into a limit of
 *   time each time would keep all after it waiting. What a lost connection ended is tried again.
 */
export const analyseGrown = async (sql: Sql, failed: Map<string, unknown>): Promise<readonly string[]> => {
  const grown = await sql<{ name: string }[]>`
    select oid::regclass::text as name from pg_class
    where relnamespace = quote_ident(current_schema())::regnamespace and relkind = 'r' and pg_has_role(relowner, 'usage')
      and pg_stat_get_live_tuples(oid) >= greatest(${leastRows}::float8, ${growth}::float8 * reltuples)
    order by name`
  const analysed = grown.map(({ name }) => name).filter((name) => !failed.has(name))
  for (const name of analysed)
    await sql`analyze (skip_locked) ${sql.unsafe(name)}`.catch((error: unknown) => {
      if (isPassing(error)) throw error
      failed.set(name, error)
    })
  return analysed.filter((name) => !failed.has(name))
}

/** The shortest and the longest time between two looks: each look at which nothing has grown doubles it. */
const [soonest, latest] = [2 * second, 16 * second]

/**
 * Does so every few seconds until `signal` is aborted: a question of 0.3 ms, of the catalogue alone. Never rejects: without
 * statistics things are slower for a while.
 */
export const keepStatistics = async (sql: Sql, log: Logger, signal: AbortSignal): Promise<void> => {
  const failed = new Map<string, unknown>()
  let pause = soonest
  while (!signal.aborted) {
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    const told = failed.size
    const analysed = await analyseGrown(sql, failed).catch(() => [])
    pause = analysed.length > 0 ? soonest : Math.min(2 * pause, latest)
    for (const [table, err] of [...failed].slice(told))
      log.warn(
        { err, table },
        'a table that has grown could not be analysed: what asks for its rows may be slow until autovacuum has',
      )
  }
}
