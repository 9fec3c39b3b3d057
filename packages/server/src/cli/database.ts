import { resolve } from 'node:path'
import type { Configuration } from '../configuration.ts'
import { connect, type Sql } from '../db/connect.ts'
import { attachEmbedded, hasCluster } from '../db/embedded/embedded.ts'
import { schemaProblem } from '../db/migrate.ts'
import { isPassing } from '../db/passing.ts'
import { textWithReason, troubleOf } from '../db/trouble.ts'
import { unlessAborted } from '../kernel/abort.ts'
import { asWork, wasReset } from '../kernel/work.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { listenForStop, StopRequest } from './stop-signals.ts'

type WithDatabase = {
  /** For the command that creates a missing database. The others would create an empty one and find nothing in it. */
  readonly mayCreate?: boolean
  /** For commands that migrate the schema or report on it. All others refuse a schema of another version. */
  readonly anySchema?: boolean
  /** How long a statement may take, in milliseconds; 0 for as long as it takes. */
  readonly statementTimeout?: number
}

/**
 * The database of a command: the user's own, or the embedded one, which is started if no server runs. Ctrl+C ends the
 * command, and a PostgreSQL that was started for it. Like a request, a command writes nothing to a sandbox store that was reset since
 * it looked at it first.
 */
export const withDatabase = async <Result>(
  configuration: Configuration,
  run: (sql: Sql) => Promise<Result>,
  { anySchema = false, mayCreate = false, ...limits }: WithDatabase = {},
): Promise<Result> => {
  const { databaseUrl, dataDirectory } = configuration
  if (databaseUrl === undefined && !mayCreate && !(await hasCluster(dataDirectory)))
    throw new SetupError(
      `There is no Naru data in ${resolve(dataDirectory)}. Run this in the directory where the server runs, set NARU_DATA_DIR or DATABASE_URL, or start a server first.`,
    )
  using signals = listenForStop()
  const embedded = databaseUrl === undefined ? await attachEmbedded({ dataDirectory, signal: signals.stop }) : undefined
  let hasBegun = false
  const sql = connect(databaseUrl ?? embedded?.url ?? '', { max: 4, applicationName: 'naru command', ...limits })
  try {
    if (!anySchema) await unlessAborted(signals.stop, requireSchema(sql))
    hasBegun = true
    return await unlessAborted(signals.stop, asOneWork(sql, run))
  } catch (error) {
    throw explained(error, hasBegun && !anySchema)
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
}

/** What whoever ran the command has to know besides: whether it may have changed something. */
const explained = (error: unknown, hasBegun: boolean): unknown => {
  const whether = hasBegun ? mayBeDone : 'Nothing was done.'
  if (error instanceof StopRequest) return new SetupError(`The command was stopped (${error.message}). ${whether}`)
  const trouble = troubleOf(error) ?? (isPassing(error) ? unanswered : undefined)
  return trouble === undefined ? error : new SetupError(`${textWithReason(trouble, error)} ${whether}`)
}

const unanswered = { what: 'The database does not answer.', remedy: '' }

/** Of a command that ends before it has heard what became of what it asked for. */
export const mayBeDone =
  'What the command was to change, if anything, may be changed: look before you run it again (of payouts, with: naru payout list, naru payout balance).'

const asOneWork = async <Result>(sql: Sql, run: (sql: Sql) => Promise<Result>): Promise<Result> => {
  try {
    return await asWork(() => run(sql))
  } catch (error) {
    if (wasReset(error)) throw new SetupError(overtaken)
    throw error
  }
}

const overtaken =
  'The sandbox store was reset while this command was under way. It changed nothing in what came after. Run it again if it is still wanted.'

/** Data that an older version wrote would be misread and reported as damage. */
const requireSchema = async (sql: Sql): Promise<void> => {
  const problem = await schemaProblem(sql)
  if (problem !== undefined) throw new SetupError(problem)
}
