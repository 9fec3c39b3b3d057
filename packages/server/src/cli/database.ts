import type { Configuration } from '../configuration.ts'
import { connect, type Sql } from '../db/connect.ts'
import { attachEmbedded } from '../db/embedded/embedded.ts'
import { schemaProblem } from '../db/migrate.ts'
import { unlessAborted } from '../kernel/abort.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { listenForStop } from './stop-signals.ts'

type WithDatabase = {
  /** Of commands that bring the schema up to date, or say what is wrong with it; the others refuse one that is not theirs. */
  readonly anySchema?: boolean
}

/**
 * A command's way to the data: the user's own database, or the embedded one, started if no server runs. Ctrl+C ends the
 * command, and with it a PostgreSQL that was started for it.
 */
export const withDatabase = async <Result>(
  configuration: Configuration,
  run: (sql: Sql) => Promise<Result>,
  { anySchema = false }: WithDatabase = {},
): Promise<Result> => {
  const { databaseUrl, dataDirectory } = configuration
  using signals = listenForStop()
  const embedded = databaseUrl === undefined ? await attachEmbedded({ dataDirectory, signal: signals.stop }) : undefined
  const sql = connect(databaseUrl ?? embedded?.url ?? '', { max: 4, applicationName: 'naru command' })
  try {
    if (!anySchema) await requireSchema(sql)
    return await unlessAborted(signals.stop, run(sql))
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
}

/** What an older version wrote would be read wrongly, and reported as damage. */
const requireSchema = async (sql: Sql): Promise<void> => {
  const problem = await schemaProblem(sql)
  if (problem !== undefined) throw new SetupError(problem)
}
