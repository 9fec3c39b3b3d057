import { setTimeout as delay } from 'node:timers/promises'
import { connect, type Sql } from '../connect.ts'

/** The right to serve a database: one server at a time. */
export type ServingClaim = { release(): Promise<void> }

/** Any number will do, as long as nothing else locks it: "naru" in ASCII. */
const lockNumber = 0x6e617275

/**
 * Claims the embedded database for this server, or says that another one has it. The claim is an advisory lock held by
 * a connection of its own: PostgreSQL drops it with the process that held it, so no lock file can go stale.
 *
 * A server that was killed a moment ago may not have been noticed yet, hence the few tries. When PostgreSQL itself was
 * lost, so is the claim: claim again after `restart`.
 */
export const claimServing = async (url: string, dataDirectory: string): Promise<ServingClaim> => {
  const sql = connect(url, { max: 1, applicationName: 'naru claim', lifetime: null })
  for (let attempt = 0; attempt < 30; attempt++) {
    if (await tryLock(sql)) return { release: () => sql.end({ timeout: 1 }) }
    await delay(100)
  }
  await sql.end({ timeout: 1 })
  throw new Error(
    `Another Naru is already using the data directory ${dataDirectory}. Stop it first, or start this one with its own NARU_DATA_DIR and PORT.`,
  )
}

/** Whether some server serves this database now. */
export const isServed = async (url: string): Promise<boolean> => {
  const sql = connect(url, { max: 1, applicationName: 'naru claim', lifetime: null })
  try {
    return !(await tryLock(sql))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const tryLock = async (sql: Sql): Promise<boolean> => {
  const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${lockNumber}::bigint) as locked`
  return row?.locked === true
}
