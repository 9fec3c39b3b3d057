import { codeOf } from '../kernel/error-code.ts'

/** Whether the same query may succeed later: the database is away, starting or stopping, and has not refused the query itself. */
export const isPassing = (error: unknown): boolean => passingCodes.has(codeOf(error) ?? '') && !isOfFile(error)

/** A file that is missing does not come into being by waiting, as the socket of a database does. */
const isOfFile = (error: unknown): boolean =>
  codeOf(error) === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall !== 'connect'

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
  '25P03', // idle_in_transaction_session_timeout: this server stood still
  '57P03', // cannot_connect_now: starting up or shutting down
  '53300', // too_many_connections
  '08P01', // what PgBouncer answers while it cannot reach its database
])
