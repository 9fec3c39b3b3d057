import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile, watch, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { pino } from 'pino'
import { startServer } from '../src/server.ts'
import { apiOf } from './support/api.ts'
import { createTestDatabase } from './support/database.ts'
import { listen } from './support/listen.ts'
import {
  filledDataDirectory,
  hasPostgres,
  naru,
  npmRunNaru,
  Program,
  temporaryDataDirectory,
} from './support/program.ts'
import { order } from './support/requests.ts'

const apiSecret = 'a-secret-for-stopping'

test('Ctrl+C under npm, which passes it on once more, lets a payment under way finish and stops PostgreSQL', async (context) => {
  const dataDirectory = await filledDataDirectory(context)
  const environment = { NARU_DATA_DIR: dataDirectory, NARU_API_SECRET: apiSecret, NARU_CHANNEL_KEY: 'channel' }
  const program = new Program([...npmRunNaru, 'serve'], environment)
  const url = await program.url()
  const headers = { authorization: `PortOne ${apiSecret}`, 'naru-test-code': 'slow-10' }
  const card = { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } }
  const payment = {
    channelKey: 'channel',
    orderName: 'Slow',
    amount: { total: 1000 },
    currency: 'KRW',
    method: { card },
  }
  const paying = fetch(`${url}/payments/slow/instant`, { method: 'POST', headers, body: JSON.stringify(payment) })
  while (!(await fetch(`${url}/payments/slow`, { headers })).ok);
  program.signalGroup('SIGINT')
  const { status, headers: answered } = await paying
  // The client would keep the connection, and the server wait for it.
  assert.deepEqual([status, answered.get('connection')], [200, 'close'])
  await program.ended
  assert.equal(hasPostgres(dataDirectory), false)
  assert.match(program.text, /SIGINT: finishing requests under way/)
})

test('a payment whose result is in doubt is answered before the server is gone, and another server goes on with it', async () => {
  await using database = await createTestDatabase('empty')
  const encryptionKey = 'a'.repeat(64)
  const program = new Program([...naru, 'serve'], {
    DATABASE_URL: database.url,
    NARU_ENCRYPTION_KEY: encryptionKey,
    NARU_SHUTDOWN_DELAY: '0',
    NARU_API_SECRET: apiSecret,
    NARU_CHANNEL_KEY: 'channel',
  })
  const url = await program.url()
  const { call, send } = apiOf(url, apiSecret)
  // So that the doubt lasts however long the test takes.
  await call('stopSandboxClock')
  const body = order('channel', { total: 990_005 })
  const lost = { path: { paymentId: 'in-doubt' }, body, idempotencyKey: 'a-payment-in-doubt' }
  const paying = send('payInstantly', lost)
  while ((await send('getPayment', { path: lost.path })).status !== 200);
  program.child.kill('SIGTERM')
  const inDoubt = [502, 'NARU_RESULT_UNKNOWN']
  const answered = await paying
  assert.deepEqual([answered.status, JSON.parse(answered.text).pgCode], inDoubt)
  assert.equal(await program.ended, 0)
  assert.doesNotMatch(program.text, /"level":50/)

  const other = await startServer(
    {
      port: 0,
      host: '127.0.0.1',
      databaseUrl: database.url,
      dataDirectory: '/nowhere',
      encryptionKey,
      logLevel: 'silent',
      allowedTargets: [],
      sandbox: { apiSecret },
    },
    { log: pino({ level: 'silent' }), patience: 1 },
  )
  const again = await apiOf(other.url, apiSecret).send('payInstantly', lost)
  await other.close()
  assert.deepEqual([again.status, JSON.parse(again.text).pgCode], inDoubt)
})

test('a server whose npm is killed stops by itself', async (context) => {
  const dataDirectory = await filledDataDirectory(context)
  const program = new Program([...npmRunNaru, 'serve'], { NARU_DATA_DIR: dataDirectory })
  await program.url()
  program.child.kill('SIGKILL')
  await program.ended
  assert.equal(hasPostgres(dataDirectory), false)
})

test('a closed terminal is an ordered end, although nobody reads what is said', async (context) => {
  const dataDirectory = await filledDataDirectory(context)
  const program = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory })
  await program.url()
  program.child.stdout?.destroy()
  program.child.stderr?.destroy()
  const exited = once(program.child, 'exit')
  program.signalGroup('SIGHUP')
  assert.deepEqual(await exited, [0, null])
  assert.equal(hasPostgres(dataDirectory), false)
})

test('a signal during the first start calls it off and leaves nothing behind', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  const changes = watch(dataDirectory, { signal: context.signal })
  const program = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory })
  for await (const { filename } of changes) if (filename?.startsWith('postgres-unfinished')) break
  program.signalGroup('SIGTERM')
  assert.equal(await program.ended, 0)
  assert.deepEqual(await readdir(dataDirectory), [])
  assert.match(program.text, /SIGTERM: stopped before it was ready/)
})

test('a start that fails ends, and says why last', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  const occupier = createServer()
  const port = await listen(occupier)
  context.after(() => occupier.close())
  for (const [environment, message] of [
    [{ PORT: String(port) }, new RegExp(`^naru: The port ${port} of 127.0.0.1 is taken by .*${process.pid}.*PORT`)],
    [{ HOST: '192.0.2.1' }, /^naru: HOST is "192\.0\.2\.1", which is not an address of this machine/],
    [{ HOST: 'no-such-host.invalid' }, /^naru: HOST is "no-such-host\.invalid"/],
  ] as const) {
    const program = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory, ...environment })
    assert.equal(await program.ended, 1)
    assert.match(program.text.trim().split('\n').at(-1) ?? '', message)
    assert.doesNotMatch(program.text, /could not look for due work/)
    assert.equal(hasPostgres(dataDirectory), false)
  }
  // The secrets that the first one made are not lost: the next one finishes it.
  const program = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory })
  const url = await program.url()
  const credentials = JSON.parse(await readFile(`${dataDirectory}/credentials.json`, 'utf8'))
  assert.equal(credentials.url, url)
  const [, apiSecret] = await program.says(/API secret +(\S+)/)
  assert.equal(credentials.apiSecret, apiSecret)
  const answer = await fetch(`${url}/payments/none`, { headers: { authorization: `PortOne ${apiSecret}` } })
  assert.equal(answer.status, 404)
  program.signalGroup('SIGTERM')
  assert.equal(await program.ended, 0)
})

test('a corrupt credentials.json is named, and one of another database is left alone', async (context) => {
  const dataDirectory = await temporaryDataDirectory(context)
  await writeFile(`${dataDirectory}/credentials.json`, '{"half')
  const refused = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory })
  assert.equal(await refused.ended, 1)
  assert.match(
    refused.text.trim().split('\n').at(-1) ?? '',
    /^naru: .*credentials\.json does not contain a JSON object/,
  )

  await using database = await createTestDatabase('empty')
  const own = { DATABASE_URL: database.url, NARU_ENCRYPTION_KEY: 'a'.repeat(64), NARU_SHUTDOWN_DELAY: '0' }
  const program = new Program([...naru, 'serve'], { NARU_DATA_DIR: dataDirectory, NARU_STORE_ID: 'shared', ...own })
  await program.says(/Store id +shared/)
  program.signalGroup('SIGTERM')
  assert.equal(await program.ended, 0)
  assert.equal(await readFile(`${dataDirectory}/credentials.json`, 'utf8'), '{"half')
})
