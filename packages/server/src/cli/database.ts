import type { Configuration } from '../configuration.ts'
import { connect, type Sql } from '../db/connect.ts'
import { attachEmbedded } from '../db/embedded/embedded.ts'

/** A command's way to the data: the user's own database, or the embedded one, started if no server runs. */
export const withDatabase = async <Result>(
  configuration: Configuration,
  run: (sql: Sql) => Promise<Result>,
): Promise<Result> => {
  const { databaseUrl, dataDirectory } = configuration
  const embedded = databaseUrl === undefined ? await attachEmbedded({ dataDirectory }) : undefined
  const sql = connect(databaseUrl ?? embedded?.url ?? '', { max: 4, applicationName: 'naru command' })
  try {
    return await run(sql)
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
}
