import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Configuration } from './configuration.ts'
import { connectionsOfServer, type Database, openDatabase, sayThatWeWait } from './database.ts'
import { type Sql, untilAnswered } from './db/connect.ts'
import { connectionLimit } from './db/connection-limit.ts'
import { databaseProblem } from './db/database-problem.ts'
import { migrate } from './db/migrate.ts'
import { outageLog } from './db/outage.ts'
import { requireVersion } from './db/server-version.ts'
import { statementLimitProblem, statementLimitRemedy } from './db/statement-limit.ts'
import { keepStatistics } from './db/statistics.ts'
import { metered } from './gateways/metered.ts'
import type { AdapterWindows } from './gateways/port/adapter.ts'
import type { Gateway } from './gateways/port/gateway.ts'
import type { PayoutBank } from './gateways/port/payout.ts'
import { createApp } from './http/app.ts'
import { createAuthentication } from './http/authentication.ts'
import { serveDocs } from './http/docs/serve.ts'
import type { Handlers } from './http/handler.ts'
import { createIdempotency } from './http/idempotency.ts'
import { listen, requirePlace } from './http/listen.ts'
import { merchantTurns } from './http/merchant-turns.ts'
import { createMonitoring } from './http/monitoring.ts'
import type { ResponseCheck } from './http/response-check.ts'
import { createTokens } from './http/tokens.ts'
import { loadEncryption } from './installation.ts'
import { aborted, unlessAborted } from './kernel/abort.ts'
import { day, type Instant, minute, second } from './kernel/clock.ts'
import type { Encryption } from './kernel/encryption.ts'
import { bootstrap, type SandboxCredentials } from './merchants/bootstrap.ts'
import { credentialDirectory } from './merchants/credentials.ts'
import { prepareSecrets } from './merchants/credentials-file.ts'
import { storeDirectory } from './merchants/directory.ts'
import { buildModules } from './modules.ts'
import { authOperations } from './operations/auth.ts'
import { addOtherRoutes, type CheckoutLimits } from './other-routes.ts'
import { createSandboxStore } from './sandbox/create-store.ts'
import { version } from './version.ts'
import { webhookUrlProblem } from './webhooks/configured-url.ts'
import { createResolver } from './webhooks/resolve.ts'
import { targetRefusal } from './webhooks/target-guard.ts'

export type ServerOptions = {
  readonly log: Logger
  /** Calls the start off: what was begun is stopped, and starting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Tests hold every answer against the contract. */
  readonly checkResponse?: ResponseCheck | undefined
  /** Tests have statements refused that are asked through the pool from inside a transaction. */
  readonly isDatabaseStrict?: boolean | undefined
  /** Wraps every gateway: the crash tests kill the server around its calls. */
  readonly aroundGateway?: ((gateway: Gateway) => Gateway) | undefined
  /** How long a request waits for an outcome, in milliseconds: tests on a busy machine have more of it than clients. */
  readonly patience?: number | undefined
  /** How often one address may come: tests have no time to come that often. */
  readonly limits?: CheckoutLimits | undefined
  /** As `aroundGateway`, for the windows that shoppers agree in. */
  readonly aroundWindows?: ((windows: AdapterWindows) => AdapterWindows) | undefined
  /** What this machine's clock shows: tests have it wrong. */
  readonly wallClock?: (() => Instant) | undefined
  /** As `aroundGateway`, for the bank that payouts leave from. */
  readonly aroundBank?: ((bank: PayoutBank) => PayoutBank) | undefined
}

export type RunningServer = {
  readonly url: string
  /** Of the first sandbox store, where there is to be one. */
  readonly sandbox: SandboxCredentials | undefined
  readonly sql: Sql
  /**
   * Says at /readyz that it stops, and still answers for the configured time; then takes no more requests, finishes those
   * under way, lets everything go. Does not wait any longer when `hurry` is aborted, and for requests half a minute at
   * most: what is given up is finished by the next start. A second call waits for the first.
   */
  close(hurry?: AbortSignal): Promise<void>
}

/** A PG may take a minute, but whoever stops a server seldom waits so long: the next start asks about what is given up. */
const closingTime = 30 * second

/** Who waits for a result that is in doubt learns from this server that it is, rather than from a connection that breaks. */
const waitingTime = 20 * second

