import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { makeAuthority } from '../../../test/support/certificates.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { listen } from '../../../test/support/listen.ts'
import { startTlsCluster, type TlsCluster } from '../../../test/support/tls-cluster.ts'
import { breakableWire } from '../../../test/support/wire.ts'
import { connect, untilReachable } from '../connect.ts'

const starting: Promise<TlsCluster> = startTlsCluster()
after(async () => (await starting)[Symbol.asyncDispose]())

test('a connection is encrypted as sslmode asks for', async () => {
  const { url, authorityFile } = await starting
  const byAddress = url.replace('localhost', '127.0.0.1')
  const expected: [string, boolean][] = [
    [url, false],
    [`${url}?sslmode=disable`, false],
    [`${url}?sslmode=allow`, true],
    [`${url}?sslmode=prefer`, true],
    [`${url}?sslmode=require`, true],
    [`${url}?ssl=require`, true],
    [`${url}?sslmode=require&channel_binding=require`, true],
    [`${url}?sslmode=require&sslnegotiation=direct`, true],
    [`${url}?sslmode=verify-full&sslrootcert=${authorityFile}`, true],
    [`${url}?sslmode=verify-full&sslnegotiation=direct&sslrootcert=${authorityFile}`, true],
    [`${byAddress}?sslmode=verify-ca&sslrootcert=${authorityFile}`, true],
    [`${byAddress}?sslmode=require&sslrootcert=${authorityFile}`, true],
  ]
  for (const [address, encrypted] of expected) assert.equal(await isEncrypted(address), encrypted, address)
})

test('what libpq reads from the environment counts where the URL says nothing', async () => {
  const { url } = await starting
  process.env.PGSSLMODE = 'require'
  try {
    assert.equal(await isEncrypted(url), true)
    assert.equal(await isEncrypted(`${url}?sslmode=disable`), false)
    // A Unix socket has no TLS, so it is not asked for.
    await using database = await createTestDatabase('empty')
    assert.equal(await isEncrypted(database.url), false)
  } finally {
    delete process.env.PGSSLMODE
  }
})

test('a server without TLS is refused where it is demanded, at once, and taken where it is only preferred', async () => {
  await using database = await createTestDatabase('empty')
  await using wire = await breakableWire(database.url)
  await refused(`${wire.url}?sslmode=require`, 'TLS_NOT_OFFERED', /does not support TLS.*ssl = on.*sslmode=disable/)
  await refused(`${wire.url}?sslmode=require&sslnegotiation=direct`, 'ECONNRESET', /PostgreSQL 17.*remove it/, 0)
  assert.equal(await isEncrypted(`${wire.url}?sslmode=prefer`), false)
})

test('a certificate that nobody known has signed is refused, until sslrootcert names who has', async () => {
  const { url, authority, file } = await starting
  await refused(`${url}?sslmode=verify-full`, 'SELF_SIGNED_CERT_IN_CHAIN', /not trusted.*Add sslrootcert=<file>/)
  await refused(`${url}?sslmode=verify-ca`, 'SELF_SIGNED_CERT_IN_CHAIN', /not trusted.*Add sslrootcert=<file>/)
  const path = await file('of-another.crt', makeAuthority('Somebody else').certificate)
  const sql = connect(`${url}?sslmode=verify-ca&sslrootcert=${path}`, { max: 1 })
  const wrong = await outcome(sql`select 1`)
  // Read anew for each connection: what was renewed needs no restart.
  await file('of-another.crt', authority.certificate)
  const right = await outcome(sql`select 1`)
  await sql.end()
  assert.match(wrong, /sslrootcert=.*of-another.crt in DATABASE_URL must hold the certificate/)
  assert.equal(right, 'answered')
})

test('a certificate for another name is refused', async () => {
  const { url, authorityFile } = await starting
  const byAddress = url.replace('localhost', '127.0.0.1')
  const parameters = `sslmode=verify-full&sslrootcert=${authorityFile}`
  await refused(
    `${byAddress}?${parameters}`,
    'ERR_TLS_CERT_ALTNAME_INVALID',
    /another name.*127.0.0.1 is not in the cert's list/,
  )
})

test('a certificate that has run out is refused', async () => {
  const { file } = await starting
  await using database = await createTestDatabase('empty')
  const authority = makeAuthority('Naru tests', -1)
  await using wire = await breakableWire(database.url, authority.sign(['localhost']))
  const path = await file('run-out.crt', authority.certificate)
  const url = `${wire.url.replace('127.0.0.1', 'localhost')}?sslnegotiation=direct&sslrootcert=${path}`
  await refused(url, 'CERT_HAS_EXPIRED', /not currently valid.*Renew it/)
})

