import { codeOf } from '../kernel/error-code.ts'

/** Whether the same query may succeed later: the database is away, starting or stopping, and has not refused the query itself. */
export const isPassing = (error: unknown): boolean => passingCodes.has(codeOf(error) ?? '') && !isOfFile(error)

/**
 * Why nothing was done, in a sentence, where the database says so: its disk is full or fails, it is a copy that only reads, or
 * it took too long. That is the operator's to mend, or passes, such as a lock of a server that is gone.
 */
export const whyUndone = (error: unknown): string | undefined => {
  switch (codeOf(error)) {
    case '53100':
      return 'The disk of the database is full.'
    case '25006':
      return 'The database is read-only.'
    case '53400': // a limit of the configuration
    case '58030': // io_error
      return 'The database cannot be written to.'
    case '57014': // query_canceled, by statement_timeout
      return 'The database took too long.'
    default:
      return undefined
  }
}

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
