import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, METHODS } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { listen } from '../../test/support/listen.ts'
import { PageTooLarge } from '../db/bounded-rows.ts'
import { realTime, second } from '../kernel/clock.ts'
import { refuse } from '../kernel/refusal.ts'
import { answerBy, seeEpoch } from '../kernel/work.ts'
import { startApi } from './testing/api.ts'

const text = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  socket.end(bytes)
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk
  })
  await once(socket, 'close')
  return received
}

test('404 NOT_FOUND where there is no route', async () => {
  await using api = await startApi()
  for (const path of ['/', '/nothing', '/payments/a/b', '/Payments/a', '/payments//a', '/payments/a/']) {
    const { status, body } = await api.request('GET', path)
    assert.deepEqual([status, body.type], [404, 'NOT_FOUND'], path)
  }
})

test('a base URL may end with a slash', async () => {
  await using api = await startApi({ handlers: { getPayment: async () => refuse('PAYMENT_NOT_FOUND', 'none') } })
  for (const path of ['//payments/a', '///payments/a'])
    assert.equal((await api.request('GET', path)).body.type, 'PAYMENT_NOT_FOUND')
})

test('405 METHOD_NOT_ALLOWED names the methods that are', async () => {
  await using api = await startApi()
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'POST']) {
    const { status, headers, body } = await api.request(method, '/payments/a')
    assert.deepEqual([status, headers.allow], [405, 'GET'], method)
    if (method !== 'HEAD') assert.equal(body.type, 'METHOD_NOT_ALLOWED')
  }
  const logistics = await api.request('GET', '/payments/a/escrow/logistics')
  assert.equal(logistics.headers.allow, 'POST, PATCH')
})

test('413 PAYLOAD_TOO_LARGE beyond 1 MiB', async () => {
  await using api = await startApi({ handlers: { preRegisterPayment: async () => ({}) } })
  const pad = (size: number) => `{"x":"${'a'.repeat(size - 8)}"}`
  const fits = await api.request('POST', '/payments/a/pre-register', { raw: pad(1024 * 1024) })
  assert.equal(fits.status, 200)
  const tooLarge = await api.request('POST', '/payments/a/pre-register', { raw: pad(1024 * 1024 + 1) })
  assert.deepEqual([tooLarge.status, tooLarge.body.type], [413, 'PAYLOAD_TOO_LARGE'])
})

test('400 INVALID_REQUEST as JSON on what is no HTTP', async () => {
  await using api = await startApi()
  for (const bytes of ['NONSENSE\r\n\r\n', 'GET /banks HTTP/1.1\r\nbad header\r\n\r\n', '\u0000\u0001\u0002\r\n\r\n']) {
    const answer = await text(api.port, bytes)
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/json/)
    assert.match(answer, /\{"type":"INVALID_REQUEST","message":"[^"]+"\}$/)
  }
  const long = await text(api.port, `GET /banks?${'a'.repeat(70_000)} HTTP/1.1\r\n\r\n`)
  assert.match(long, /smaller than 64 KiB/)
})

test('bytes behind a request do not change its answer', async () => {
  for (const behind of ['}', 'NONSENSE\r\n\r\n', 'GET /payments/b HTTP/1.1\r\nbad header\r\n\r\n']) {
    const arrived = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const getPayment = async () => {
      arrived.resolve()
      await release.promise
      return refuse('PAYMENT_NOT_FOUND', 'none')
    }
    const refused = Promise.withResolvers<void>()
    const extend = ({ server }: FastifyInstance) => server.on('clientError', () => refused.resolve())
    await using api = await startApi({ handlers: { getPayment }, extend })
    const socket = connect(api.port, '127.0.0.1').setEncoding('utf8')
    socket.write(`GET /payments/a HTTP/1.1\r\nhost: a\r\nauthorization: PortOne ${api.secret}\r\n\r\n`)
    await arrived.promise
    socket.write(behind)
    await refused.promise
    release.resolve()
    const received = (await socket.toArray()).join('')
    assert.match(received, /^HTTP\/1\.1 404 /)
    assert.match(received, /connection: close/i)
    assert.match(received, /"type":"PAYMENT_NOT_FOUND"[^}]*\}$/)
  }
})

