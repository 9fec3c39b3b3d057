import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { listen } from '../../test/support/listen.ts'
import { createDialer, type Dialer, type DialerOptions, defaultLimits } from './dial.ts'
import { startReceiver } from './testing/receiver.ts'

const quick = { ...defaultLimits, connect: 60_000, read: 100, overall: 60_000 }

const withDialer = async <Result>(
  options: Partial<DialerOptions>,
  task: (dialer: Dialer) => Promise<Result>,
): Promise<Result> => {
  const dialer = createDialer({ allowedTargets: [], ...options })
  try {
    return await task(dialer)
  } finally {
    dialer.close()
  }
}

const post = (url: string, options: Partial<DialerOptions> = {}, guarded = false) =>
  withDialer(options, (dialer) => dialer.post({ url, headers: { 'x-test': '1' }, body: '{"a":"é"}', guarded }))

/** A server below HTTP, for what a well-behaved one would not do. */
const startRawServer = async (
  onConnection: (socket: Socket) => void,
): Promise<AsyncDisposable & { url: string; server: Server }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    server,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const errorOf = (result: Awaited<ReturnType<typeof post>>): string => {
  assert.equal(result.status, 'FAILED_UNEXPECTED_ERROR')
  return 'error' in result ? result.error : ''
}

test('a 2xx answer is a success, with its headers and body as text', async () => {
  await using receiver = await startReceiver((_request, response) => {
    response.writeHead(202, { 'x-seen': 'yes' }).end('accepted ✓')
  })
  const result = await post(receiver.url)
  assert.equal(result.status, 'SUCCEEDED')
  assert.ok('response' in result)
  assert.equal(result.response.code, '202')
  assert.match(result.response.header, /^x-seen: yes$/m)
  assert.equal(result.response.body, 'accepted ✓')
  const [request] = receiver.received
  assert.equal(request?.method, 'POST')
  assert.equal(request?.path, '/webhook')
  assert.equal(request?.headers['x-test'], '1')
  assert.equal(request?.headers['content-length'], '10')
  assert.equal(request?.body, '{"a":"é"}')
})

test('any other answer is not OK', async () => {
  for (const code of [400, 404, 500, 503]) {
    await using receiver = await startReceiver((_request, response) => response.writeHead(code).end())
    const result = await post(receiver.url)
    assert.equal(result.status, 'FAILED_NOT_OK_RESPONSE')
    assert.equal('response' in result && result.response.code, String(code))
  }
})

test('a redirect is not followed and not OK', async () => {
  await using secret = await startReceiver()
  await using receiver = await startReceiver((_request, response) => {
    response.writeHead(307, { location: secret.url }).end()
  })
  const result = await post(receiver.url)
  assert.equal(result.status, 'FAILED_NOT_OK_RESPONSE')
  assert.ok('response' in result && result.response.header.includes(`location: ${secret.url}`))
  assert.equal(secret.received.length, 0)
})

test('nobody listening is an error that says so', async () => {
  const receiver = await startReceiver()
  await receiver[Symbol.asyncDispose]()
  assert.match(errorOf(await post(receiver.url)), /ECONNREFUSED/)
  assert.match(errorOf(await post(receiver.url.replace('127.0.0.1', 'localhost'))), /ECONNREFUSED 127\.0\.0\.1/)
})

test('what is no URL for a webhook is an error that says what to write', async () => {
  assert.match(errorOf(await post('shop.example/webhook')), /must be an http or https URL/)
  assert.match(errorOf(await post('ftp://shop.example/')), /must be an http or https/)
  assert.match(errorOf(await post('http://user:password@127.0.0.1/')), /user name or password/)
})

