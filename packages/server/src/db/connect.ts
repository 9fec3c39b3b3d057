import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { type Address, readAddress } from './connection/address.ts'
import { keepFast } from './connection/fast-class.ts'
import { repeatLostStatements } from './connection/lost-statements.ts'
import { introduction, reliedOn, type SessionSettings } from './connection/session-settings.ts'
import { driverSockets } from './connection/socket.ts'
import { isPassing } from './passing.ts'
import { refuseInside } from './pool-guard.ts'
import { type Sql, transactions } from './transaction.ts'
import { types } from './types.ts'

/** A pool of connections, called as a template tag: sql`select …`. */
export type { Sql }

/** A pool or a transaction, for queries that run in either. */
export type Queryable = postgres.ISql

export type ConnectOptions = {
  /** The maximum of connections for statements, and again for transactions, which have a connection of their own each. */
  readonly max?: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** The server ends a statement that runs longer, in milliseconds; 0 means never. */
  readonly statementTimeout?: number
  /**
   * For how many seconds a connection is kept, at most; at least half as long. Null for those who rely on the session, such
   * as the holder of a lock.
   */
  readonly lifetime?: number | null
  /** Refuses statements that are asked through the pool from inside one of its transactions: for tests. */
  readonly isStrict?: boolean | undefined
}

/**
 * Opens a pool on a `postgres://` URL. Nothing is dialled before the first query. A query whose connection is lost is
 * rejected, never repeated (it may have been committed); the next query dials again.
 *
 * Behind a pooler that shares sessions out by the transaction, such as PgBouncer, statements are prepared without a name,
 * and the limits go with each of them. Nothing may rely on the session: no `set`, no temporary table, no `listen`, no lock
 * that outlives its transaction.
 *
 * A Unix socket is written the way psql understands it too: `postgres://user@localhost/database?host=/directory`.
 * Parameters that are arrays are passed as they are, with a cast: `any(${ids}::text[])`.
 */
export const connect = (url: string, options: ConnectOptions = {}): Sql => {
  const address = readAddress(url)
  const settings = { ...reliedOn, ...limitsOf(options), ...address.limits }
  const whereabouts = driverWhereabouts(address, settings)
  const open = (differences: postgres.Options<Record<string, postgres.PostgresType>>): postgres.Sql =>
    postgres(address.url, { ...driverOptions(options), ...whereabouts, ...differences })
  // A statement with a name would fail on a kept connection once a migration had changed its result, and nothing can be repeated.
  const transaction = { max: 1, backoff: () => 1, idle_timeout: 90, max_lifetime: null, prepare: false }
  const { begin, isInside, close } = transactions((onclose) => open({ ...transaction, onclose }), settings, {
    most: options.max ?? defaultMax,
    lifetime: options.lifetime === undefined ? defaultLifetime : options.lifetime,
  })
  const pool = open({})
  keepFast(pool``)
  repeatLostStatements(pool)
  if (options.isStrict) refuseInside(pool, isInside)
  const { end } = pool
  return Object.assign(pool, {
    begin,
    reserve: notOffered,
    // The driver would wait forever for a query whose connection was lost.
    end: async (limit?: EndOptions) => void (await Promise.all([end({ timeout: 5, ...limit }), close()])),
  })
}

/**
 * Dialling and encryption are ours. The driver is told of one host: where it knows several it says nothing of an error
 * while dialling, and dials without end.
 */
const driverWhereabouts = (address: Address, settings: SessionSettings) => {
  const [first] = address.targets
  const common = { socket: driverSockets(address, settings), ssl: false, connect_timeout: address.connectTimeout }
  if (first === undefined || 'path' in first) return { ...common, path: first?.path }
  return { ...common, host: first.host, port: first.port }
}

const limitsOf = ({ statementTimeout = 30_000 }: ConnectOptions): SessionSettings => ({
  statement_timeout: String(statementTimeout),
  // The transaction of a machine that is gone holds its locks for as long as this: shorter than a statement may run, so that who waits
  // for them gets them in time. What runs without a limit, such as an audit, may compute for longer between two statements.
  idle_in_transaction_session_timeout: statementTimeout === 0 ? '60000' : '20000',
  // Waiting for a lock counts as running. Requests for the same order wait for each other, and none is to fail for that.
  lock_timeout: '0',
})

const defaultMax = 10
const defaultLifetime = 240

const driverOptions = ({ max = defaultMax, applicationName = 'naru', lifetime = defaultLifetime }: ConnectOptions) => {
  const options: postgres.Options<Record<string, postgres.PostgresType>> = {
    max,
    types,
    fetch_types: false,
    // The driver's own backoff grows to 20 s, in which queries wait instead of failing.
    backoff: (retries: number) => Math.min(0.05 * retries, 0.5),
    onnotice: () => {},
    // PgBouncer knows these, and refuses others.
    connection: { application_name: applicationName, ...introduction },
  }
  // Its types know neither. The driver asks for the lifetime of each connection, and has a function here by default.
  return Object.assign(options, {
    max_lifetime: lifetime === null ? null : lifetimes(lifetime, max),
    max_pipeline: statementsBehindOthers,
  })
}

/**
 * Each connection is given one statement at a time. The driver would send up to a hundred behind one that is slow or waits for
 * a lock: they would wait as long, although other connections have been free since, and the holder of the lock may be
 * waiting for one of them.
 */
const statementsBehindOthers = 0

/**
 * So connections are given back that a burst opened: the driver dials one again only when no other is free. Its `idle_timeout`
 * does not do that. It uses its connections in turn, so that the few queries of a server at rest keep all of them awake. They
 * end at different times: if all were dialled at once, all queries would wait for that.
 */
const lifetimes = (longest: number, connections: number) => {
  let asked = 0
  return () => (longest / 2) * (1 + (asked++ % connections) / connections)
}

type EndOptions = { timeout?: number | undefined }

/** The driver ends the process when a reserved connection is lost. */
const notOffered = (): Promise<never> => Promise.reject(new Error('Use sql.begin instead of sql.reserve.'))

type WaitOptions = {
  readonly seconds?: number
  readonly onWaiting?: (error: unknown) => void
  /** Stops waiting. */
  readonly signal?: AbortSignal | undefined
}

/** Waits until the database answers: in containers the database often starts after its clients. */
export const untilReachable = async (sql: Sql, options: WaitOptions = {}): Promise<void> => {
  keepFast(await untilAnswered(() => sql`select 1`, options))
}

/**
 * Does what needs the database, again every half second while the database is not reachable, so it must not matter whether it
 * was done before. Rejects with the last error after `seconds`, and at once if waiting cannot help.
 */
export const untilAnswered = async <Answer>(
  ask: () => Promise<Answer>,
  { seconds = 30, onWaiting, signal }: WaitOptions = {},
): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error) || attempt > seconds * 2) throw error
      if (attempt === 1 && !signal?.aborted) onWaiting?.(error)
      await delay(500, undefined, { signal }).catch(() => undefined)
    }
  }
}
