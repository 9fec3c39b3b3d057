import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasPostgres, temporaryDataDirectory } from '../../test/support/program.ts'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { withDatabase } from './database.ts'

test('Ctrl+C ends a command, and the PostgreSQL that was started for it', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  const work = async (sql: Sql) => {
    await sql`select 1`
    assert.equal(hasPostgres(dataDirectory), true)
    process.emit('SIGINT', 'SIGINT')
    await sql`select pg_sleep(3600)`
  }
  const command = withDatabase(readConfiguration({ NARU_DATA_DIR: dataDirectory }), work, { anySchema: true })
  await assert.rejects(command, /SIGINT/)
  assert.equal(hasPostgres(dataDirectory), false)
})