test('a connection that is closed or speaks no HTTP is an error, an upgrade is not OK', async () => {
  const closing = (socket: Socket) => socket.once('data', () => socket.end())
  const upgrading = (socket: Socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\r\n'))
  const babbling = (socket: Socket) => socket.once('data', () => socket.end('220 smtp.example ESMTP\r\n'))
  const endless = (socket: Socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`))
  for (const behaviour of [closing, babbling, endless]) {
    await using server = await startRawServer(behaviour)
    assert.notEqual(errorOf(await post(server.url)), '', behaviour.name)
  }
  await using server = await startRawServer(upgrading)
  assert.equal((await post(server.url)).status, 'FAILED_NOT_OK_RESPONSE')
})

test('a receiver that never answers is given up', async () => {
  await using server = await startRawServer(() => {})
  assert.match(errorOf(await post(server.url, { limits: quick })), /No answer within 100 ms/)
})

test('a receiver that sends a header line now and then is given up too', async () => {
  await using server = await startRawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('x-more: 1\r\n'), 30)
    socket.on('close', () => clearInterval(timer))
  })
  const limits = { ...quick, read: 60_000, overall: 400 }
  assert.match(errorOf(await post(server.url, { limits })), /No answer within 400 ms/)
})

test('a connection that is not made in time is given up', async () => {
  // TLS to a server that accepts and says nothing: the connection is not made before the handshake is.
  await using server = await startRawServer(() => {})
  const limits = { ...quick, connect: 50, read: 60_000 }
  assert.match(errorOf(await post(server.url.replace('http:', 'https:'), { limits })), /No connection within 50 ms/)
})

test('once the status line is there, a body that stalls or breaks off is cut there', async () => {
  await using stalling = await startReceiver((_request, response) => {
    response.writeHead(200).write('half')
  })
  await using trickling = await startReceiver((_request, response) => {
    const timer = setInterval(() => response.write('x'), 30)
    response.on('close', () => clearInterval(timer))
  })
  await using breaking = await startRawServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\nbroken'))
  })
  // What comes before the stall takes a busy machine longer than another: the limits double until it is there.
  const patiently = async (url: string, limit = 250): ReturnType<typeof post> => {
    const attempt = await post(url, { limits: { ...defaultLimits, read: limit, overall: 1.5 * limit } })
    const isTooSoon = attempt.status === 'FAILED_UNEXPECTED_ERROR' || attempt.response.body === ''
    return isTooSoon ? await patiently(url, 2 * limit) : attempt
  }
  const [stalled, trickled, broken] = await Promise.all(
    [stalling.url, trickling.url, breaking.url].map((url) => patiently(url)),
  )
  assert.ok(stalled?.status === 'SUCCEEDED' && stalled.response.body === 'half')
  assert.ok(trickled?.status === 'SUCCEEDED' && /^x+$/.test(trickled.response.body))
  assert.ok(broken?.status === 'FAILED_NOT_OK_RESPONSE' && broken.response.body === 'broken')
})

test('of an endless body only the beginning is read', async () => {
  let closed = (): void => {}
  const closing = new Promise<void>((resolve) => {
    closed = resolve
  })
  await using receiver = await startReceiver((_request, response) => {
    response.on('close', closed)
    const more = () => {
      while (response.write('x'.repeat(64 * 1024)));
    }
    response.on('drain', more)
    more()
  })
  const result = await post(receiver.url)
  assert.ok(result.status === 'SUCCEEDED' && result.response.body === 'x'.repeat(10 * 1024))
  await closing
})

test('the body becomes text that the database can hold', async () => {
  const limits = { ...defaultLimits, bodyBytes: 8 }
  await using receiver = await startReceiver((_request, response) => response.end('a\0b가나다'))
  const result = await post(receiver.url, { limits })
  assert.ok(result.status === 'SUCCEEDED')
  assert.equal(result.response.body, 'a\uFFFDb가')
})

test('live stores reach loopback only through the allow-list, by whatever name', async () => {
  await using receiver = await startReceiver()
  const byName = receiver.url.replace('127.0.0.1', 'rebound.example')
  const resolve: DialerOptions['resolve'] = async () => [{ address: '127.0.0.1', family: 4 }]
  assert.match(errorOf(await post(receiver.url, {}, true)), /127\.0\.0\.1 is not an address of the public internet/)
  assert.match(errorOf(await post(byName, { resolve }, true)), /rebound\.example resolves to 127\.0\.0\.1/)
  assert.equal(receiver.received.length, 0)
  assert.equal((await post(receiver.url, { allowedTargets: ['127.0.0.0/8'] }, true)).status, 'SUCCEEDED')
  assert.equal((await post(byName, { resolve, allowedTargets: ['rebound.example'] }, true)).status, 'SUCCEEDED')
})

test('where the server is shared, sandbox stores reach no private addresses either', async () => {
  await using receiver = await startReceiver()
  assert.match(errorOf(await post(receiver.url, { guardsSandbox: true })), /not an address of the public internet/)
  const allowedTargets = ['127.0.0.1']
  assert.equal((await post(receiver.url, { guardsSandbox: true, allowedTargets })).status, 'SUCCEEDED')
})

test('what is known to be refused is told to those who take in URLs, in the same words', async () => {
  const urls = ['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://localhost:1/', 'http://LOCALHOST.:1/']
  for (const options of [{}, { guardsSandbox: true }])
    await withDialer(options, async (dialer) => {
      for (const url of urls) {
        const refusal = dialer.refusal({ url, guarded: true })
        assert.match(refusal ?? '', /add it to NARU_WEBHOOK_ALLOWED_TARGETS/)
        assert.equal(errorOf(await dialer.post({ url, headers: {}, body: '', guarded: true })), refusal)
        assert.equal(dialer.refusal({ url, guarded: false }), options.guardsSandbox ? refusal : undefined)
      }
      for (const url of ['https://shop.example/', 'not a URL'])
        assert.equal(dialer.refusal({ url, guarded: true }), undefined)
    })
  for (const target of ['localhost', '127.0.0.1', '::1'])
    await withDialer({ allowedTargets: [target] }, async (dialer) => {
      assert.equal(dialer.refusal({ url: 'http://localhost:1/', guarded: true }), undefined)
    })
})

test('a connection kept for a sandbox store is not lent to a live one', async () => {
  await using receiver = await startReceiver()
  const url = receiver.url.replace('127.0.0.1', 'localhost')
  await withDialer({}, async (dialer) => {
    const request = { url, headers: {}, body: '' }
    assert.equal((await dialer.post({ ...request, guarded: false })).status, 'SUCCEEDED')
    assert.match(errorOf(await dialer.post({ ...request, guarded: true })), /localhost resolves to/)
  })
  assert.equal(receiver.received.length, 1)
})

test('connections are kept, and one that the receiver closed meanwhile is dialled anew', async () => {
  const sockets = new Set<Socket>()
  let isClosing = false
  const server = createHttpServer((request, response) => {
    sockets.add(request.socket)
    if (isClosing && request.socket === [...sockets][0]) request.socket.destroy()
    else response.end()
  })
  const port = await listen(server)
  const request = { url: `http://127.0.0.1:${port}/`, headers: {}, body: '', guarded: false }
  await withDialer({}, async (dialer) => {
    for (let count = 0; count < 3; count++) assert.equal((await dialer.post(request)).status, 'SUCCEEDED')
    assert.equal(sockets.size, 1)
    isClosing = true
    assert.equal((await dialer.post(request)).status, 'SUCCEEDED')
    assert.equal(sockets.size, 2)
  })
  await new Promise((resolve) => server.close(resolve))
})

test('a header that cannot be sent is a result too', async () => {
  const result = await withDialer({}, (dialer) =>
    dialer.post({ url: 'http://127.0.0.1:1/', headers: { bad: 'a\nb' }, body: '', guarded: false }),
  )
  assert.match(errorOf(result), /[Ii]nvalid character/)
})
