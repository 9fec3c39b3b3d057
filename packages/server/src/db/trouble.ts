import { codeOf } from '../kernel/error-code.ts'

/** What is wrong with the database, in a sentence, and what whoever runs Naru can do about it. */
export type Trouble = { readonly what: string; readonly remedy: string }

/**
 * What is wrong with the database itself, where it says so: its disk is full, it takes no more connections, it refuses Naru. A
 * request that met with it did nothing, and may be sent again once that is mended. Nothing where only a query is wrong, or where
 * the database cannot be reached.
 */
export const troubleOf = (error: unknown): Trouble | undefined => {
  const said = error instanceof Error ? error.message : ''
  switch (codeOf(error)) {
    case '53100':
      // Shared memory is a disk to the system, and the code is the same.
      return said.includes('shared memory') ? noSharedMemory : diskFull
    case 'XX000': // what PostgreSQL before 18 has for it, where a session begins
      return said.includes('could not write init file') ? diskFull : undefined
    case '53300':
      return tooManyConnections
    case '08P01': // PgBouncer's own
      return said.includes('max_client_conn') ? tooManyClients : undefined
    case '53200':
      return said === 'out of shared memory' ? tooManyLocks : outOfMemory
    case '25006':
      return { what: 'The database is read-only.', remedy: 'naru doctor says why.' }
    case '53400': // a limit of the configuration
    case '58030': // io_error
      return { what: 'The database cannot be written to.', remedy: "Look into PostgreSQL's log, and at its disk." }
    case '57014': // query_canceled, by statement_timeout
      return { what: 'The database took too long.', remedy: '' }
    case '28P01':
    case '28000':
      return refused
    case '3D000':
      return { what: 'There is no such database.', remedy: 'Create it, or correct its name in DATABASE_URL.' }
    case '42501':
      return { what: 'The database lacks a permission for Naru.', remedy: 'Grant it to the role in DATABASE_URL.' }
    default:
      return undefined
  }
}

/** Both in one text. */
export const textOf = ({ what, remedy }: Trouble): string => (remedy === '' ? what : `${what} ${remedy}`)

/** The same for whoever may read what the database said, as on a command line. */
export const textWithReason = ({ what, remedy }: Trouble, error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error)
  return textOf({ what: what.replace(/\.$/, ` (${reason}).`), remedy })
}

const diskFull = { what: 'The disk of the database is full.', remedy: 'Make room on it.' }

const noSharedMemory = {
  what: 'The database has no shared memory left.',
  remedy: 'Make its /dev/shm larger: in Docker, with --shm-size.',
}

const outOfMemory = { what: 'The database is out of memory.', remedy: 'Give PostgreSQL more of it.' }

const tooManyLocks = {
  what: 'The database holds no more locks.',
  remedy: "Raise PostgreSQL's max_locks_per_transaction.",
}

const tooManyConnections = {
  what: 'The database takes no more connections.',
  remedy:
    "Raise PostgreSQL's max_connections (or the connection limit of the role or the database), lower " +
    'NARU_DATABASE_CONNECTIONS of the servers, or put PgBouncer in between.',
}

const tooManyClients = {
  what: 'PgBouncer takes no more connections.',
  remedy: 'Raise its max_client_conn, or lower NARU_DATABASE_CONNECTIONS of the servers.',
}

const refused = {
  what: 'The database refuses Naru.',
  remedy: "Check the user and the password in DATABASE_URL, and PostgreSQL's pg_hba.conf.",
}
