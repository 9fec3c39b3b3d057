import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tester, withoutPatience } from '../../test/support/cluster.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { readConfiguration } from '../configuration.ts'
import { versionOf } from '../db/server-version.ts'
import { writeProblem } from '../db/write-problem.ts'
import { loadEncryption } from '../installation.ts'
import { realTime } from '../kernel/clock.ts'
import { newEncryptionKey } from '../kernel/encryption.ts'
import { withDatabase } from './database.ts'
import { examine } from './doctor.ts'

const configurationOf = (databaseUrl: string, key = newEncryptionKey()) =>
  readConfiguration({ DATABASE_URL: databaseUrl, NARU_ENCRYPTION_KEY: key.toString('base64') })

/** As a version before the latest migration left it. */
const forgetLatest = `delete from schema_migrations where number = (select max(number) from schema_migrations)`

test('a database that is behind or ahead is named, and worked with by no other command', async () => {
  for (const [change, message] of [
    [forgetLatest, /behind this version of Naru.*naru migrate/],
    ["insert into schema_migrations (number, name, checksum) values (9999, '9999_later.sql', '')", /ahead.*9999_later/],
    ['drop table schema_migrations', /behind this version of Naru.*0001_foundation/],
  ] as const) {
    await using database = await createTestDatabase()
    await database.sql.unsafe(change)
    const configuration = configurationOf(database.url)
    const findings = await examine(configuration, database.sql)
    assert.ok(findings.some(({ level, what }) => level === 'missing' && message.test(what)))
    const command = withDatabase(configuration, async () => assert.fail('it was worked with'))
    await assert.rejects(command, message)
  }
})

test('another encryption key than that of the database is unsafe, and none is made', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  const key = newEncryptionKey()
  const aboutKey = async (configuration: Parameters<typeof examine>[0]) =>
    (await examine(configuration, sql)).filter(({ what }) => what.includes('encryption key'))
  assert.deepEqual(await aboutKey(configurationOf(database.url, key)), [])
  await loadEncryption(sql, configurationOf(database.url, key))
  assert.deepEqual(await aboutKey(configurationOf(database.url, key)), [])
  const [finding] = await aboutKey(configurationOf(database.url))
  assert.equal(finding?.level, 'unsafe')
  const [gone] = await aboutKey(readConfiguration({ NARU_DATA_DIR: '/nowhere' }))
  assert.match(gone?.what ?? '', /is not there/)
})

test('statements without a limit are unsafe', async () => {
  await using database = await createTestDatabase()
  const aboutLimit = async (databaseUrl: string) => {
    const configuration = configurationOf(databaseUrl.replace('//naru@', `//${tester}@`))
    const findings = await withDatabase(configuration, (sql) => examine(configuration, sql))
    return findings.filter(({ what }) => what.includes('how long a statement may run'))
  }
  const url = withoutPatience(database.url)
  assert.deepEqual(await aboutLimit(url), [])
  const [finding] = await aboutLimit(`${url}&statement_timeout=0`)
  assert.equal(finding?.level, 'unsafe')
  assert.match(finding?.remedy ?? '', /statement_timeout/)
})

test('the version of PostgreSQL is written as PostgreSQL writes it', () => {
  assert.deepEqual([150_020, 160_004, 180_000].map(versionOf), ['15.20', '16.4', '18.0'])
})

test('a webhook URL whose host a shared server does not call is named, with the remedy', async () => {
  await using database = await createTestDatabase()
  const configuration = { ...configurationOf(database.url), sandbox: { webhookUrl: 'http://127.0.0.1:3000/webhook' } }
  const findings = await examine(configuration, database.sql)
  const [finding] = findings.filter(({ what }) => what.includes('NARU_WEBHOOK_URL'))
  assert.match(finding?.remedy ?? '', /NARU_WEBHOOK_ALLOWED_TARGETS/)
})

test('a clock that is not the database’s is unsafe', async () => {
  await using database = await createTestDatabase()
  const configuration = configurationOf(database.url)
  const aboutTime = async (ahead: number) =>
    (await examine(configuration, database.sql, () => realTime() + ahead)).filter(({ what }) => what.includes('clock'))
  assert.deepEqual(await aboutTime(0), [])
  for (const ahead of [15 * 60_000, -15 * 60_000, 20_000]) {
    const [finding] = await aboutTime(ahead)
    assert.equal(finding?.level, 'unsafe')
    assert.match(finding?.what ?? '', /This machine's clock shows .*Z, that of the database .*Z.*NTP/)
  }
})

test('a database that takes no write is unsafe, and one that takes it is left as it was', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  assert.equal(await writeProblem(sql), undefined)
  assert.deepEqual([...(await sql`select * from servers`)], [])
  const [{ name }] = await sql<[{ name: string }]>`select current_database()::text as name`
  for (const [change, words, remedy] of [
    [`alter database "${name}" set temp_file_limit = '1kB'`, /cannot be written to.*temp_file_limit/, /log/],
    [
      `alter database "${name}" reset temp_file_limit; alter table servers add check (server_id !~ '^doctor-')`,
      /took no write. It says: .*check constraint/,
      /log/,
    ],
  ] as const) {
    await sql.unsafe(change)
    const configuration = configurationOf(database.url.replace('//naru@', `//${tester}@`))
    const findings = await withDatabase(configuration, (fresh) => examine(configuration, fresh))
    const [finding] = findings.filter(({ what }) => words.test(what))
    assert.equal(finding?.level, 'unsafe', JSON.stringify(findings))
    assert.match(finding.remedy, remedy)
  }
})

test('fewer connections than a server may open are unsafe, and how many servers fit is noted', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  const aboutConnections = async (connections: string) => {
    const configuration = readConfiguration({
      DATABASE_URL: database.url,
      NARU_ENCRYPTION_KEY: newEncryptionKey().toString('base64'),
      NARU_DATABASE_CONNECTIONS: connections,
    })
    return (await examine(configuration, sql)).filter(({ what }) => what.includes('connections to Naru'))
  }
  const [{ most }] = await sql<[{ most: number }]>`select current_setting('max_connections')::integer as most`
  const [tooFew] = await aboutConnections('1000')
  assert.equal(tooFew?.level, 'unsafe')
  assert.match(tooFew?.what ?? '', /by max_connections\), and one server may open 2000/)
  const [enough] = await aboutConnections('4')
  assert.equal(enough?.level, 'note')
  assert.match(enough?.what ?? '', new RegExp(`one server may open 8: ${Math.floor((most - 3) / 8)} servers fit`))
  const [{ name }] = await sql<[{ name: string }]>`select current_database()::text as name`
  await sql.unsafe(`alter database "${name}" connection limit 13`)
  const [limited] = await aboutConnections('20')
  assert.match(`${limited?.what} ${limited?.remedy}`, /leaves 13 connections .*limit of the database.*at most 6\./)
})