/** Starts the whole of Naru: database, migrations, first store, due loop, HTTP. */
export const startServer = async (configuration: Configuration, options: ServerOptions): Promise<RunningServer> => {
  const { log, signal = new AbortController().signal } = options
  // What is to be undone, last things first: also where the start fails half-way.
  const started = new AsyncDisposableStack()
  try {
    await requirePlace(configuration)
    const { sql } = started.adopt(
      await openDatabase(configuration, log, signal, options.isDatabaseStrict),
      closeDatabase,
    )
    // A connection that is lost during the start ends it no more than a database that is not up yet.
    const patiently = <Result>(step: () => Promise<Result>): Promise<Result> =>
      unlessAborted(signal, untilAnswered(step, { signal, onWaiting: sayThatWeWait(log) }))
    await patiently(() => requireVersion(sql))
    const unlimited = await patiently(() => statementLimitProblem(sql))
    if (unlimited !== undefined) log.warn(`${unlimited} ${statementLimitRemedy}`)
    const limit = await patiently(() => connectionLimit(sql))
    const mayOpen = connectionsOfServer(configuration)
    if (limit !== undefined && limit.most < mayOpen)
      log.warn(
        `PostgreSQL leaves ${limit.most} connections to Naru (by ${limit.by}), and this server may open ${mayOpen}. See: naru doctor`,
      )
    const applied = await patiently(() => migrate(sql))
    if (applied.length > 0) log.info(`migrated the database to this version: ${applied.length} applied`)
    log.debug({ applied }, 'migrations applied')
    const encryption = await patiently(() => loadEncryption(sql, configuration))
    const sandbox = await patiently(() => firstStore(sql, encryption, configuration))
    const [stopping, ending] = [new AbortController(), new AbortController()]
    const [answerNow, givenUp] = [new AbortController(), new AbortController()]
    const signals = { stopping: stopping.signal, ending: ending.signal, answerNow: answerNow.signal }
    const outages = outageLog(log, () => databaseProblem(sql))
    started.defer(outages.stop)
    const { app, modules, idempotency } = buildServer(configuration, options, {
      sql,
      databaseLog: outages.log,
      encryption,
      sandbox,
      ...signals,
      givenUp: givenUp.signal,
    })
    const isAlone = configuration.databaseUrl === undefined
    await patiently(() => modules.presence.start(isAlone))
    started.defer(() => modules.presence.stop())
    if (isAlone) await patiently(() => modules.endLeases())
    started.defer(() => modules.close(givenUp.signal))
    started.defer(() => app.close())
    modules.loop.start()
    await patiently(() => modules.clocks.resume())
    const resuming = setInterval(() => void modules.clocks.resume().catch(() => undefined), 3 * second)
    started.defer(() => clearInterval(resuming))
    const watching = new AbortController()
    started.defer(() => watching.abort())
    void keepStatistics(sql, outages.log, watching.signal)
    const sweep = setInterval(() => void idempotency.sweep().catch(() => undefined), 10 * minute)
    started.defer(() => clearInterval(sweep))
    // A name may take seconds to resolve, for which nobody waits.
    void webhookUrlProblem(configuration, createResolver({ closed: ending.signal })).then(
      (problem) => problem !== undefined && log.warn(problem),
    )
    const url = await unlessAborted(signal, listen(app, configuration))
    return {
      url,
      sandbox,
      sql,
      close: closing(started, { stopping, ending, answerNow, givenUp, delay: configuration.shutdownDelay ?? 0 }),
    }
  } catch (error) {
    await started.disposeAsync().catch((err: unknown) => log.error({ err }, 'the failed start left something behind'))
    throw error
  }
}

/**
 * An embedded database is a developer's, and has a sandbox store from the start. In one that was brought along nobody looks
 * for a store that anybody may pay in: there it is to be asked for.
 */
const firstStore = async (
  sql: Sql,
  encryption: Encryption,
  { databaseUrl, dataDirectory, sandbox }: Configuration,
): Promise<SandboxCredentials | undefined> => {
  if (databaseUrl === undefined) return await bootstrap(sql, encryption, sandbox, await prepareSecrets(dataDirectory))
  const isAskedFor = Object.values(sandbox).some((choice) => choice !== undefined)
  return isAskedFor ? await bootstrap(sql, encryption, sandbox) : undefined
}

const hostsOf = ({ publicUrl, allowedHosts = [] }: Configuration): readonly string[] =>
  publicUrl === undefined ? allowedHosts : [new URL(publicUrl).hostname, ...allowedHosts]

const closeDatabase = (database: Database): Promise<void> => database.close()

