import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { examine } from '../src/cli/doctor.ts'
import { readConfiguration } from '../src/configuration.ts'
import { connect } from '../src/db/connect.ts'
import { introduction, limitNames, reliedOn } from '../src/db/connection/session-settings.ts'
import { schemaProblem } from '../src/db/migrate.ts'
import { sessionProblem } from '../src/db/session-problem.ts'
import { withoutPatience } from './support/cluster.ts'
import { createTestDatabase } from './support/database.ts'
import { startNaru, type TestNaru, type TestStore } from './support/naru.ts'
import { startPgBouncer, withPgBouncer } from './support/pgbouncer.ts'
import { newPartner } from './support/platform.ts'
import { readiness } from './support/readiness.ts'

/** What an operator may have set for a role, a database or a whole PostgreSQL, with other programs in mind. */
const settings = {
  array_nulls: 'off',
  backslash_quote: 'off',
  bytea_output: 'escape',
  client_encoding: 'EUC_KR',
  client_min_messages: 'error',
  DateStyle: 'German',
  default_text_search_config: 'pg_catalog.german',
  default_transaction_deferrable: 'on',
  default_transaction_isolation: 'serializable',
  extra_float_digits: '-15',
  IntervalStyle: 'sql_standard',
  lc_numeric: 'C',
  lock_timeout: '1ms',
  plan_cache_mode: 'force_generic_plan',
  quote_all_identifiers: 'on',
  row_security: 'off',
  search_path: 'nowhere, public',
  standard_conforming_strings: 'off',
  TimeZone: 'Asia/Seoul',
  transform_null_equals: 'on',
  xmloption: 'document',
} as const

const given = async (naru: TestNaru, settings: Readonly<Record<string, string>>) => {
  const { sql } = naru.database
  const [row] = await sql<[{ database: string }]>`select current_database()::text as database`
  const database = sql(row.database)
  for (const [name, value] of Object.entries(settings))
    await sql.unsafe(`alter database "${row.database}" set ${name} = ${name === 'search_path' ? value : `'${value}'`}`)
  return { [Symbol.asyncDispose]: async () => void (await sql`alter database ${database} reset all`) }
}

/** What reads and writes times, bytes and arrays, and rows that several requests want at once. */
const useAll = async (server: TestNaru, store: TestStore, partnerId: string, orderName: string) => {
  const { api, portone } = server.clientsOf(store.apiSecret)
  const paymentId = `order-${orderName.replaceAll(' ', '-')}`
  assert.deepEqual(JSON.parse((await readiness(server.url)).text), { status: 'ready' })
  const paid = await portone.payment.payInstantly({
    paymentId,
    channelKey: store.channelKey,
    orderName,
    amount: { total: 4_500 },
    currency: 'KRW',
    method: { card: { credential: { number: '4242424242424242', expiryYear: '30', expiryMonth: '12' } } },
  })
  assert.ok(Date.parse(paid.payment.paidAt) > 0)
  const body = { partnerId, settlementAmount: 100, settlementDate: '2099-01-01', memo: orderName }
  const cancel = { path: { paymentId }, body: { amount: 100, reason: 'test' } }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => [
      api.send('createPlatformManualTransfer', { query: { test: true }, body }),
      api.send('cancelPayment', cancel),
    ]).flat(),
  )
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const payment = await api.call('getPayment', { path: { paymentId } })
  assert.equal(payment.status, 'PARTIAL_CANCELLED')
}

/** What Naru sets for itself. Behind a pooler that goes with each statement, so it is tried there too. */
const ours = Object.fromEntries(
  Object.entries(settings).filter(
    ([name]) => name in reliedOn || name in introduction || limitNames.some((limit) => limit === name),
  ),
)

