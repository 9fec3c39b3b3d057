import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { listen } from '../../test/support/listen.ts'
import { filledDataDirectory, hasPostgres, temporaryDataDirectory } from '../../test/support/program.ts'
import { breakableWire } from '../../test/support/wire.ts'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { newEncryptionKey } from '../kernel/encryption.ts'
import { withDatabase } from './database.ts'

test('Ctrl+C ends a command, and the PostgreSQL that was started for it', async (context) => {
  const dataDirectory = await filledDataDirectory(context)
  const work = async (sql: Sql) => {
    await sql`select 1`
    assert.equal(hasPostgres(dataDirectory), true)
    process.emit('SIGINT', 'SIGINT')
    await sql`select pg_sleep(3600)`
  }
  const command = withDatabase(readConfiguration({ NARU_DATA_DIR: dataDirectory }), work, {
    anySchema: true,
    mayCreate: true,
  })
  await assert.rejects(command, /SIGINT/)
  assert.equal(hasPostgres(dataDirectory), false)
})

const configurationOf = (databaseUrl: string) =>
  readConfiguration({ DATABASE_URL: databaseUrl, NARU_ENCRYPTION_KEY: newEncryptionKey().toString('base64') })

test('a command whose database does not answer says whether it may have changed something', async () => {
  const port = await freePort()
  const unreachable = withDatabase(configurationOf(`postgres://naru@127.0.0.1:${port}/naru`), () =>
    assert.fail('it was run'),
  )
  await assert.rejects(unreachable, /The database does not answer \(.*ECONNREFUSED.*\)\. Nothing was done\./)
  await using database = await createTestDatabase()
  await using wire = await breakableWire(database.url)
  const command = withDatabase(configurationOf(wire.url), async (sql) => {
    await wire[Symbol.asyncDispose]()
    await sql`select 1`
  })
  await assert.rejects(
    command,
    /The database does not answer \(.*\)\. What the command was to change, if anything, may be changed/,
  )
})

test('a command that is stopped by Ctrl+C says whether it may have changed something', async () => {
  await using database = await createTestDatabase()
  const command = withDatabase(configurationOf(database.url), async (sql) => {
    process.emit('SIGINT', 'SIGINT')
    await sql`select pg_sleep(3600)`
  })
  await assert.rejects(
    command,
    /The command was stopped \(SIGINT\)\. What the command was to change, if anything, may be changed/,
  )
})

/** Where nobody listens. */
const freePort = async (): Promise<number> => {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a command where no server has run says so, and makes no database', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  const command = withDatabase(readConfiguration({ NARU_DATA_DIR: dataDirectory }), () => assert.fail('it was run'))
  await assert.rejects(command, /There is no Naru data in .* set NARU_DATA_DIR or DATABASE_URL/)
  assert.deepEqual(await readdir(dataDirectory).catch(() => []), [])
})
