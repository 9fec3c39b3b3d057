import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import test from 'node:test'
import { withConnection } from '../../../test/support/cluster.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { listen } from '../../../test/support/listen.ts'
import { startTlsCluster } from '../../../test/support/tls-cluster.ts'
import { breakableWire } from '../../../test/support/wire.ts'
import { connect } from '../connect.ts'
import { isPassing } from '../passing.ts'

test('of several servers each is tried before a query fails', async () => {
  await using database = await createTestDatabase('empty')
  await using wire = await breakableWire(database.url)
  const sql = connect(wire.url.replace('127.0.0.1:', `127.0.0.1:${await unusedPort()},127.0.0.1:`), { max: 2 })
  // Two connections: either server is the first to be tried once.
  const answers = await Promise.all([sql`select 1 as one`, sql`select 1 as one`])
  assert.deepEqual(answers.flat(), [{ one: 1 }, { one: 1 }])
  await sql.end()
})

test('of several servers that one is used which can be written to', async () => {
  await using reader = await startTlsCluster()
  await withConnection(reader.url, (sql) => sql`alter database postgres set default_transaction_read_only = on`)
  await using database = await createTestDatabase('empty')
  await using writer = await breakableWire(database.url)
  const readerHost = `127.0.0.1:${new URL(reader.url).port}`
  const both = `postgres://naru@${readerHost},127.0.0.1:${writer.port}/postgres?sslmode=prefer`

  const sql = connect(`${both}&target_session_attrs=read-write`, { max: 4 })
  const writes = () => sql`select current_setting('transaction_read_only') as only`
  const answers = await Promise.all([...Array.from({ length: 8 }, writes), sql.begin(writes)])
  assert.deepEqual([...new Set(answers.flat().map(({ only }) => only))], ['off'])
  await sql.end()

  // A second one of its kind; and one that is away, as a primary is until a standby has been promoted.
  for (const other of [readerHost, `127.0.0.1:${await unusedPort()}`]) {
    const none = connect(`postgres://naru@${other},${readerHost}/postgres?target_session_attrs=read-write`)
    await assert.rejects(none`select 1`, /None of the reachable database servers is read-write/)
    await none.end()
  }
})

test('a server that does not answer leaves time for the next', async () => {
  await using database = await createTestDatabase('empty')
  await using wire = await breakableWire(database.url)
  const silent = createServer(() => {})
  const hosts = `127.0.0.1:${await listen(silent)},127.0.0.1:`
  const sql = connect(`${wire.url.replace('127.0.0.1:', hosts)}?sslmode=prefer`, { max: 1 })
  assert.deepEqual([...(await sql`select 1 as one`)], [{ one: 1 }])
  await sql.end()
  silent.close()
})

test('what is wrong with each server is told where none can be used', async () => {
  await using database = await createTestDatabase('empty')
  await using wire = await breakableWire(database.url)
  const refusing = await unusedPort()
  const hosts = `127.0.0.1:${refusing},127.0.0.1:`
  const sql = connect(`${wire.url.replace('127.0.0.1:', hosts)}?sslmode=require`, { max: 1 })
  const failure = await sql`select 1`.catch((error: unknown) => error)
  await sql.end()
  assert.match(String(failure), new RegExp(`ECONNREFUSED 127.0.0.1:${refusing}.* does not support TLS`))
  assert.ok(isPassing(failure), 'one of them may come back')
})

const unusedPort = async (): Promise<number> => {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
