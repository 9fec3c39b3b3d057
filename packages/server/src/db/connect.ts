import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { fromIso, type Instant, toIso } from '../kernel/clock.ts'

/**
 * How PostgreSQL's types travel. The driver's own choices would lose something: int8 as text invites `'1' + 1`, and a
 * `Date` cannot be compared with `===` or kept in a JSON snapshot, while an `Instant` can.
 */
const types: Record<string, postgres.PostgresType> = {
  int8: {
    to: 20,
    from: [20],
    parse: (text: string): number => safeInteger(text),
    serialize: (value: number | bigint): string => String(value),
  },
  instant: {
    to: 1184, // timestamptz
    from: [1184],
    parse: (text: string): Instant => instantOf(text),
    serialize: (value: Instant): string => toIso(value),
  },
  calendarDate: {
    to: 1082, // date: has no time zone, so it stays the text yyyy-MM-dd
    from: [1082],
    parse: (text: string): string => text,
    serialize: (value: string): string => value,
  },
}

/** A pool of connections, called as a template tag: sql`select …`. */
export type Sql = postgres.Sql

/** The same template tag inside `sql.begin(…)`: one connection, one transaction. */
export type TransactionSql = postgres.TransactionSql

/** What a query needs when it does not mind whether it runs in a transaction. */
export type Queryable = postgres.ISql

export type ConnectOptions = {
  /** Connections at most. */
  readonly max?: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** The server ends a statement that runs longer, in milliseconds; 0 means never. */
  readonly statementTimeout?: number
  /** Told whenever a connection closes, whatever the reason. */
  readonly onClose?: () => void
}

/**
 * Opens a pool on a `postgres://` URL. Nothing is dialled before the first query. A query whose connection is lost is
 * rejected, never repeated (it may have been committed); the next query dials again.
 *
 * A Unix socket is written the way psql understands it too: `postgres://user@localhost/database?host=/directory`.
 */
export const connect = (url: string, options: ConnectOptions = {}): Sql => {
  const { max = 10, applicationName = 'naru', statementTimeout = 30_000, onClose } = options
  const { url: address, ...socket } = socketAside(url)
  return postgres(address, {
    ...socket,
    max,
    types,
    connect_timeout: 5,
    // The driver's own backoff grows to 20 s, in which queries wait instead of failing.
    backoff: (retries: number) => Math.min(0.05 * retries, 0.5),
    onnotice: () => {},
    ...(onClose === undefined ? {} : { onclose: onClose }),
    connection: {
      application_name: applicationName,
      TimeZone: 'UTC',
      statement_timeout: statementTimeout,
      // A transaction that forgot to end would hold its locks and stop vacuum for as long as the server lives.
      idle_in_transaction_session_timeout: 60_000,
    },
  })
}

/**
 * Waits until the database answers, asking every half second: in a container set-up the database often comes up after
 * its clients. Rejects with the last answer when `seconds` have passed.
 */
export const untilReachable = async (sql: Sql, seconds = 30): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql`select 1`
      return
    } catch (error) {
      if (!isPassing(error) || attempt > seconds * 2) throw error
      await delay(500)
    }
  }
}

/** Whether the same query may succeed later: the database is away, starting or stopping, rather than refusing us. */
export const isPassing = (error: unknown): boolean => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return passingCodes.has(code)
}

const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // no Unix socket yet
  'ENOTFOUND', // a container's name resolves once it runs
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or shutting down
  '53300', // too_many_connections
])

const safeInteger = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The database holds ${text}, which is no safe integer.`)
  return value
}

const instantOf = (text: string): Instant => {
  // PostgreSQL writes `2026-01-31 09:00:00.123456+00`; with a `T` and minutes in the offset it is RFC 3339.
  const instant = fromIso(`${text.replace(' ', 'T')}:00`)
  if (instant === undefined) throw new RangeError(`The database holds the time ${text}, which no Instant can express.`)
  return instant
}

/**
 * The driver knows no `host` in the URL's query and would send it to the server as a setting. The rest of the URL is
 * not parsed here: the driver also takes lists of hosts, which `URL` refuses.
 */
const socketAside = (url: string): { url: string; host?: string } => {
  const [address = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  const host = parameters.get('host')
  if (host === null) return { url }
  parameters.delete('host')
  return { url: parameters.size === 0 ? address : `${address}?${parameters}`, host }
}