test('every method is answered in JSON, whatever it is', async () => {
  await using api = await startApi()
  for (const method of METHODS.filter((each) => !['GET', 'HEAD'].includes(each))) {
    const answer = await text(api.port, `${method} /banks HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 405 /, method)
    assert.match(answer, /\{"type":"METHOD_NOT_ALLOWED","message":"[^"]+"\}$/, method)
  }
  assert.match(await text(api.port, 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n'), /^HTTP\/1\.1 404 .*NOT_FOUND/s)
})

test('400 without a Host or with two, except in HTTP/1.0', async () => {
  await using api = await startApi()
  for (const hosts of ['', 'host: a\r\nHost: a\r\n']) {
    const answer = await text(api.port, `GET /banks HTTP/1.1\r\n${hosts}connection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 400 .*"The request must have one Host header; it has (none|2)\."/s)
  }
  assert.match(await text(api.port, 'GET /banks HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

test('an expectation that is not known is ignored', async () => {
  await using api = await startApi()
  const answer = await text(api.port, 'GET /banks HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\nconnection: close\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.1 200 /)
})

test('what the parser refuses says what is wrong', async () => {
  await using api = await startApi()
  const head = 'POST /payments/a/pre-register HTTP/1.1\r\nhost: a\r\n'
  const cases: [string, RegExp][] = [
    ['GET /payments/한국 HTTP/1.1\r\nhost: a\r\n\r\n', /^HTTP\/1\.1 400 .*percent-encoded as UTF-8/s],
    ['GET /payments/a b HTTP/1.1\r\nhost: a\r\n\r\n', /^HTTP\/1\.1 400 .*%20/s],
    ['get /banks HTTP/1.1\r\nhost: a\r\n\r\n', /^HTTP\/1\.1 400 .*capital letters/s],
    ['FETCH /banks HTTP/1.1\r\nhost: a\r\n\r\n', /^HTTP\/1\.1 400 .*method/s],
    [`${head}content-length: ten\r\n\r\n`, /^HTTP\/1\.1 400 .*must be a number/s],
    [`${head}content-length: 10\r\n\r\n{}`, /^HTTP\/1\.1 400 .*before it was complete/s],
    [`${head}transfer-encoding: gzip\r\n\r\n`, /^HTTP\/1\.1 400 .*chunked/s],
    [`${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`, /^HTTP\/1\.1 400 .*without a Content-Length/s],
    [
      `${head}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n`,
      /^HTTP\/1\.1 400 .*none where Transfer-Encoding/s,
    ],
    [`${head}content-length: 3\r\ncontent-length: 4\r\n\r\n`, /^HTTP\/1\.1 400 .*once only/s],
    [`GET /banks?${'a'.repeat(70_000)} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 431 .*64 KiB/s],
  ]
  for (const [bytes, expected] of cases) assert.match(await text(api.port, bytes), expected, bytes.slice(0, 80))
})

test('408 where headers or body do not arrive in time, and the connection is closed whatever the client does', async () => {
  await using api = await startApi({ arrivalTime: 100 })
  const ofDefaults = createServer({ requestTimeout: 100, headersTimeout: 100 })
  const defaultPort = await listen(ofDefaults.unref())
  const head = `POST /payments/a/pre-register HTTP/1.1\r\nhost: a\r\nauthorization: PortOne ${api.secret}\r\n`
  for (const bytes of ['POST /payments/a', `${head}content-length: 100\r\n\r\n{"half":`]) {
    const socket = connect({ port: api.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(bytes)
    // Node looks for late requests every half minute by default: such a server answers later, however slow the machine is.
    const byDefault = connect({ port: defaultPort, host: '127.0.0.1' }, () => byDefault.write(bytes))
    let hasDefaultAnswered = false
    byDefault.once('data', () => {
      hasDefaultAnswered = true
    })
    const [answer] = await once(socket.setEncoding('utf8'), 'data')
    assert.match(answer, /^HTTP\/1\.1 408 .*did not arrive in full in time/s)
    await once(socket, 'end')
    assert.equal(hasDefaultAnswered, false)
    byDefault.destroy()
    // Ours is still open; writing to a socket that the server has let go is answered with a reset.
    const reset = once(socket, 'close').catch(() => undefined)
    const writing = setInterval(() => socket.write('more'), 50)
    await reset
    clearInterval(writing)
  }
})

test('501 NOT_IMPLEMENTED after authentication, before validation', async () => {
  await using api = await startApi()
  const { status, body } = await api.request('POST', '/payments/a/cancel', { raw: 'no JSON' })
  assert.deepEqual([status, body.type], [501, 'NOT_IMPLEMENTED'])
  const anonymous = await api.request('POST', '/payments/a/cancel', { headers: { authorization: '' } })
  assert.equal(anonymous.status, 401)
})

test('500 INTERNAL tells the client an id and the log everything', async () => {
  await using api = await startApi({
    handlers: {
      getPayment: async () => {
        throw new Error('the secret plan')
      },
    },
  })
  const { status, headers, body, text: answer } = await api.request('GET', '/payments/a')
  assert.deepEqual([status, body.type], [500, 'INTERNAL'])
  assert.doesNotMatch(answer, /secret plan/)
  const requestId = String(headers['naru-request-id'])
  assert.ok(body.message.includes(requestId))
  assert.equal(api.logged.length, 1)
  assert.ok(api.logged[0]?.includes('the secret plan') && api.logged[0].includes(requestId))
})

test('503 INTERNAL while the database is away, and when to ask again', async () => {
  const getPayment = async () => {
    throw Object.assign(new Error('the connection is closed'), { code: 'CONNECTION_CLOSED' })
  }
  await using api = await startApi({ handlers: { getPayment } })
  const { status, headers, body } = await api.request('GET', '/payments/a')
  assert.deepEqual([status, headers['retry-after'], body.type], [503, '1', 'INTERNAL'])
  assert.match(body.message, /The database cannot be reached/)
})

for (const [code, words] of [
  ['53100', /^The disk of the database is full\. Make room on it\. Send the request again/],
  ['53300', /^The database takes no more connections\. Raise .*max_connections.*NARU_DATABASE_CONNECTIONS/],
  ['28P01', /^The database refuses Naru\. Check the user and the password in DATABASE_URL/],
  ['58030', /^The database cannot be written to\./],
  ['25006', /^The database is read-only\./],
  ['57014', /^The database took too long\./],
  ['25P03', /^The database cannot be reached\./],
] as const)
  test(`503 INTERNAL says why where the database did nothing (${code})`, async () => {
    const cancelPayment = async () => {
      throw Object.assign(new Error('could not extend file "base/16384/16397"'), { code })
    }
    await using api = await startApi({ handlers: { cancelPayment } })
    const { status, headers, body } = await api.request('POST', '/payments/a/cancel', { body: { reason: 'changed' } })
    assert.deepEqual([status, headers['retry-after'], body.type], [503, '1', 'INTERNAL'])
    assert.match(body.message, words)
  })

test('an answer that the contract does not promise is reported', async () => {
  await using api = await startApi({
    handlers: { getPayments: async () => ({ items: [], page: { number: 0.5, size: 1, totalCount: 0 } }) },
  })
  await api.request('GET', '/payments')
  assert.match(api.violations[0] ?? '', /getPayments answered 200, but page\.number must be an integer/)
})

test('closing answers the requests under way and takes no more', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  await using api = await startApi({
    handlers: {
      getPayment: async () => {
        arrived.resolve()
        await release.promise
        return refuse('PAYMENT_NOT_FOUND', 'none')
      },
    },
  })
  const underWay = api.request('GET', '/payments/a')
  await arrived.promise
  const closed = api.close()
  await assert.rejects(api.request('GET', '/payments/b'), { code: 'ECONNREFUSED' })
  release.resolve()
  assert.equal((await underWay).status, 404)
  await closed
})

test('closing waits for the work of a client that has gone', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  let isDone = false
  await using api = await startApi({
    handlers: {
      getPayment: async () => {
        arrived.resolve()
        await release.promise
        isDone = true
        return refuse('PAYMENT_NOT_FOUND', 'none')
      },
    },
  })
  const socket = connect(api.port, '127.0.0.1')
  socket.write(`GET /payments/a HTTP/1.1\r\nhost: a\r\nauthorization: PortOne ${api.secret}\r\n\r\n`)
  await arrived.promise
  socket.destroy()
  const closed = api.close()
  release.resolve()
  await closed
  assert.ok(isDone)
})

test('what is no operation is a piece of work as well: fenced from what a reset left, in time, and waited for', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const deadlines: number[] = []
  let isDone = false
  await using api = await startApi({
    extend: (app) => {
      app.get('/reset', async () => [1, 2].map((epoch) => seeEpoch('store', epoch)))
      app.get('/away', () => Promise.reject(Object.assign(new Error('the database is away'), { code: '57P01' })))
      app.get('/held', async () => {
        deadlines.push(answerBy())
        arrived.resolve()
        await release.promise
        deadlines.push(answerBy())
        isDone = true
        return {}
      })
    },
  })
  const { status, body } = await api.request('GET', '/reset')
  assert.equal(status, 400)
  assert.match(body.message, /^The store was reset while this request was under way/)
  const away = await api.request('GET', '/away')
  assert.deepEqual([away.status, away.headers['retry-after']], [503, '1'])
  const socket = connect(api.port, '127.0.0.1')
  socket.write('GET /held HTTP/1.1\r\nhost: a\r\n\r\n')
  await arrived.promise
  socket.destroy()
  const closed = api.close()
  while (realTime() <= (deadlines[0] ?? 0) - 50 * second) await setImmediate()
  release.resolve()
  await closed
  assert.ok(isDone)
  assert.equal(deadlines[1], deadlines[0])
})

test('closing waits no longer for requests that are given up', async () => {
  const givenUp = new AbortController()
  const arrived = Promise.withResolvers<void>()
  await using api = await startApi({
    givenUp: givenUp.signal,
    handlers: {
      getPayment: () => {
        arrived.resolve()
        return new Promise(() => {})
      },
    },
  })
  const cut = assert.rejects(api.request('GET', '/payments/a'), { code: 'ECONNRESET' })
  await arrived.promise
  const closed = api.close()
  givenUp.abort()
  await closed
  await cut
})

test('a page that was given up while it was read is refused with what to do', async () => {
  await using api = await startApi({ handlers: { getPayments: () => Promise.reject(new PageTooLarge()) } })
  const { status, body } = await api.request('GET', '/payments')
  assert.equal(status, 400)
  assert.match(body.message, /larger than 128 MiB\. Ask for fewer items/)
})
