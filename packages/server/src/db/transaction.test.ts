import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { breakableWire } from '../../test/support/wire.ts'
import { connect, type Sql } from './connect.ts'

test('transactions one after the other run on one connection, which is closed when none comes', async (context) => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { applicationName: 'one after the other' })
  const { timers } = context.mock
  // The driver dials by a timer, so that time stops only then.
  const first = await sessionOf(sql, () => timers.enable({ apis: ['setTimeout'] }))
  assert.equal(await sessionOf(sql), first)
  timers.tick(10_000)
  timers.reset()
  await untilNoneIsCalled('one after the other', database.sql)
  assert.notEqual(await sessionOf(sql, () => timers.enable({ apis: ['setTimeout'] })), first)
  await sql.end()
  timers.reset()
  await untilNoneIsCalled('one after the other', database.sql)
})

test('a transaction that fails takes its connection with it', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const first = await sessionOf(sql)
  const failing = sql.begin(async (transaction) => {
    assert.equal((await transaction<[{ id: number }]>`select pg_backend_pid() as id`)[0].id, first)
    throw new Error('second thoughts')
  })
  await assert.rejects(failing, /second thoughts/)
  assert.notEqual(await sessionOf(sql), first)
})

test('a connection is used for transactions no longer than its lifetime', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { lifetime: 0.05 })
  const first = await sessionOf(sql)
  while ((await sessionOf(sql)) === first);
  await sql.end()
})

test('a kept connection that is lost is replaced, also where that shows only as a transaction begins', async () => {
  await using database = await createTestDatabase('empty')
  await using wire = await breakableWire(database.url)
  const sql = connect(wire.url)
  const first = await sessionOf(sql)
  wire.break()
  assert.notEqual(await sessionOf(sql), first)
  await sql.end()
})

test('a transaction that is committed asks nothing more: that would run in the next one on its connection', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const [over] = await sql.begin(async (transaction) => [transaction] as const)
  for (const ask of [() => over`select 1`, () => over.unsafe('select 1')])
    assert.throws(ask, /This transaction is over/)
})

test('what a transaction, or a migration before it, has changed of a table is read as it is then', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table things (number integer)`
  await sql`insert into things values (1)`
  const read = (sql: Sql) => sql`select * from things where number = ${1}`
  const rows = await sql.begin(async (transaction) => {
    const before = await read(transaction)
    await transaction`alter table things add column note text`
    return [...before, ...(await read(transaction))]
  })
  await sql`alter table things add column remark text`
  const later = await sql.begin(async (transaction) => await read(transaction))
  assert.deepEqual(
    [...rows, ...later].map((row) => Object.keys(row)),
    [['number'], ['number', 'note'], ['number', 'note', 'remark']],
  )
})

/** The PostgreSQL process that a transaction runs in. */
const sessionOf = (sql: Sql, meanwhile = () => {}): Promise<number> =>
  sql.begin(async (transaction) => {
    const asked = transaction<[{ id: number }]>`select pg_backend_pid() as id`.execute()
    // While it is under way, and so is sent: the driver could not stop a timer of an idle connection that began before time stood still.
    await Promise.resolve()
    meanwhile()
    const [{ id }] = await asked
    return id
  })

const untilNoneIsCalled = async (applicationName: string, sql: Sql): Promise<void> => {
  while ((await sql`select from pg_stat_activity where application_name = ${applicationName}`).length > 0);
}