const usualLimits: CheckoutLimits = { openingsPerMinute: 600, visitsPerMinute: 6_000 }

type ServerParts = {
  readonly sql: Sql
  readonly databaseLog: Logger
  readonly encryption: Encryption
  readonly sandbox: SandboxCredentials | undefined
  readonly stopping: AbortSignal
  readonly ending: AbortSignal
  readonly answerNow: AbortSignal
  readonly givenUp: AbortSignal
}

const buildServer = (
  configuration: Configuration,
  options: ServerOptions,
  { sql, databaseLog, encryption, sandbox, stopping, ending, answerNow, givenUp }: ServerParts,
) => {
  const { log, checkResponse, aroundGateway = (gateway: Gateway) => gateway, limits = usualLimits } = options
  const directory = storeDirectory(sql, encryption)
  const credentials = credentialDirectory(sql)
  const monitoring = createMonitoring()
  const modules = buildModules({
    sql,
    log,
    databaseLog,
    version,
    directory,
    encryption,
    allowedTargets: configuration.allowedTargets,
    guardsSandbox: configuration.guardsSandbox,
    ending,
    aroundGateway: (gateway) => aroundGateway(metered(gateway, monitoring.observeGatewayCall)),
    aroundWindows: options.aroundWindows,
    aroundBank: options.aroundBank,
    wallClock: options.wallClock,
    onClockMoved: () => credentials.forget(),
    createSandboxStore: (merchantId, input) => createSandboxStore(sql, encryption, merchantId, input),
    publicUrl: () => configuration.publicUrl ?? app.listeningOrigin,
  })
  // PortOne's current lifetimes: half an hour and a day.
  const lifetimes = { accessToken: 30 * minute, refreshToken: day }
  const authentication = createAuthentication(credentials, createTokens(encryption), lifetimes)
  const idempotency = createIdempotency(sql, encryption, {
    onError: (err) => databaseLog.error({ err }, 'an idempotency key could not be kept'),
  })
  const handlers: Handlers = {
    ...authOperations(authentication),
    ...modules.handlers,
  }
  const { trustedProxies } = configuration
  const turns = merchantTurns()
  const app: FastifyInstance = createApp({
    handlers,
    authentication,
    idempotency,
    log: databaseLog,
    checkResponse,
    patience: options.patience,
    answerNow,
    turns,
    trustedProxies,
    stopping,
    givenUp,
    extend: addOtherRoutes(configuration, limits, {
      sql,
      log: databaseLog,
      encryption,
      directory,
      idempotency,
      modules,
      turns,
    }),
  })
  monitoring.addTo(app, {
    sql,
    stopping,
    lastLook: () => modules.loop.lastLook,
    dueProblem: () => modules.presence.outdated ?? modules.time.problem,
    hosts: hostsOf(configuration),
  })
  serveDocs(app, {
    values: exampleValues(configuration, sandbox),
    refusesTarget: (url) => targetRefusal(configuration, false, url) !== undefined,
  })
  return { app, modules, idempotency }
}

const exampleValues = ({ sandbox: { checkoutProfileKey } }: Configuration, known: SandboxCredentials | undefined) => ({
  ...(known === undefined ? {} : { storeId: known.storeId, channelKey: known.channelKey }),
  ...(checkoutProfileKey === undefined ? {} : { profileKey: checkoutProfileKey }),
})

type Ending = {
  readonly stopping: AbortController
  /** Aborted once no more requests are taken. */
  readonly ending: AbortController
  /** Aborted once requests wait for outcomes no longer. */
  readonly answerNow: AbortController
  readonly givenUp: AbortController
  /** How long requests are still taken, in milliseconds. */
  readonly delay: number
}

const closing = (
  started: AsyncDisposableStack,
  { stopping, ending, answerNow, givenUp, delay }: Ending,
): RunningServer['close'] => {
  let closed: Promise<void> | undefined
  const close = async (hurry?: AbortSignal) => {
    stopping.abort()
    if (delay > 0) await setTimeout(delay, undefined, { signal: hurry }).catch(() => undefined)
    ending.abort()
    void aborted(AbortSignal.timeout(waitingTime)).then(() => answerNow.abort())
    for (const end of [AbortSignal.timeout(closingTime), hurry]) if (end) void aborted(end).then(() => givenUp.abort())
    await started.disposeAsync()
  }
  return (hurry) => {
    closed ??= close(hurry)
    return closed
  }
}
