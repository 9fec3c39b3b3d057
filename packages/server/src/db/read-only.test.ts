import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tester } from '../../test/support/cluster.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { examine } from '../cli/doctor.ts'
import { readConfiguration } from '../configuration.ts'
import { newEncryptionKey } from '../kernel/encryption.ts'
import { connect } from './connect.ts'
import { readOnlyProblem, whyReadOnly } from './read-only.ts'

test('a database that takes no writes is named by the doctor, with who set it so and how that is taken back', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  assert.equal(await readOnlyProblem(sql), undefined)
  const [{ name }] = await sql<[{ name: string }]>`select current_database()::text as name`
  for (const [owner, words] of [
    [`database "${name}"`, /is on by the database ".*alter database ".*" reset default_transaction_read_only/],
    [
      `role current_user in database "${name}"`,
      /is on by the role ".* in the database .*alter role ".*" in database ".*" reset/,
    ],
  ] as const) {
    await sql.unsafe(`alter ${owner} set default_transaction_read_only = on`)
    const fresh = connect(database.url.replace('//naru@', `//${tester}@`), { max: 1 })
    try {
      assert.match((await readOnlyProblem(fresh)) ?? '', words)
      const key = newEncryptionKey().toString('base64')
      const configuration = readConfiguration({ DATABASE_URL: database.url, NARU_ENCRYPTION_KEY: key })
      const findings = await examine(configuration, fresh)
      assert.ok(findings.some(({ level, what }) => level === 'unsafe' && words.test(what)))
    } finally {
      await fresh.end()
      await sql.unsafe(`alter ${owner} reset default_transaction_read_only`)
    }
  }
})

test('so is a standby, and a setting of another kind', () => {
  const seen = { isStandby: false, isReadOnly: true, source: 'configuration file', role: 'naru', database: 'shop' }
  assert.match(
    whyReadOnly(seen) ?? '',
    /is on\. If nobody meant that, set it to off in the configuration of PostgreSQL/,
  )
  assert.match(whyReadOnly({ ...seen, isStandby: true }) ?? '', /it is a standby.*target_session_attrs=read-write/)
})
