import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import { type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { type RunningServer, startServer } from '../src/server.ts'
import { createTestDatabase } from './support/database.ts'
import { readiness } from './support/readiness.ts'
import { breakableWire } from './support/wire.ts'

const start = async (
  context: TestContext,
  databaseUrl: string,
): Promise<RunningServer & { stopNow(): Promise<void> }> => {
  const configuration = {
    port: 0,
    host: '127.0.0.1',
    databaseUrl,
    dataDirectory: '/nowhere',
    encryptionKey: randomBytes(32).toString('base64'),
    // Longer than any test: it is cut short.
    shutdownDelay: 3_600_000,
    logLevel: 'silent',
    allowedTargets: [],
    sandbox: {},
  } as const
  const server = await startServer(configuration, { log: pino({ level: 'silent' }) })
  const stopNow = () => server.close(AbortSignal.abort())
  context.after(stopNow)
  return { ...server, stopNow }
}

type Answer = { readonly status: number | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }

const ask = (url: string, agent?: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent, signal: AbortSignal.timeout(240_000) }, async (response) => {
      const body = (await response.setEncoding('utf8').toArray()).join('')
      resolve({ status: response.statusCode, headers: response.headers, body })
    })
    request.on('error', reject)
  })

test('a server that is told to stop says so first, and answers until nobody asks any more', async (context) => {
  await using database = await createTestDatabase()
  const server = await start(context, database.url)
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  context.after(() => kept.destroy())
  assert.equal((await ask(`${server.url}/readyz`, kept)).headers.connection, 'keep-alive')

  const hurry = new AbortController()
  const closed = server.close(hurry.signal)
  // On the connection that the proxy had kept, and on one that it opens before it has looked at /readyz.
  for (const agent of [kept, undefined]) {
    const { status, headers } = await ask(`${server.url}/healthz`, agent)
    assert.deepEqual([status, headers.connection], [200, 'close'])
  }
  const { status, body } = await ask(`${server.url}/readyz`)
  assert.equal(status, 503)
  assert.match(body, /about to stop/)
  hurry.abort()
  await closed
  await assert.rejects(ask(`${server.url}/healthz`), { code: 'ECONNREFUSED' })
})

test('a database that stands still makes the server unready, soon', async (context) => {
  await using database = await createTestDatabase()
  await using wire = await breakableWire(database.url)
  const server = await start(context, wire.url)
  assert.equal((await readiness(server.url)).status, 200)
  wire.hold()
  // More often than there are connections.
  for (let probes = 0; probes < 3; probes++) {
    const { status, body } = await ask(`${server.url}/readyz`)
    assert.equal(status, 503)
    assert.match(body, /did not answer within/)
  }
  await server.stopNow()
})

for (const [what, setting, message] of [
  ['is read-only', 'default_transaction_read_only = on', /read-only: .*alter database .* reset/],
  // As a full disk does, it lets no file grow.
  ['cannot write to its disk', 'temp_file_limit = 1', /cannot be written to/],
] as const)
  test(`a database that ${what} makes the server unready`, async (context) => {
    await using database = await createTestDatabase()
    const server = await start(context, database.url)
    assert.equal((await readiness(server.url)).status, 200)
    const { sql } = database
    await sql.unsafe(`do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$`)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    const { status, text } = await readiness(server.url)
    assert.equal(status, 503)
    assert.match(text, message)
  })
