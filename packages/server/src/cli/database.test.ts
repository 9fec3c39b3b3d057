import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { filledDataDirectory, hasPostgres, temporaryDataDirectory } from '../../test/support/program.ts'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
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

test('a command where no server has run says so, and makes no database', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  const command = withDatabase(readConfiguration({ NARU_DATA_DIR: dataDirectory }), () => assert.fail('it was run'))
  await assert.rejects(command, /There is no Naru data in .* set NARU_DATA_DIR or DATABASE_URL/)
  assert.deepEqual(await readdir(dataDirectory).catch(() => []), [])
})