describe('whatever the database sets for its sessions', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const partnerId = await newPartner(store)
  // A clock that stands still is read as a time by each request.
  before(() => store.api.call('stopSandboxClock'))

  // All at once: a server for each would take half a minute.
  test('requests are answered', async () => {
    await using _ = await given(naru, settings)
    const server = await naru.another()
    await useAll(server, store, partnerId, 'direct')
    await server.close()
  })

  test('requests are answered behind PgBouncer', withPgBouncer, async () => {
    await using _ = await given(naru, ours)
    await using pooler = await startPgBouncer(naru.database.url)
    const server = await naru.another(pooler.url)
    await useAll(server, store, partnerId, 'pooled')
    await server.close()
  })
})

describe('a search_path', async () => {
  // A session that is ended may say so, or its connection may be closed before who asks has heard of it.
  const expected = ['does not exist', 'The database cannot be reached.']
  const naru = await startNaru({ expects: (line) => expected.some((text) => line.includes(text)) })
  const { sql, url } = naru.database

  test('that does not lead to the tables is named by the server, the commands and the doctor', async () => {
    await using _ = await given(naru, { search_path: 'pg_catalog' })
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'naru' and pid <> pg_backend_pid()`
    const named = /schema "public".*search_path \(pg_catalog\).*set search_path = "public"/
    assert.match(JSON.parse((await readiness(naru.url)).text).message, named)
    await using fresh = opened(url)
    assert.match((await schemaProblem(fresh.sql)) ?? '', named)
    const findings = await examine(
      readConfiguration({ DATABASE_URL: url, NARU_ENCRYPTION_KEY: naru.encryptionKey }),
      fresh.sql,
    )
    assert.ok(findings.some(({ level, what }) => level === 'missing' && named.test(what)))
    assert.ok(findings.every(({ what }) => !what.includes('behind this version')))
  })

  test('that leads to a schema of its own is followed', async () => {
    await sql`create schema "Its own"`
    const server = await naru.another(`${url}&search_path=${encodeURIComponent('"Its own"')}`)
    assert.equal((await readiness(server.url)).status, 200)
    const [row] = await sql`select count(*) as payments from "Its own".payments`
    assert.deepEqual({ ...row }, { payments: 0 })
    await server.close()
  })
})

test('statements wait for locks as long as they may run, unless DATABASE_URL says otherwise', async () => {
  await using database = await createTestDatabase('empty')
  for (const [parameter, expected] of [
    ['', '0'],
    ['&lock_timeout=7s', '7s'],
  ] as const) {
    await using pool = opened(database.url + parameter)
    assert.deepEqual([...(await pool.sql`show lock_timeout`)], [{ lock_timeout: expected }])
  }
})

test('the locks of a transaction that nobody goes on with are given up before who waits for them is cancelled', async () => {
  await using database = await createTestDatabase('empty')
  await using pool = opened(withoutPatience(database.url))
  const [limits] = await pool.sql<[{ idle: number; statement: number }]>`
    select (select setting::integer from pg_settings where name = 'idle_in_transaction_session_timeout') as idle,
      (select setting::integer from pg_settings where name = 'statement_timeout') as statement`
  assert.ok(limits.idle > 0 && limits.idle < limits.statement, JSON.stringify(limits))
})

test('a setting that does not come through is named, with how to set it', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  assert.equal(await sessionProblem(sql), undefined)
  for (const [name, value, needed] of [
    ['bytea_output', 'escape', "bytea_output = 'hex'"],
    ['DateStyle', 'German', "DateStyle = 'ISO, MDY'"],
    ['TimeZone', 'Asia/Seoul', "TimeZone = 'UTC'"],
    ['transaction_isolation', 'serializable', "default_transaction_isolation = 'read committed'"],
  ] as const) {
    const problem = await sql.begin(
      name === 'transaction_isolation' ? `isolation level ${value}` : '',
      async (transaction) => {
        await transaction.unsafe(`set local ${name} = '${value}'`)
        return await sessionProblem(transaction)
      },
    )
    assert.match(problem ?? '', new RegExp(`have ${needed.split(' ')[0]} = '${value}.*set ${needed}`))
  }
})

const opened = (url: string) => {
  const sql = connect(url, { max: 1 })
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) }
}
