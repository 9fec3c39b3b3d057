import { after } from 'node:test'
import { connect, type Sql } from '../../src/db/connect.ts'
import { startTestCluster, type TestCluster, templateName, tester, withDatabase } from './cluster.ts'

/** A database of a test's own, with Naru's tables and nothing in them. Dropped at the end of `await using`. */
export type TestDatabase = AsyncDisposable & {
  readonly sql: Sql
  /** For a server or a second connection. */
  readonly url: string
}

/**
 * Makes a database by copying the migrated template, which costs some ten milliseconds. `empty` leaves the tables out. So does
 * `sorted as words`, in which texts do not sort by code point, but as most databases sort them that Naru does not make itself.
 */
export const createTestDatabase = async (
  content: 'migrated' | 'empty' | 'sorted as words' = 'migrated',
): Promise<TestDatabase> => {
  const cluster = await clusterUrl()
  databases += 1
  const name = `test_${process.pid}_${databases}`
  const template = content === 'migrated' ? templateName : 'template0'
  // One connection makes it and drops it: opening one costs as much as dropping a database.
  const administrator = connect(cluster, { max: 1 })
  const sorted = content === 'sorted as words' ? administrator`locale_provider icu icu_locale 'en-US'` : administrator``
  await administrator`
    create database ${administrator(name)} template ${administrator(template)} strategy file_copy ${sorted}`
  const url = withDatabase(cluster, name)
  const sql = connect(url.replace('//naru@', `//${tester}@`))
  return {
    sql,
    url,
    [Symbol.asyncDispose]: async () => {
      await sql.end({ timeout: 1 })
      await administrator`drop database ${administrator(name)} with (force)`
      await administrator.end()
    },
  }
}

let databases = 0

/** Until a statement has come to a row that another transaction holds. */
export const untilSomebodyWaits = async (sql: Sql): Promise<void> => {
  for (;;) {
    const [row] = await sql<[{ waiting: boolean }]>`
      select exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      ) as waiting`
    if (row.waiting) return
  }
}

/** `npm test` starts one PostgreSQL for all files and says where; a file that is run by itself starts its own. */
const clusterUrl = async (): Promise<string> => {
  const shared = process.env.NARU_TEST_DATABASE_URL
  if (shared !== undefined) return shared
  ownCluster ??= startTestCluster()
  return (await ownCluster).url
}

let ownCluster: Promise<TestCluster> | undefined

after(async () => {
  await (await ownCluster)?.stop()
})
