import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { connect, type Sql } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'
import { isPassing } from '../src/db/passing.ts'
import { statementLimitProblem } from '../src/db/statement-limit.ts'
import { transactionProblem } from '../src/db/transaction-problem.ts'
import { createTestDatabase } from './support/database.ts'
import { startNaru } from './support/naru.ts'
import { countOf, untilExecuted } from './support/parallel.ts'
import { type PgBouncer, startPgBouncer, withPgBouncer } from './support/pgbouncer.ts'
import { order } from './support/requests.ts'

describe('behind PgBouncer in transaction mode', withPgBouncer, async () => {
  const naru = await startNaru()
  const pooler = await startPgBouncer(naru.database.url)
  after(() => pooler[Symbol.asyncDispose]())

  test('a server takes payments, and gives them back', async () => {
    const pooled = await naru.another(pooler.url)
    const store = await pooled.newStore()
    const paths = Array.from({ length: 40 }, (_, index) => ({ paymentId: `order-${index}` }))
    const pay = (path: { paymentId: string }) => store.api.send('payInstantly', { path, body: order(store.channelKey) })
    const cancel = (path: { paymentId: string }) => store.api.send('cancelPayment', { path, body: { reason: 'test' } })
    for (const send of [pay, cancel]) {
      const answers = await Promise.all(paths.map((path) => untilExecuted(() => send(path))))
      assert.deepEqual(countOf(answers), { '200': paths.length })
    }
    const payments = await Promise.all(paths.map((path) => store.api.call('getPayment', { path })))
    assert.deepEqual(new Set(payments.map(({ status }) => status)), new Set(['CANCELLED']))
  })

  test('a database is migrated', async () => {
    await using empty = await createTestDatabase('empty')
    await using pool = await openPool(pooler, { url: empty.url })
    assert.ok((await migrate(pool.sql)).length > 0)
  })

  test('queries that run at once, and some of which fail, each get their own answer', async () => {
    await using pool = await openPool(pooler)
    const { sql } = pool
    const ask = (number: number) =>
      sql`select 12 / ${number % 5}::integer as answer, ${sql.json({ number })}::jsonb as data`
    const settled = await Promise.allSettled(Array.from({ length: 200 }, (_, number) => ask(number)))
    for (const [number, result] of settled.entries()) {
      if (number % 5 === 0) assert.match(String(result.status === 'rejected' && result.reason), /division by zero/)
      else {
        assert.ok(result.status === 'fulfilled')
        assert.deepEqual([...result.value], [{ answer: Math.floor(12 / (number % 5)), data: { number } }])
      }
    }
  })

  test('statements and transactions have their limits, which stay with nobody else', async () => {
    await using pool = await openPool(pooler, { statementTimeout: 500 })
    const { sql } = pool
    await assert.rejects(sql`select pg_sleep(60)`, /statement timeout/)
    await assert.rejects(sql`select pg_sleep(${60})`, /statement timeout/)
    const limits = (queryable: Pick<Sql, 'unsafe'>) =>
      queryable.unsafe(`
        select current_setting('statement_timeout') as statement,
               current_setting('idle_in_transaction_session_timeout') as idle`)
    assert.equal(await statementLimitProblem(sql), undefined)
    assert.deepEqual([...(await sql.begin(limits))], [{ statement: '500ms', idle: '20s' }])
    // A text without parameters gets no limits, and so shows what the session has.
    const left = await Promise.all(Array.from({ length: 10 }, () => limits(sql)))
    assert.deepEqual(new Set(left.flat().map(({ statement, idle }) => `${statement} ${idle}`)), new Set(['0 0']))
  })

  test('a transaction is rolled back where it fails, and the pool goes on', async () => {
    await using pool = await openPool(pooler)
    const { sql } = pool
    const failing = sql.begin(async (transaction) => {
      await transaction`create table half_done (number integer)`
      await transaction`select 1 / ${0}::integer`
    })
    await assert.rejects(failing, /division by zero/)
    assert.deepEqual([...(await sql`select to_regclass('half_done') as table`)], [{ table: null }])
  })

  test('a query whose session is lost behind the pooler is rejected as one that may pass', async () => {
    await using pool = await openPool(pooler)
    const { sql } = pool
    const lost = assert.rejects(sql`select pg_sleep(60) /* behind the pooler */`, isPassing)
    let ended = 0
    while (ended === 0) {
      const rows = await naru.database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query like '%/* behind the pooler */%'`
      ended = rows.length
    }
    await lost
    assert.deepEqual([...(await sql`select ${1}::integer as one`)], [{ one: 1 }])
  })
})

test('a pooler in statement mode is named where a transaction begins', withPgBouncer, async () => {
  await using database = await createTestDatabase()
  await using pooler = await startPgBouncer(database.url, 'statement')
  await using pool = await openPool(pooler)
  await assert.rejects(
    pool.sql.begin((transaction) => transaction`select 1`),
    (error: Error) => isPassing(error) && error.message.includes('set pool_mode = transaction'),
  )
  assert.match((await transactionProblem(pool.sql)) ?? '', /set pool_mode = transaction/)
  assert.equal(await transactionProblem(database.sql), undefined)
})

type PoolOptions = { readonly url?: string; readonly statementTimeout?: number }

const openPool = async ({ url }: PgBouncer, { url: database, ...options }: PoolOptions = {}) => {
  const sql = connect(database === undefined ? url : url.replace(/[^/]*$/, new URL(database).pathname.slice(1)), {
    max: 10,
    ...options,
  })
  await sql`select 1`
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) }
}
