import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../test/support/database.ts'
import { readiness } from '../test/support/readiness.ts'
import { breakableWire } from '../test/support/wire.ts'
import type { Configuration } from './configuration.ts'
import { startServer } from './server.ts'

const start = (databaseUrl: string, write: (line: string) => void, configured: Partial<Configuration> = {}) =>
  startServer(
    {
      port: 0,
      host: '127.0.0.1',
      databaseUrl,
      dataDirectory: '/nowhere',
      encryptionKey: randomBytes(32).toString('base64'),
      logLevel: 'warn',
      allowedTargets: [],
      sandbox: {},
      ...configured,
    },
    { log: pino({ level: 'warn' }, { write }) },
  )

test('a server waits for a database that comes up after it, and says so once', async (context) => {
  await using database = await createTestDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'naru-late-'))
  context.after(() => rm(directory, { recursive: true }))
  const url = new URL(database.url)
  const socketDirectory = url.searchParams.get('host') ?? ''
  const late = join(directory, 'postgres')
  url.searchParams.set('host', late)
  const lines: string[] = []
  const waiting = Promise.withResolvers<void>()
  const starting = start(url.href, (line) => {
    lines.push(line)
    waiting.resolve()
  })
  await waiting.promise
  await symlink(socketDirectory, late)
  const server = await starting
  context.after(() => server.close())
  assert.equal((await readiness(server.url)).status, 200)
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /does not answer yet/)
})

test('a connection that is lost at any point of the start does not end it', async () => {
  const lines: string[] = []
  for (const bytes of [4_000, 8_000]) {
    await using database = await createTestDatabase()
    await using wire = await breakableWire(database.url)
    wire.breakOffAfter(bytes)
    const server = await start(wire.url, (line) => lines.push(line))
    try {
      assert.equal((await readiness(server.url)).status, 200)
    } finally {
      await server.close()
    }
  }
  assert.ok(
    lines.some((line) => line.includes('does not answer yet')),
    'none was lost',
  )
})

test('a database that refuses us is not waited for', async () => {
  await using database = await createTestDatabase()
  const url = new URL(database.url)
  url.pathname = '/no-such-database'
  const lines: string[] = []
  await assert.rejects(
    start(url.href, (line) => lines.push(line)),
    /no-such-database/,
  )
  assert.deepEqual(lines, [])
})

test("no sandbox store comes into being in a database of one's own, unless it is asked for", async () => {
  await using database = await createTestDatabase()
  const plain = await start(database.url, () => undefined)
  assert.equal(plain.sandbox, undefined)
  await plain.close()
  assert.equal((await database.sql`select from stores`).count, 0)
})

test('a webhook URL that the server will not call is told of at the start', async (context) => {
  await using database = await createTestDatabase()
  const told = Promise.withResolvers<string>()
  const sandbox = { webhookUrl: 'http://127.0.0.1:3000/webhook' }
  const server = await start(database.url, told.resolve, { guardsSandbox: true, sandbox })
  context.after(() => server.close())
  assert.match(await told.promise, /NARU_WEBHOOK_URL will not be delivered: .*NARU_WEBHOOK_ALLOWED_TARGETS/)
})

test('the document gives no example with a notice URL that the server refuses', async () => {
  await using database = await createTestDatabase()
  const encryptionKey = randomBytes(32).toString('base64')
  const examples = async (configured: Partial<Configuration>) => {
    const server = await start(database.url, () => undefined, { encryptionKey, ...configured })
    try {
      const document = await (await fetch(`${server.url}/openapi.json`)).text()
      return [...document.matchAll(/"noticeUrls":(\[[^\]]*\])/g)].map(([, urls]) => urls)
    } finally {
      await server.close()
    }
  }
  const shown = ['["http://localhost:3000/webhook"]']
  assert.deepEqual(await examples({}), shown)
  assert.deepEqual(await examples({ guardsSandbox: true }), [])
  assert.deepEqual(await examples({ guardsSandbox: true, allowedTargets: ['localhost'] }), shown)
})
