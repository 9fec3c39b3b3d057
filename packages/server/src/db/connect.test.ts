import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import test from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { withoutPatience } from '../../test/support/cluster.ts'
import { createTestDatabase, type TestDatabase, untilSomebodyWaits } from '../../test/support/database.ts'
import { listen } from '../../test/support/listen.ts'
import { connect, untilAnswered, untilReachable } from './connect.ts'
import { isPassing } from './passing.ts'

test('numbers, instants, dates and documents come back as they went', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table things (amount bigint, at timestamptz, day date, times timestamptz[], data jsonb)`
  const thing = {
    amount: 9_007_199_254_740_991,
    at: 1_790_000_000_123,
    day: '2026-02-28',
    times: [0, -62_135_596_800_000],
    data: { at: 1 },
  }
  await sql`insert into things ${sql({ ...thing, data: sql.json(thing.data) })}`
  const [row] =
    await sql`select * from things where at = ${thing.at} and at = any(${[thing.at]}) and day = ${thing.day}`
  assert.deepEqual({ ...row }, thing)
})

test('arrays of text come back as they went, whatever is in them', async () => {
  await using database = await createTestDatabase('empty')
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.oneof(text, fc.constantFrom('NULL', '', '"', '\\', '{,}')))),
      async (values) => {
        const [row] = await database.sql`select ${values}::text[] as values`
        assert.deepEqual(row?.values, values)
      },
    ),
  )
})

test('a number beyond the safe integers is refused rather than rounded', async () => {
  await using database = await createTestDatabase('empty')
  await assert.rejects(database.sql`select 9007199254740992::bigint`, /9007199254740992, which is not a safe integer/)
})

test('queries on a lost connection are rejected and later ones dial again', async () => {
  await using database = await createTestDatabase('empty')
  const sleeping = assert.rejects(database.sql`select pg_sleep(60)`, isPassing)
  await terminateOthers(database, 'pg_sleep')
  await sleeping
  assert.deepEqual([...(await database.sql`select 1 as one`)], [{ one: 1 }])
})

test('a transaction is committed whole or not at all', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table things (number integer)`
  const result = await sql.begin(async (transaction) => {
    await transaction`insert into things values (1)`
    return 'committed'
  })
  assert.equal(result, 'committed')
  const failing = sql.begin(async (transaction) => {
    await transaction`insert into things values (2)`
    throw new Error('second thoughts')
  })
  await assert.rejects(failing, /second thoughts/)
  assert.deepEqual([...(await sql`select number from things`)], [{ number: 1 }])
})

test('a transaction whose connection is lost is rejected, and nothing of it runs on another connection', async () => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await sql`create table things (number integer)`
  const started = Promise.withResolvers<void>()
  const lost = Promise.withResolvers<void>()
  const afterwards = Promise.withResolvers<unknown>()
  const transaction = sql.begin(async (inside) => {
    await inside`insert into things values (1) /* lost */`
    started.resolve()
    await lost.promise
    // What a caller does that has not noticed yet.
    afterwards.resolve(await Promise.allSettled([2, 3].map((number) => inside`insert into things values (${number})`)))
  })
  const rejected = assert.rejects(transaction, isPassing)
  await started.promise
  await terminateOthers(database, '/* lost */')
  await rejected
  lost.resolve()
  await afterwards.promise
  assert.deepEqual([...(await sql`select number from things`)], [])
})

test('no statement waits behind one that waits for a lock, while other connections are free', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 2 })
  await sql`create table things (number integer)`
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holding = database.sql.begin(async (transaction) => {
    await transaction`lock table things`
    held.resolve()
    await release.promise
  })
  await held.promise
  const blocked = sql`select from things`.then(() => 'read')
  await untilSomebodyWaits(database.sql)
  const others = Array.from(
    { length: 20 },
    (_, number) => sql<[{ number: number }]>`select ${number}::integer as number`,
  )
  const rows = await Promise.all(others)
  assert.deepEqual(
    rows.map(([row]) => row.number),
    Array.from({ length: 20 }, (_, number) => number),
  )
  release.resolve()
  await holding
  assert.equal(await blocked, 'read')
  await sql.end()
})

test('a burst of transactions opens no more connections than the pool may have', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 3, applicationName: 'burst of transactions' })
  const counted = await Promise.all(
    Array.from({ length: 20 }, () =>
      sql.begin(async (transaction) => {
        const [row] = await transaction<[{ count: number }]>`
          select count(*)::integer from pg_stat_activity where application_name = 'burst of transactions' and state <> 'idle'`
        return row.count
      }),
    ),
  )
  assert.equal(counted.length, 20)
  assert(Math.max(...counted) <= 3, `${Math.max(...counted)} at a time`)
  const inside = sql.begin(async () => await sql.begin(async () => 'begun'))
  await assert.rejects(inside, /runs inside a transaction/)
  const joined = await sql.begin(async (transaction) => await transaction.begin(async () => 'joined'))
  assert.equal(joined, 'joined')
  await sql.end()
})

