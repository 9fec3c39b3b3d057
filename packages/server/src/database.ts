import type { Logger } from 'pino'
import type { Configuration } from './configuration.ts'
import { connect, type Sql, untilReachable } from './db/connect.ts'
import {
  claimServing,
  DatabaseGone,
  type EmbeddedDatabase,
  isServed,
  type ServingClaim,
  startEmbedded,
} from './db/embedded/embedded.ts'
import { textOf, troubleOf } from './db/trouble.ts'

/** The database that a server works on. */
export type Database = { readonly sql: Sql; close(): Promise<void> }

/** How many connections a server may have open at once: those for statements, as many for transactions, and the claim. */
export const connectionsOfServer = ({ databaseUrl, databaseConnections = usualConnections }: Configuration): number =>
  2 * databaseConnections + (databaseUrl === undefined ? 1 : 0)

const usualConnections = 20

/** Opens the user's own database once it answers, or starts the embedded one. An aborted `signal` calls it off. */
export const openDatabase = async (
  configuration: Configuration,
  log: Logger,
  signal?: AbortSignal | undefined,
  isStrict?: boolean | undefined,
): Promise<Database> => {
  const { databaseUrl, dataDirectory, databaseConnections = usualConnections } = configuration
  const options = { max: databaseConnections, applicationName: 'naru', isStrict }
  if (databaseUrl !== undefined) {
    const sql = connect(databaseUrl, options)
    const close = () => sql.end({ timeout: 5 })
    try {
      await untilReachable(sql, { signal, onWaiting: sayThatWeWait(log) })
      return { sql, close }
    } catch (error) {
      await close()
      throw error
    }
  }
  const embedded = await Embedded.start(dataDirectory, log, signal)
  const sql = connect(embedded.url, options)
  return {
    sql,
    close: async () => {
      await sql.end({ timeout: 5 })
      await embedded.stop()
    },
  }
}

/** For a start: says that the database is waited for. */
export const sayThatWeWait = (log: Logger) => (error: unknown) => {
  const trouble = troubleOf(error)
  const reason = error instanceof Error ? error.message : String(error)
  if (trouble === undefined) log.warn({ reason }, 'the database does not answer yet; waiting 30 s')
  else log.warn({ reason }, `${textOf(trouble)} Waiting 30 s`)
}

/** Our own PostgreSQL: kept running, and ours alone. */
class Embedded {
  readonly #log: Logger
  readonly #dataDirectory: string
  readonly #database: EmbeddedDatabase
  #claim: ServingClaim
  #restarting: Promise<void> | undefined

  private constructor(log: Logger, dataDirectory: string, database: EmbeddedDatabase, claim: ServingClaim) {
    this.#log = log
    this.#dataDirectory = dataDirectory
    this.#database = database
    this.#claim = claim
  }

  static async start(dataDirectory: string, log: Logger, signal?: AbortSignal): Promise<Embedded> {
    let embedded: Embedded | undefined
    const logger = { info: (message: string) => log.info(message) }
    const onExit = () => embedded?.restart()
    const database = await startEmbedded({ dataDirectory, logger, onExit, signal })
    try {
      embedded = new Embedded(log, dataDirectory, database, await claimServing(database.url, dataDirectory))
      return embedded
    } catch (error) {
      // Another server may have been faster, and needs the PostgreSQL that we started.
      if (!(await isServed(database.url).catch(() => false))) await database.stop()
      throw error
    }
  }

  get url(): string {
    return this.#database.url
  }

  async stop(): Promise<void> {
    await this.#restarting
    await this.#claim.release()
    await this.#database.stop()
  }

  /** Killed, or out of memory: what was committed is on disk, and requests under way fail and may be retried. */
  restart(): void {
    this.#restarting = this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#log.error('PostgreSQL is gone; starting it again')
    try {
      await this.#database.restart()
      this.#claim = await claimServing(this.url, this.#dataDirectory)
      this.#log.info('PostgreSQL runs again')
    } catch (err) {
      if (err instanceof DatabaseGone) this.#log.fatal(err.message)
      else this.#log.fatal({ err }, 'PostgreSQL could not be started again; stopping')
      process.exit(1)
    }
  }
}
