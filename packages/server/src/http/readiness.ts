import type { Sql } from '../db/connect.ts'
import { whyUndone } from '../db/passing.ts'
import { readOnlyProblem } from '../db/read-only.ts'
import { searchPathProblem } from '../db/search-path.ts'
import { sessionProblem } from '../db/session-problem.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'
import { codeOf } from '../kernel/error-code.ts'

export type ReadinessParts = {
  readonly sql: Sql
  /** When the due loop last looked for work. */
  readonly lastLook: () => Instant
  /** Why nothing that is due runs here: this machine's clock, or a database that a newer version has migrated. */
  readonly dueProblem: () => string | undefined
  /** Aborted when the server is about to stop: load balancers must go elsewhere before connections are refused. */
  readonly stopping: AbortSignal
}

/** Returns why this server is not ready; `undefined` if it is. Takes `probeTime` at most. */
export type Readiness = () => Promise<string | undefined>

/** The loop looks every second. If it is silent for this long, it or the database hangs. */
const longestSilence = 30 * second

/** Load balancers seldom wait longer for a probe; Kubernetes waits one second unless told otherwise. */
const probeTime = 900

export const createReadiness = ({ sql, lastLook, dueProblem, stopping }: ReadinessParts): Readiness => {
  let probing: Promise<string | undefined> | undefined
  /** One at a time: probes of a silent database would use up its connections. */
  const database = () => {
    probing ??= probe(sql).finally(() => {
      probing = undefined
    })
    return probing
  }
  return async () => {
    if (stopping.aborted) return 'The server is about to stop.'
    if (realTime() - lastLook() > longestSilence) return 'The due loop has stopped.'
    return dueProblem() ?? (await withinProbeTime(database()))
  }
}

/**
 * Whether the database can be written to. The series does not fit into its memory limit, so PostgreSQL writes it to a
 * temporary file next to its tables, which fails on a full disk and leaves nothing behind. A small row could still fit into
 * an existing page.
 */
const probe = async (sql: Sql): Promise<string | undefined> => {
  try {
    const results = await sql.unsafe(`
      set local work_mem = '64kB';
      select current_setting('transaction_read_only') as read_only,
        (select count(*) from generate_series(1, 10000)) as lines,
        (select count(*) from (select from schema_migrations limit 1) s) as migrated`)
    const [row] = results.at(-1) ?? []
    if (row?.read_only !== 'off') return (await readOnlyProblem(sql)) ?? 'The database is read-only.'
    // Asked the way requests ask: behind a pooler, a text without parameters is sent without Naru's settings.
    return await sessionProblem(sql)
  } catch (error) {
    return whyUndone(error) ?? (await missingTables(sql, error)) ?? 'The database does not answer.'
  }
}

/** The database answers where it says that there is no such table. */
const missingTables = async (sql: Sql, error: unknown): Promise<string | undefined> => {
  if (codeOf(error) !== '42P01') return undefined
  return (
    (await searchPathProblem(sql).catch(() => undefined)) ?? 'The database has no tables of Naru. Run: naru migrate'
  )
}

const withinProbeTime = async (probing: Promise<string | undefined>): Promise<string | undefined> => {
  const silence = Promise.withResolvers<string>()
  const timer = setTimeout(() => silence.resolve(`The database did not answer within ${probeTime} ms.`), probeTime)
  try {
    return await Promise.race([probing, silence.promise])
  } finally {
    clearTimeout(timer)
  }
}