test('a file of certificates that is missing or empty is told, and no other authority stands in for it', async () => {
  const { url, file, authorityFile } = await starting
  const empty = await file('empty.crt', '')
  const code = 'CERTIFICATE_FILE_UNREADABLE'
  await refused(`${url}?sslrootcert=/nowhere/authority.crt`, code, /sslrootcert .*\/nowhere\/authority.crt \(ENOENT/)
  await refused(`${url}?sslrootcert=${empty}`, code, /sslrootcert .*empty.crt \(it is not a PEM file\)/)
  await refused(`${url}?sslmode=require&sslcert=${authorityFile}&sslkey=${empty}`, code, /sslkey .*empty.crt/)
})

test('a client shows the certificate of sslcert and sslkey', async () => {
  const { url, authority, file } = await starting
  const certified = `${url.replace('naru@', 'certified@')}?sslmode=require`
  const own = authority.sign([], 'certified')
  const files = `sslcert=${await file('own.crt', own.certificate)}&sslkey=${await file('own.key', own.key)}`
  assert.equal(await isEncrypted(`${certified}&${files}`), true)
  await refused(certified, '28000', /requires a valid client certificate/)
  const foreign = makeAuthority('Somebody else').sign([], 'certified')
  const others = `sslcert=${await file('foreign.crt', foreign.certificate)}&sslkey=${await file('foreign.key', foreign.key)}`
  await refused(`${certified}&${others}`, 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not accept our certificate.*sslcert=/)
})

test('the name of the host is sent along, by which a proxy before many databases finds ours; an address is none', async () => {
  const { authority } = await starting
  await using database = await createTestDatabase('empty')
  await using proxy = await breakableWire(database.url, authority.sign(['127.0.0.1']))
  const parameters = `sslmode=require&sslnegotiation=direct`
  for (const host of ['localhost', '127.0.0.1'])
    await isEncrypted(`${proxy.url.replace('127.0.0.1', host)}?${parameters}`)
  assert.deepEqual(proxy.namesAsked, ['localhost', 'false'])
})

test('an address is verified too, where the certificate is made for it', async () => {
  const { authority, authorityFile } = await starting
  await using database = await createTestDatabase('empty')
  await using proxy = await breakableWire(database.url, authority.sign(['127.0.0.1']))
  await isEncrypted(`${proxy.url}?sslmode=verify-full&sslnegotiation=direct&sslrootcert=${authorityFile}`)
})

for (const [answer, code, message] of [
  [
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    'NOT_POSTGRESQL',
    /does not respond like PostgreSQL.*"HTTP\/1.1 400.*Check the host/,
  ],
  ['Sand a forged answer', 'NOT_POSTGRESQL', /does not respond like PostgreSQL/],
  ['Ecould not fork new process\n\0', '57P03', /is refusing connections for now: could not fork new process/],
] as const) {
  test(`${JSON.stringify(answer)} is no answer to the request for TLS`, async () => {
    await using server = await stranger((socket) => socket.end(answer))
    await refused(server.url, code, message, 0)
  })
}

test('a server that goes away in the middle of the handshake makes the query fail, and passes', async () => {
  await using server = await stranger((socket) => socket.once('data', () => socket.end('S')))
  await refused(server.url, 'ECONNRESET', /closed the connection while it was being opened/, 0)
})

/** Whether PostgreSQL sees the connection as encrypted. */
const isEncrypted = async (url: string): Promise<boolean> => {
  const sql = connect(url, { max: 1 })
  try {
    const [row] = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
    return row?.ssl === true
  } finally {
    await sql.end()
  }
}

/** Expects an error that is told without trying for long. */
const refused = async (url: string, code: string, message: RegExp, seconds = 30): Promise<void> => {
  const sql = connect(url, { max: 1 })
  try {
    await assert.rejects(untilReachable(sql, { seconds }), { code, message })
    await assert.rejects(
      sql.begin(async () => {}),
      { code, message },
    )
  } finally {
    await sql.end()
  }
}

/** Something that listens where PostgreSQL should, and does this with who comes. */
const stranger = async (treat: (socket: Socket) => void): Promise<AsyncDisposable & { readonly url: string }> => {
  const server = createServer(treat)
  return {
    url: `postgres://naru@127.0.0.1:${await listen(server)}/naru?sslmode=require`,
    [Symbol.asyncDispose]: async () => {
      server.close()
    },
  }
}

const outcome = (query: PromiseLike<unknown>): Promise<string> => Promise.resolve(query).then(() => 'answered', String)
