import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import test from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { listen } from '../../../test/support/listen.ts'
import { startTlsCluster } from '../../../test/support/tls-cluster.ts'
import { breakableWire } from '../../../test/support/wire.ts'
import { connect, type Sql } from '../connect.ts'
import { isPassing } from '../passing.ts'

const overTls = async () => {
  const cluster = await startTlsCluster()
  return { ...cluster, url: `${cluster.url}?sslmode=require` }
}

for (const [way, start] of [
  ['in the clear', () => createTestDatabase('empty')],
  ['over TLS', overTls],
] as const) {
  test(`${way}, a query that comes while a connection is being lost is rejected or answered, and waits for nothing`, async () => {
    await using server = await start()
    const watcher = connect(server.url, { max: 1 })
    await using wire = await breakableWire(server.url)
    const sql = connect(wire.url, { max: 1 })
    for (let round = 0; round < 5; round++) {
      await sql`select 1`
      const first = sql`select pg_sleep(60)`.execute()
      // It waits for the connection, and is given to the next.
      const second = sql`select 2 as two`.execute()
      // Right when the first is rejected, before the socket has closed, three more come.
      const late = first.catch(() => Promise.allSettled([sql`select 3`, sql`select 4`, sql`select 5`]))
      await isRunning(watcher, 'pg_sleep')
      wire.break()
      await assert.rejects(first, isPassing)
      const { promise: tooLate, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(() => reject(new Error('a query was never settled')), 240_000)
      await Promise.race([Promise.allSettled([second, late]), tooLate])
      await Promise.race([sql`select 6`.catch(() => sql`select 6`), tooLate])
      clearTimeout(timer)
    }
    await sql.end()
    await watcher.end()
  })

  test(`${way}, a connection that was lost while a query was being put to it is dialled again at once`, async () => {
    await using server = await start()
    const watcher = connect(server.url, { max: 1 })
    await using wire = await breakableWire(server.url)
    const sql = connect(wire.url, { max: 2 })
    for (let round = 0; round < 5; round++) {
      const lost = Array.from({ length: 2 }, () => sql`select pg_sleep(60)`.execute())
      // Right when the first is rejected, the other connection is closing too, and is given two of these.
      const late = Promise.race(lost).catch(() => Promise.allSettled([sql`select 2`, sql`select 3`, sql`select 4`]))
      await isRunning(watcher, 'pg_sleep', 2)
      wire.break()
      await Promise.allSettled([...lost, late])
      const after = await Promise.allSettled(Array.from({ length: 4 }, () => sql`select 5`))
      const problems = after.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))
      assert.deepEqual(problems, [])
    }
    await sql.end()
    await watcher.end()
  })

  test(`${way}, an answer that breaks off among its rows leaves nothing behind for the next`, async () => {
    await using server = await start()
    await using wire = await breakableWire(server.url)
    const sql = connect(wire.url, { max: 1 })
    const next = async () => [...(await sql`select 5 as five`)]

    await assert.rejects(sql`select 1 / (900 - n) from generate_series(1, 1000) n`, { code: '22012' })
    assert.deepEqual(await next(), [{ five: 5 }])

    for (const row of [50, 150]) {
      const slices = sql`select 1 / (${row}::int - n) from generate_series(1, 1000) n`.cursor(100, () => undefined)
      await assert.rejects(slices, { code: '22012' })
      assert.deepEqual(await next(), [{ five: 5 }])
      assert.deepEqual(await next(), [{ five: 5 }])
    }

    for (const bytes of [10_000, 50_000]) {
      wire.breakOffAfter(bytes)
      await assert.rejects(sql`select n, repeat('.', 100) from generate_series(1, 3000) n`, isPassing)
      assert.deepEqual(await next(), [{ five: 5 }])
    }
    await sql.end()
  })
}

for (const [what, treat] of [
  ['ends', (socket: Socket) => socket.end()],
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
] as const) {
  test(`a server that ${what} each connection at once makes a query fail, rather than dial for ever`, async () => {
    const server = createServer(treat)
    const sql = connect(`postgres://naru@127.0.0.1:${await listen(server)}/naru`, { max: 1 })
    await assert.rejects(sql`select 1`, isPassing)
    await sql.end()
    server.close()
  })
}

/** Waits until so many sessions work on a statement that contains the text. */
const isRunning = async (sql: Sql, text: string, sessions = 1): Promise<void> => {
  for (;;) {
    const rows = await sql`
      select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and state = 'active' and position(${text} in query) > 0`
    if (rows.length >= sessions) return
  }
}
