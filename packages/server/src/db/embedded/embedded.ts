import { join } from 'node:path'
import { isServed } from './claim.ts'
import { prepareCluster } from './cluster.ts'
import { identityOf, requireIdentity } from './identity.ts'
import { type Postmaster, postmasterGone, type Settings, startPostmaster, stopPostmaster } from './postmaster.ts'
import { urlOf } from './socket.ts'

export { claimServing, isServed, type ServingClaim } from './claim.ts'
export { hasCluster } from './cluster.ts'
export { DatabaseGone } from './identity.ts'

export type EmbeddedDatabase = {
  /** For `connect`, and for psql. */
  readonly url: string
  /** PostgreSQL's version, such as `18.4`. */
  readonly version: string
  /** Whether it ran already. */
  readonly adopted: boolean
  /** Stops PostgreSQL in order and waits until it is gone. A second call waits for the first. */
  stop(): Promise<void>
  /** Starts PostgreSQL again after `onExit`, on the same URL; throws `DatabaseGone` where its files are not there any more. */
  restart(): Promise<void>
}

export type EmbeddedOptions = {
  /** Naru's own directory; the database lies in `postgres` inside it. Made when missing. */
  readonly dataDirectory: string
  /** PostgreSQL settings on top of ours, for a PostgreSQL that this call starts. */
  readonly settings?: Settings
  readonly logger?: { info(message: string): void }
  /** PostgreSQL is gone although nobody called `stop`: killed, or out of memory. `restart` brings it back. */
  readonly onExit?: () => void
  /** Calls the start off: what was begun is stopped and cleared away. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs the PostgreSQL that comes with Naru on a data directory, over a Unix socket alone. It is a process of its own:
 * it survives when Naru is killed, and the next start adopts it. A server goes on to `claimServing`.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedDatabase> => {
  const { dataDirectory, settings = {}, logger, onExit, signal } = options
  const report = (message: string) => logger?.info(message)
  const cluster = await prepareCluster(dataDirectory, report, signal)
  const identity = await identityOf(cluster)
  const logFile = join(dataDirectory, 'postgres.log')
  const start = async (calledOff?: AbortSignal): Promise<Postmaster> => {
    const waiting = setInterval(() => report(`PostgreSQL is not ready yet; see its log, ${logFile}`), 3_000)
    try {
      return await startPostmaster(cluster, { logFile, settings, signal: calledOff, report })
    } finally {
      clearInterval(waiting)
    }
  }
  let postmaster = await start(signal)
  let stopped: Promise<void> | undefined
  const watch = async (): Promise<void> => {
    await postmasterGone(cluster, postmaster)
    if (stopped === undefined) onExit?.()
  }
  void watch()
  return {
    url: urlOf(postmaster.socketDirectory),
    version: cluster.binaries.version,
    adopted: postmaster.adopted,
    stop: () => {
      stopped ??= stopPostmaster(postmaster)
      return stopped
    },
    restart: async () => {
      await requireIdentity(cluster, identity)
      postmaster = await start()
      void watch()
    },
  }
}

/**
 * The same for a command that runs beside a server or without one: it uses the PostgreSQL that runs, starts one where
 * none does, and `stop` stops only what it started and no server has taken over meanwhile.
 */
export const attachEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedDatabase> => {
  const database = await startEmbedded(options)
  if (database.adopted) return { ...database, stop: async () => {} }
  return {
    ...database,
    stop: async () => {
      if (!(await isServed(database.url))) await database.stop()
    },
  }
}
