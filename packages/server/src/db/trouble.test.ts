import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { withDatabase } from '../cli/database.ts'
import { readConfiguration } from '../configuration.ts'
import { newEncryptionKey } from '../kernel/encryption.ts'
import { connect } from './connect.ts'
import { databaseProblem } from './database-problem.ts'
import { troubleOf } from './trouble.ts'

test('a database that refuses is told from one that cannot be reached, with why, at /readyz and by commands', async () => {
  await using database = await createTestDatabase()
  const { sql, url } = database
  const role = `limited_${process.pid}`
  await sql.unsafe(`create role ${role} login connection limit 0`)
  try {
    for (const [address, what, reason] of [
      [as(url, role), /^The database takes no more connections.*connection limit of the role/, /too many connections/],
      [as(url, `${role}_nobody`), /^The database refuses Naru.*DATABASE_URL/, /role ".*" does not exist/],
      [url.replace(/\/test_\d+_\d+/, '/nowhere'), /^There is no such database.*Create it/, /"nowhere" does not exist/],
    ] as const) {
      await using pool = opened(address)
      assert.match((await databaseProblem(pool.sql)) ?? '', what)
      const key = newEncryptionKey().toString('base64')
      const configuration = readConfiguration({ DATABASE_URL: address, NARU_ENCRYPTION_KEY: key })
      const command = withDatabase(configuration, () => assert.fail('it was run'))
      await assert.rejects(command, ({ message }: Error) => {
        assert.match(message.replace(/ \(.*?\)\./, '.'), what)
        assert.match(message, reason)
        return message.endsWith('Nothing was done.')
      })
    }
  } finally {
    await sql.unsafe(`drop role ${role}`)
  }
})

test('what is full, and what is used up, is told apart where PostgreSQL has one code for both', () => {
  const whatOf = (code: string, message: string) => troubleOf(Object.assign(new Error(message), { code }))?.what
  for (const [code, message, what] of [
    ['53100', 'could not write init file: No space left on device', 'The disk of the database is full.'],
    ['XX000', 'could not write init file', 'The disk of the database is full.'],
    [
      '53100',
      'could not resize shared memory segment "/PostgreSQL.1" to 8 bytes',
      'The database has no shared memory left.',
    ],
    ['53200', 'out of memory', 'The database is out of memory.'],
    ['53200', 'out of shared memory', 'The database holds no more locks.'],
    ['08P01', 'no more connections allowed (max_client_conn)', 'PgBouncer takes no more connections.'],
    ['XX000', 'cache lookup failed for type 1', undefined],
    ['08P01', 'server login has been failing', undefined],
  ] as const)
    assert.equal(whatOf(code, message), what)
})

const as = (url: string, role: string): string => url.replace('//naru@', `//${role}@`)

const opened = (url: string) => {
  const sql = connect(url, { max: 1 })
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) }
}
