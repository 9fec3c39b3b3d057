import assert from 'node:assert/strict'
import test from 'node:test'
import { type Address, readAddress } from './address.ts'
import { UnusableAddress } from './tls-settings.ts'

const url = 'postgres://naru@db.example.com/naru'

const tlsOf = (parameters: string, environment = {}): Address['tls'] =>
  readAddress(`${url}?${parameters}`, environment).tls

test('what the driver does not know is taken out of the URL, and the rest stays', () => {
  const parameters = 'sslmode=require&channel_binding=require&gssencmode=disable&options=-c%20work_mem%3D8MB'
  const address = readAddress(`${url}?${parameters}`, {})
  assert.equal(address.url, `${url}?options=-c+work_mem%3D8MB`)
  assert.deepEqual(address.targets, [{ host: 'db.example.com', port: 5432 }])
})

test('one try to connect takes five seconds at most, or what libpq would be told', () => {
  const seconds = (parameters: string, environment = {}) =>
    readAddress(`${url}${parameters}`, environment).connectTimeout
  assert.equal(seconds(''), 5)
  assert.equal(seconds('', { PGCONNECT_TIMEOUT: '20' }), 20)
  assert.equal(seconds('?connect_timeout=60', { PGCONNECT_TIMEOUT: '20' }), 60)
  assert.throws(() => seconds('?connect_timeout=soon'), UnusableAddress)
})

test('a list of hosts is read, each with a port of its own or the common one', () => {
  const targets = [
    { host: 'a.example.com', port: 5432 },
    { host: 'b.example.com', port: 5433 },
  ]
  assert.deepEqual(readAddress('postgres://naru@a.example.com,b.example.com:5433/naru', {}).targets, targets)
  assert.deepEqual(readAddress(`${url}?host=a.example.com,b.example.com:5433`, {}).targets, targets)
})

test('a Unix socket has no TLS, whatever the environment says', () => {
  const address = readAddress('postgres://naru@localhost/naru?host=%2Frun%2Fpostgresql', { PGSSLMODE: 'require' })
  assert.deepEqual(address, {
    url: 'postgres://naru@localhost/naru',
    targets: [{ path: '/run/postgresql/.s.PGSQL.5432' }],
    connectTimeout: 5,
    limits: {},
  })
})

test('limits in the URL are read, and are not for the driver, which would introduce itself with them', () => {
  const address = readAddress(`${url}?statement_timeout=10s&application_name=till`, {})
  assert.deepEqual(address.limits, { statement_timeout: '10s' })
  assert.equal(address.url, `${url}?application_name=till`)
})

for (const [parameters, mode] of [
  ['', 'disable'],
  ['sslmode=', 'disable'],
  ['ssl=false', 'disable'],
  ['sslmode=disable&ssl=require', 'disable'],
  ['sslmode=allow', 'prefer'],
  ['sslmode=prefer', 'prefer'],
  ['sslmode=require', 'require'],
  ['sslmode=verify-full', 'verify-full'],
  // The driver has always verified everything here.
  ['ssl=true', 'verify-full'],
  // Who names an authority wants it asked.
  ['sslmode=require&sslrootcert=/ca.crt', 'verify-ca'],
  ['sslmode=verify-ca&sslrootcert=/ca.crt', 'verify-ca'],
  ['sslrootcert=/ca.crt', 'verify-full'],
  ['sslrootcert=system', 'verify-full'],
  // Any public authority certifies anybody, so without the name there is nothing to it.
  ['sslmode=verify-ca', 'verify-full'],
] as const) {
  test(`?${parameters} means ${mode}`, () => assert.equal(tlsOf(parameters)?.mode, mode))
}

for (const [parameters, message] of [
  ['sslmode=no-verify', /sslmode=no-verify. Give one of disable, prefer, require, verify-ca, verify-full/],
  ['sslmode=verify-ca&sslrootcert=system', /needs sslmode=verify-full/],
  ['sslmode=require&sslnegotiation=now', /sslnegotiation=now. Give postgres or direct/],
  ['sslnegotiation=direct', /sslnegotiation=direct, which needs sslmode=require/],
  ['sslmode=prefer&sslnegotiation=direct', /sslnegotiation=direct, which needs sslmode=require/],
  ['target_session_attrs=standby', /target_session_attrs=standby, but Naru writes. Give primary or read-write/],
  ['sslmode=require&sslcert=/own.crt', /sslcert and sslkey without the other/],
] as const) {
  test(`?${parameters} is refused`, () => {
    assert.throws(
      () => tlsOf(parameters),
      (error) => error instanceof UnusableAddress && message.test(error.message),
    )
  })
}

test('the environment fills in what the URL does not say', () => {
  const environment = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.crt', PGSSLCERT: '', PGSSL: 'disable' }
  assert.equal(tlsOf('', environment)?.mode, 'verify-full')
  assert.equal(tlsOf('', environment)?.sslrootcert, '/ca.crt')
  assert.equal(tlsOf('', environment)?.sslcert, undefined)
  assert.equal(tlsOf('sslmode=require', { PGSSLNEGOTIATION: 'direct' })?.direct, true)
  assert.equal(tlsOf('', { PGSSL: 'require' })?.mode, 'require')
})
