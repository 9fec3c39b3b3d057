import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError, readConfiguration } from './configuration.ts'

test('an empty environment gives the embedded database on the loopback address', () => {
  const configuration = readConfiguration({})
  assert.equal(configuration.port, 8686)
  assert.equal(configuration.host, '127.0.0.1')
  assert.equal(configuration.databaseUrl, undefined)
  assert.match(configuration.dataDirectory, /\.naru$/)
  assert.equal(configuration.logLevel, 'info')
})

test('an empty variable counts as absent', () => {
  assert.equal(readConfiguration({ PORT: '', HOST: ' ' }).port, 8686)
})

test('lists are split at commas', () => {
  assert.deepEqual(readConfiguration({ NARU_WEBHOOK_ALLOWED_TARGETS: 'a.internal, 10.0.0.0/8,' }).allowedTargets, [
    'a.internal',
    '10.0.0.0/8',
  ])
})

const absurd: readonly (readonly [string, string])[] = [
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['PORT', 'http'],
  ['DATABASE_URL', 'mysql://localhost/naru'],
  ['DATABASE_URL', 'naru'],
  ['DATABASE_URL', 'postgres://db.example.com:port/naru'],
  ['DATABASE_URL', 'postgres://db.example.com/naru?sslmode=no-verify'],
  ['NARU_ENCRYPTION_KEY', 'secret'],
  ['NARU_PUBLIC_URL', 'https://pay.example/naru'],
  ['NARU_PUBLIC_URL', 'pay.example'],
  ['NARU_LOG_LEVEL', 'loud'],
  ['NARU_DATABASE_CONNECTIONS', '0'],
  ['NARU_DATABASE_CONNECTIONS', 'many'],
  ['NARU_STORE_ID', 'a store'],
  ['NARU_API_SECRET', 'short'],
  ['NARU_WEBHOOK_SECRET', 'whsec_!'],
  ['NARU_WEBHOOK_SECRET', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['NARU_WEBHOOK_URL', 'ftp://localhost/'],
  ['NARU_WEBHOOK_URL', 'https://user:hunter2@shop.example/'],
  ['NARU_PUBLIC_URL', 'https://user:hunter2@pay.example/'],
  ['NARU_PUBLIC_URL', 'https://pay.example/?a=b'],
  ['NARU_WEBHOOK_ALLOWED_TARGETS', 'https://hooks.internal/'],
  ['NARU_WEBHOOK_ALLOWED_TARGETS', '10.0.0.0/33'],
  ['NARU_SHUTDOWN_DELAY', '5s'],
  ['NARU_SHUTDOWN_DELAY', '601'],
  ['NARU_STORE_ID', '..'],
  ['NARU_ALLOWED_HOSTS', 'naru.example, https://metrics.example'],
  ['NARU_ALLOWED_HOSTS', 'naru.example:8080'],
  ['NARU_ALLOWED_HOSTS', '*.example'],
  ['NARU_TRUSTED_PROXIES', 'proxy.internal'],
  ['NARU_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['NARU_TRUSTED_PROXIES', '0.0.0.0/0'],
]
for (const [name, value] of absurd) {
  test(`${name}=${value} is refused by name`, () => {
    assert.throws(
      () =>
        readConfiguration({
          [name]: value,
          ...(name === 'DATABASE_URL' ? { NARU_ENCRYPTION_KEY: 'a'.repeat(64) } : {}),
        }),
      (error) =>
        error instanceof ConfigurationError &&
        error.problems.length === 1 &&
        error.message.includes(name) &&
        !error.message.includes('hunter2'),
    )
  })
}

test('all problems are told at once, and no secret is repeated', () => {
  assert.throws(
    () => readConfiguration({ PORT: 'x', NARU_API_SECRET: 'tiny-secret', NARU_ENCRYPTION_KEY: 'nope' }),
    (error) =>
      error instanceof ConfigurationError &&
      error.problems.length === 3 &&
      !error.message.includes('tiny-secret') &&
      !error.message.includes('nope'),
  )
})

test('a server on a database of its own still answers for a while once it is told to stop', () => {
  const own = { DATABASE_URL: 'postgres://localhost/naru', NARU_ENCRYPTION_KEY: 'a'.repeat(64) }
  assert.equal(readConfiguration({}).shutdownDelay, 0)
  assert.equal(readConfiguration(own).shutdownDelay, 5_000)
  assert.equal(readConfiguration({ ...own, NARU_SHUTDOWN_DELAY: '0' }).shutdownDelay, 0)
  assert.equal(readConfiguration({ NARU_SHUTDOWN_DELAY: '20' }).shutdownDelay, 20_000)
})

test('a database may have several hosts, each with a port', () => {
  const DATABASE_URL = 'postgres://naru@a.example.com:5432,b.example.com:5433/naru?sslmode=verify-full'
  assert.equal(readConfiguration({ DATABASE_URL, NARU_ENCRYPTION_KEY: 'a'.repeat(64) }).databaseUrl, DATABASE_URL)
})

test('a database of your own needs the encryption key from the environment', () => {
  assert.throws(
    () => readConfiguration({ DATABASE_URL: 'postgres://localhost/naru' }),
    /NARU_ENCRYPTION_KEY is required/,
  )
})

test('the address that a message gives as an example is taken', () => {
  for (const name of ['NARU_PUBLIC_URL', 'NARU_WEBHOOK_URL'] as const) {
    const problem = refusal({ [name]: 'shop.example' })
    const example = /such as (https:\S+?)[,.]? /.exec(`${problem} `)?.[1]
    assert.ok(example, problem)
    readConfiguration({ [name]: example })
  }
})

const refusal = (environment: Readonly<Record<string, string>>): string => {
  try {
    readConfiguration(environment)
    return 'Nothing was refused.'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
