import type { Configuration } from '../configuration.ts'
import { connect, type Sql } from '../db/connect.ts'
import { attachEmbedded } from '../db/embedded/embedded.ts'
import { unlessAborted } from '../kernel/abort.ts'
import { listenForStop } from './stop-signals.ts'

/**
 * A command's way to the data: the user's own database, or the embedded one, started if no server runs. Ctrl+C ends the
 * command, and with it a PostgreSQL that was started for it.
 */
export const withDatabase = async <Result>(
  configuration: Configuration,
  run: (sql: Sql) => Promise<Result>,
): Promise<Result> => {
  const { databaseUrl, dataDirectory } = configuration
  using signals = listenForStop()
  const embedded = databaseUrl === undefined ? await attachEmbedded({ dataDirectory, signal: signals.stop }) : undefined
  const sql = connect(databaseUrl ?? embedded?.url ?? '', { max: 4, applicationName: 'naru command' })
  try {
    return await unlessAborted(signals.stop, run(sql))
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
}