test('a prepared statement that a migration or a reset invalidates is repeated with what it was given', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 2 })
  await sql`create table things (number bigint, at timestamptz, names text[], data jsonb)`
  const insert = (number: number) => sql`
    insert into things (number, at, names, data)
    values (${number}, ${number}, ${[`${number}`]}::text[], ${sql.json({ number })}) returning *`
  const given = (number: number) => ({ number, at: number, names: [`${number}`], data: { number } })
  let last = 0
  // More at a time than there are connections: a statement is repeated while others are under way.
  const insertMany = async () => {
    const numbers = Array.from({ length: 40 }, () => ++last)
    const rows = await Promise.all(numbers.map(insert))
    return [rows.map(([row]) => ({ ...row })), numbers.map(given)] as const
  }
  const onBoth = (statement: string) => Promise.all([sql.unsafe(statement), sql.unsafe(statement)])
  assert.deepEqual(...(await insertMany()))
  await onBoth('discard all')
  assert.deepEqual(...(await insertMany()))
  await database.sql`alter table things add column note text default 'none'`
  const [rows, expected] = await insertMany()
  assert.deepEqual(
    rows,
    expected.map((row) => ({ ...row, note: 'none' })),
  )
  const [stored] = await sql`
    select count(*), count(distinct number) as numbers, bool_and(jsonb_typeof(data) = 'object') as whole from things`
  assert.deepEqual({ ...stored }, { count: 120, numbers: 120, whole: true })
  await sql.end()
})

test('a query gets its own rows while another on the same connection is repeated', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 1 })
  await sql`create table things (number integer)`
  await sql`insert into things values (-1)`
  const invalidated = () => sql<{ number: number }[]>`select * from things where number = ${-1}`
  const other = (number: number) => sql<{ number: number }[]>`select ${number}::integer as number`
  await Promise.all([invalidated(), other(0)])
  for (let round = 0; round < 5; round++) {
    await database.sql`alter table things add column ${database.sql(`note${round}`)} text`
    const asked = [Promise.resolve(invalidated())]
    // In as many turns of the loop, so that some of them come while the statement is being prepared again.
    for (let number = 0; number < 30; number++) {
      await nextTurn()
      asked.push(Promise.resolve(other(number)))
    }
    const numbers = (await Promise.all(asked)).map(([row]) => row?.number)
    assert.deepEqual(numbers, [-1, ...Array.from({ length: 30 }, (_, number) => number)])
  }
  await sql.end()
})

test('a statement that runs too long is ended by the server', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(withoutPatience(database.url), { max: 1, statementTimeout: 20 })
  await assert.rejects(sql`select pg_sleep(60)`, /statement timeout/)
  await sql.end()
})

test('connections that a burst opened are given back, however often the few that are needed are used', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { max: 10, lifetime: 0.4, applicationName: 'burst' })
  const opened = async () => {
    const [row] = await sql<[{ count: number }]>`
      select count(*)::integer from pg_stat_activity where application_name = 'burst' and datname = current_database()`
    return row.count
  }
  const burst = await Promise.all(
    Array.from({ length: 10 }, () => sql`select pg_backend_pid() as id from pg_sleep(0.01)`),
  )
  assert.equal(new Set(burst.map(([row]) => row?.id)).size, 10)
  while ((await opened()) > 2);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, number) => sql`select ${number}::integer as number`))
  assert.deepEqual(
    answers.flat(),
    Array.from({ length: 10 }, (_, number) => ({ number })),
  )
  await sql.end()
})

test('waiting for a database gives up with what the last attempt said', async () => {
  const server = createServer((socket) => socket.destroy())
  const port = await listen(server)
  server.close()
  const sql = connect(`postgres://naru@127.0.0.1:${port}/naru`)
  await assert.rejects(untilReachable(sql, { seconds: 0.5 }), { code: 'ECONNREFUSED' })
  await sql.end()
})

test('a wait that is called off while it asks says nothing of waiting any more', async () => {
  const calledOff = new AbortController()
  const said: unknown[] = []
  const lost = Object.assign(new Error('the connection ended'), { code: 'CONNECTION_CLOSED' })
  const ask = () => {
    calledOff.abort(new Error('stopped'))
    return Promise.reject(lost)
  }
  const waiting = untilAnswered(ask, { signal: calledOff.signal, onWaiting: (error) => said.push(error) })
  await assert.rejects(waiting, /stopped/)
  assert.deepEqual(said, [])
})

/** Ends the sessions whose latest statement contains the text, as soon as there is one. */
const terminateOthers = async ({ url }: TestDatabase, text: string): Promise<void> => {
  const sql = connect(url, { max: 1 })
  let ended = 0
  while (ended === 0) {
    const rows = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and position(${text} in query) > 0`
    ended = rows.length
  }
  await sql.end()
}

test('a strict pool refuses what is asked through it inside a transaction, but not what the transaction asks by its fragments', async () => {
  await using database = await createTestDatabase('empty')
  const sql = connect(database.url, { isStrict: true })
  try {
    const asked = sql.begin(async (transaction) => {
      const two = sql`2`
      assert.equal((await transaction`select 1 + ${two} as sum`)[0]?.sum, 3)
      return await sql`select 1`
    })
    await assert.rejects(asked, /through the pool inside a transaction/)
    assert.equal((await sql`select 1 as one`)[0]?.one, 1)
    // Another pool's transactions are none of its business.
    const [row] = await database.sql.begin(() => sql`select 1 as one`)
    assert.equal(row?.one, 1)
  } finally {
    await sql.end()
  }
})
