import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Configuration } from './configuration.ts'
import { connect, type Sql, untilReachable } from './db/connect.ts'
import { claimServing, type EmbeddedDatabase, type ServingClaim, startEmbedded } from './db/embedded/embedded.ts'
import { migrate } from './db/migrate.ts'
import { metered } from './gateways/metered.ts'
import type { Gateway } from './gateways/port/gateway.ts'
import { createApp } from './http/app.ts'
import { createAuthentication } from './http/authentication.ts'
import { serveDocs } from './http/docs.ts'
import type { Handlers } from './http/handler.ts'
import { createIdempotency } from './http/idempotency.ts'
import { createMonitoring } from './http/monitoring.ts'
import type { ResponseCheck } from './http/response-check.ts'
import { createTokens } from './http/tokens.ts'
import { loadEncryption } from './installation.ts'
import { day, minute } from './kernel/clock.ts'
import { bankInfos } from './merchants/banks.ts'
import { bootstrap, type SandboxCredentials } from './merchants/bootstrap.ts'
import { credentialDirectory } from './merchants/credentials.ts'
import { storeDirectory } from './merchants/directory.ts'
import { buildHouse } from './modules.ts'
import { authenticationOperations } from './operations/auth.ts'
import { createSandboxStore } from './sandbox/create-store.ts'
import { version } from './version.ts'

export type ServerOptions = {
  readonly log: Logger
  /** Tests hold every answer against the contract. */
  readonly checkResponse?: ResponseCheck | undefined
  /** Wraps every gateway: the crash tests kill the server around its calls. */
  readonly aroundGateway?: ((gateway: Gateway) => Gateway) | undefined
}

export type RunningServer = {
  readonly url: string
  /** Of the first sandbox store. */
  readonly sandbox: SandboxCredentials
  readonly sql: Sql
  /** Stops taking requests, finishes those under way, lets everything go. A second call waits for the first. */
  close(): Promise<void>
}

/** Starts the whole of Naru: database, migrations, first store, due loop, HTTP. */
export const startServer = async (configuration: Configuration, options: ServerOptions): Promise<RunningServer> => {
  const { log } = options
  const database = await openDatabase(configuration, log)
  const { sql } = database
  try {
    if (configuration.databaseUrl !== undefined) await untilReachable(sql, { onWaiting: sayThatWeWait(log) })
    const applied = await migrate(sql)
    if (applied.length > 0) log.info({ applied }, 'the database was brought up to date')
    const encryption = await loadEncryption(sql, configuration)
    const sandbox = await bootstrap(sql, encryption, configuration.sandbox)
    const directory = storeDirectory(sql, encryption)
    const credentials = credentialDirectory(sql)
    const monitoring = createMonitoring()
    const { aroundGateway = (gateway: Gateway) => gateway } = options
    const house = buildHouse({
      sql,
      log,
      version,
      directory,
      encryption,
      allowedTargets: configuration.allowedTargets,
      aroundGateway: (gateway) => aroundGateway(metered(gateway, monitoring.observeGatewayCall)),
      onClockMoved: () => credentials.forget(),
      createSandboxStore: (merchantId, input) => createSandboxStore(sql, encryption, merchantId, input),
    })
    // PortOne's current lifetimes: half an hour and a day.
    const lifetimes = { accessToken: 30 * minute, refreshToken: day }
    const authentication = createAuthentication(credentials, createTokens(encryption), lifetimes)
    const idempotency = createIdempotency(sql, encryption, {
      onError: (err) => log.error({ err }, 'an idempotency key could not be kept'),
    })
    const handlers: Handlers = {
      ...authenticationOperations(authentication),
      getBankInfos: async () => ({ items: bankInfos() }),
      ...house.handlers,
    }
    const app = createApp({ handlers, authentication, idempotency, log, ...monitored(options) })
    monitoring.addTo(app, { sql, lastLook: () => house.loop.lastLook })
    serveDocs(app)
    house.loop.start()
    await house.clocks.resume()
    const sweep = setInterval(() => void idempotency.sweep().catch(() => undefined), 10 * minute)
    const url = await app.listen({ port: configuration.port, host: configuration.host })
    return { url, sandbox, sql, close: closing(app, house, database, sweep) }
  } catch (error) {
    await database.close()
    throw error
  }
}

const sayThatWeWait = (log: Logger) => (err: unknown) =>
  log.warn({ err }, 'the database does not answer yet; waiting 30 s')

const monitored = ({ checkResponse }: ServerOptions) => ({ checkResponse })

type Database = { readonly sql: Sql; close(): Promise<void> }

const openDatabase = async (configuration: Configuration, log: Logger): Promise<Database> => {
  const { databaseUrl, dataDirectory, databaseConnections = 20 } = configuration
  const options = { max: databaseConnections, applicationName: 'naru' }
  if (databaseUrl !== undefined) {
    const sql = connect(databaseUrl, options)
    return { sql, close: () => sql.end({ timeout: 5 }) }
  }
  const embedded = await Embedded.start(dataDirectory, log)
  const sql = connect(embedded.url, options)
  return {
    sql,
    close: async () => {
      await sql.end({ timeout: 5 })
      await embedded.stop()
    },
  }
}

/** Our own PostgreSQL: kept running, and ours alone. */
class Embedded {
  readonly #log: Logger
  #database: EmbeddedDatabase | undefined
  #claim: ServingClaim | undefined

  private constructor(log: Logger) {
    this.#log = log
  }

  static async start(dataDirectory: string, log: Logger): Promise<Embedded> {
    const embedded = new Embedded(log)
    const logger = { info: (message: string) => log.info(message) }
    embedded.#database = await startEmbedded({ dataDirectory, logger, onExit: () => void embedded.#restart() })
    embedded.#claim = await claimServing(embedded.url)
    return embedded
  }

  get url(): string {
    return this.#database?.url ?? ''
  }

  async stop(): Promise<void> {
    await this.#claim?.release()
    await this.#database?.stop()
  }

  /** Killed, or out of memory: what was committed is on disk, and requests under way fail and may be retried. */
  async #restart(): Promise<void> {
    this.#log.error('PostgreSQL is gone; starting it again')
    try {
      await this.#database?.restart()
      this.#claim = await claimServing(this.url)
      this.#log.info('PostgreSQL runs again')
    } catch (err) {
      this.#log.fatal({ err }, 'PostgreSQL could not be started again; stopping')
      process.exit(1)
    }
  }
}

const closing = (
  app: FastifyInstance,
  house: { close(): Promise<void> },
  database: Database,
  sweep: NodeJS.Timeout,
): (() => Promise<void>) => {
  let closed: Promise<void> | undefined
  const close = async () => {
    clearInterval(sweep)
    await app.close()
    await house.close()
    await database.close()
  }
  return () => {
    closed ??= close()
    return closed
  }
}
