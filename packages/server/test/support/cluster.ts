import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Sql } from '../../src/db/connect.ts'
import { prepareCluster } from '../../src/db/embedded/cluster.ts'
import { startEmbedded } from '../../src/db/embedded/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { copyCluster } from './new-cluster.ts'
import { otherPostgresql, startOtherPostgresql } from './other-postgresql.ts'
import { partitionByHash, partitionsInTests } from './partitions.ts'
import { remembering } from './statements/remembering.ts'

/** A migrated database that nobody stays connected to, so that tests can copy it. */
export const templateName = 'naru_template'

/** Whom tests connect as. */
export const tester = 'tester'

/** A whole PostgreSQL for tests, which forgets everything when it stops. */
export type TestCluster = {
  readonly url: string
  /** The files of a PostgreSQL that was never started, for `fillDataDirectory`. */
  readonly newCluster: string
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL in a temporary directory with a migrated template. It does not wait for the disk, for speed: tests
 * about crashes start a durable one of their own.
 */
export const startTestCluster = async (signal?: AbortSignal): Promise<TestCluster> => {
  const dataDirectory = await mkdtemp(join(await scratchDirectory(), 'naru-test-'))
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 300,
    ...remembering,
  }
  const remove = () => rm(dataDirectory, { recursive: true, force: true })
  const newCluster = join(dataDirectory, 'new')
  const start = async () => {
    const { directory } = await prepareCluster(dataDirectory, () => {}, signal)
    await copyCluster(directory, newCluster)
    const options = { dataDirectory, settings, signal }
    return await (otherPostgresql === undefined
      ? startEmbedded(options)
      : startOtherPostgresql(otherPostgresql, options))
  }
  const database = await start().catch(async (error: unknown) => {
    await remove()
    throw error
  })
  const stop = async (): Promise<void> => {
    await database.stop()
    await remove()
  }
  try {
    await withConnection(database.url, async (sql) => {
      await sql`create extension pg_stat_statements`
      // Tests ask by another name than servers, so that what these ask can be told from it.
      await sql`create role ${sql(tester)} superuser login`
      await sql`create database ${sql(templateName)}`
    })
    await withConnection(withDatabase(database.url, templateName), async (sql) => {
      await migrate(sql)
      if (partitionsInTests > 0) await partitionByHash(sql, partitionsInTests)
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `${database.url}${patience}`, newCluster, stop }
}

/**
 * On a machine with much else to do a connection can take longer than the five seconds that a server gives it, and a statement
 * longer than thirty: almost as long as one may run at all (`statement-limit.ts`).
 */
const patience = '&connect_timeout=120&statement_timeout=290s&idle_in_transaction_session_timeout=280s'

/** The URL of a database for tests with the limits that Naru has by itself, for tests of these. */
export const withoutPatience = (url: string): string => url.replace(patience, '')

/** Memory where there is plenty, which makes a copy of the template in a third of the time; containers have 64 MB. */
const scratchDirectory = async (): Promise<string> => {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  return memory !== undefined && memory.bavail * memory.bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

/** Runs `work` on one connection and closes it: an open one would keep a test's process from ending. */
export const withConnection = async (url: string, work: (sql: Sql) => PromiseLike<unknown>): Promise<void> => {
  const sql = connect(url, { max: 1 })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The same server, another database on it. */
export const withDatabase = (url: string, name: string): string => url.replace('/postgres?', `/${name}?`)
