import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { hour, realTime } from '../kernel/clock.ts'
import { refuse, refusedByGateway } from '../kernel/refusal.ts'
import { holdLease } from '../kernel/work.ts'
import { createMerchant, createSecret, createStore } from '../merchants/setup.ts'
import type { Handler, Answer as HandlerAnswer } from './handler.ts'
import { type Answer, type RequestOptions, startApi, type TestApi } from './testing/api.ts'

type Cancel = Handler<'cancelPayment'>
type CancelAnswer = HandlerAnswer<'cancelPayment'>
const key = '0123456789abcdef'
const notFound = () => refuse('PAYMENT_NOT_FOUND', 'none')

const cancel = (api: TestApi, options: RequestOptions & { key?: string; path?: string } = {}): Promise<Answer> =>
  api.request('POST', options.path ?? '/payments/p/cancel', {
    body: { reason: 'r' },
    ...options,
    headers: { 'idempotency-key': `"${options.key ?? key}"`, ...options.headers },
  })

/** A cancelling that counts how often it ran and answers as told. */
const counting = (answer: (run: number) => CancelAnswer | Promise<CancelAnswer>) => {
  const counter = { runs: 0, requestKeys: new Set<string | undefined>() }
  const cancelPayment: Cancel = async ({ caller }) => {
    counter.runs++
    counter.requestKeys.add(caller.requestKey)
    return await answer(counter.runs)
  }
  return { counter, handlers: { cancelPayment } }
}

const cancelled = (run: number): CancelAnswer => ({
  cancellation: {
    status: 'SUCCEEDED',
    id: `cancellation-${run}`,
    totalAmount: 1000,
    taxFreeAmount: 0,
    vatAmount: 91,
    reason: 'ë "quoted" 이유',
    requestedAt: '2026-01-31T09:00:00Z',
    cancelledAt: '2026-01-31T09:00:00Z',
  },
})

test('a repeat gets the first answer to the byte, and nothing is done twice', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  const first = await cancel(api)
  const second = await cancel(api)
  assert.equal(first.status, 200)
  assert.deepEqual([second.status, second.text], [first.status, first.text])
  assert.deepEqual([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']], [undefined, 'true'])
  assert.equal(counter.runs, 1)
  assert.deepEqual(api.violations, [])
})

test('of 50 equal requests at once one is run, the others get its answer or 409', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  await using other = await startApi({ handlers, beside: api })
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => cancel(index % 2 === 0 ? api : other)))
  assert.equal(counter.runs, 1)
  const texts = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text))
  assert.equal(texts.size, 1)
  for (const { status, body } of answers) {
    if (status !== 200) assert.deepEqual([status, body.type], [409, 'IDEMPOTENCY_OUTSTANDING_REQUEST'])
  }
})

test('409 IDEMPOTENCY_OUTSTANDING_REQUEST while the first request runs', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const cancelPayment: Cancel = async () => {
    arrived.resolve()
    await release.promise
    return cancelled(1)
  }
  await using api = await startApi({ handlers: { cancelPayment }, lease: hour })
  const first = cancel(api)
  await arrived.promise
  const { status, body, headers } = await cancel(api)
  assert.deepEqual([status, body.type], [409, 'IDEMPOTENCY_OUTSTANDING_REQUEST'])
  // When the key is free again should the server that has it be dead.
  const seconds = Number(headers['retry-after'])
  assert(seconds > 3_000 && seconds <= 3_600, `${seconds} seconds`)
  release.resolve()
  assert.equal((await cancel(api, { key: `${key}-other` })).status, 200)
  assert.equal((await first).status, 200)
})

test('400 where the key comes back with another request', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  await cancel(api)
  const others = [
    cancel(api, { body: { reason: 's' } }),
    cancel(api, { path: '/payments/q/cancel' }),
    cancel(api, { body: { reason: 'r', unknown: 1 } }),
  ]
  for (const { status, body } of await Promise.all(others)) {
    assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST'])
    assert.match(body.message, /was used for another request/)
  }
  assert.equal(counter.runs, 1)
})

test('the same request is recognised however its JSON is written', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  await cancel(api, { raw: '{"reason":"r","amount":1000}' })
  await cancel(api, { raw: ' { "amount": 1e3, "storeId": null, "reason": "\\u0072" } ', path: '/payments/%70/cancel' })
  assert.equal(counter.runs, 1)
})

test('quoted and bare, the key is the same key', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  for (const header of [`"${key}"`, key, ` ${key} `]) await cancel(api, { headers: { 'idempotency-key': header } })
  assert.equal(counter.runs, 1)
})

test('400 on a malformed key', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  const malformed = [
    'short',
    '"short"',
    `"${key}`,
    `${key}"`,
    'a'.repeat(257),
    `"${key}", "${key}"`,
    `"${'é'.repeat(16)}"`,
  ]
  for (const header of malformed) {
    const { status, body } = await cancel(api, { headers: { 'idempotency-key': header } })
    assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST'], header)
    assert.match(body.message, /16 to 256 ASCII characters/)
  }
  assert.equal(counter.runs, 0)
  for (const good of ['a'.repeat(16), 'a'.repeat(256)]) assert.equal((await cancel(api, { key: good })).status, 200)
})

test('refusals are kept, those of the PG too', async () => {
  const answers = [notFound(), refusedByGateway({ pgCode: 'LOST', pgMessage: 'lost card' })]
  for (const answer of answers) {
    const { counter, handlers } = counting(() => answer)
    await using api = await startApi({ handlers })
    const first = await cancel(api)
    assert.equal((await cancel(api)).text, first.text)
    assert.equal(counter.runs, 1)
  }
})

test('what a retry may change is not kept: 403, 500, a result still unknown', async () => {
  const answers: (() => CancelAnswer | Promise<CancelAnswer>)[] = [
    () => refuse('FORBIDDEN', 'no'),
    () => Promise.reject(new Error('a bug')),
    () => refusedByGateway({ pgCode: 'NARU_RESULT_UNKNOWN', pgMessage: 'timeout' }),
  ]
  for (const answer of answers) {
    const { counter, handlers } = counting((run) => (run === 1 ? answer() : cancelled(run)))
    await using api = await startApi({ handlers })
    assert.notEqual((await cancel(api)).status, 200)
    assert.equal((await cancel(api)).status, 200)
    assert.equal(counter.runs, 2)
    assert.equal(counter.requestKeys.size, 1)
  }
})

test('a key belongs to its merchant', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  const merchantId = await createMerchant(api.sql, 'Other')
  await createStore(api.sql, { merchantId, name: 'Other', mode: 'SANDBOX', isRepresentative: true })
  const { secret } = await createSecret(api.sql, { merchantId, name: 'Other' })
  await cancel(api)
  const { status } = await cancel(api, { headers: { authorization: `PortOne ${secret}` } })
  assert.equal(status, 200)
  assert.equal(counter.runs, 2)
  assert.equal(counter.requestKeys.size, 2)
})

test('a retry takes over from a server that died, under the same request key', async () => {
  const arrived = Promise.withResolvers<void>()
  const dead = Promise.withResolvers<CancelAnswer>()
  const { counter, handlers } = counting((run) => {
    if (run > 1) return cancelled(run)
    arrived.resolve()
    return dead.promise
  })
  await using api = await startApi({ handlers, lease: 60_000 })
  const lost = cancel(api)
  await arrived.promise
  assert.equal((await cancel(api)).status, 409)
  // The dead server's lease runs out.
  await api.sql`update idempotency_keys set lease_until = now() - interval '1 second'`
  const answers = await Promise.all([cancel(api), cancel(api), cancel(api)])
  for (const { status } of answers) assert.ok(status === 200 || status === 409)
  assert.equal((await cancel(api)).headers['idempotency-replayed'], 'true')
  assert.equal(counter.runs, 2)
  assert.equal(counter.requestKeys.size, 1)
  assert.equal((await cancel(api, { body: { reason: 'another' } })).status, 400)
  dead.resolve(notFound())
  await lost
})

test('a lease is renewed for as long as the work goes on', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { counter, handlers } = counting(async (run) => {
    if (run > 1) return cancelled(run)
    arrived.resolve()
    await release.promise
    return cancelled(run)
  })
  // Long enough not to run out where the machine is so busy that it is renewed late.
  await using api = await startApi({ handlers, lease: 5_000 })
  const first = cancel(api)
  await arrived.promise
  const leases = new Set<number>()
  while (leases.size < 3) {
    const [row] = await api.sql<{ lease: number }[]>`select lease_until as lease from idempotency_keys`
    leases.add(row?.lease ?? 0)
    assert.equal((await cancel(api)).status, 409)
  }
  release.resolve()
  const { text } = await first
  assert.equal((await cancel(api)).text, text)
  assert.equal(counter.runs, 1)
})

test('a server that lost its key to another does not overwrite the answer', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { handlers } = counting((run) => {
    if (run > 1) return cancelled(run)
    arrived.resolve()
    return release.promise.then(notFound)
  })
  await using api = await startApi({ handlers, lease: 60_000 })
  const first = cancel(api)
  await arrived.promise
  await api.sql`update idempotency_keys set lease_until = now() - interval '1 second'`
  const second = await cancel(api)
  release.resolve()
  await first
  assert.equal((await cancel(api)).text, second.text)
})

test('a server that stood still for longer than its lease begins nothing more, and says that somebody else may answer', async () => {
  const lease = 1_000
  const { counter, handlers } = counting((run) => {
    if (run === 1) standStill(lease + 1)
    holdLease()
    return cancelled(run)
  })
  await using api = await startApi({ handlers, lease })
  const { status, body } = await cancel(api)
  assert.deepEqual([status, body.type], [409, 'IDEMPOTENCY_OUTSTANDING_REQUEST'])
  // A busy machine may make it stand still once more.
  let again = await cancel(api)
  while (again.status === 409) again = await cancel(api)
  assert.equal(again.status, 200)
  assert(counter.runs > 1)
  assert.deepEqual(api.logged, [])
})

/** Nothing else happens in this process meanwhile, as where a machine is paused. */
const standStill = (milliseconds: number): void => {
  const end = realTime() + milliseconds
  while (realTime() < end) {}
}

test('a client that goes away calls nothing off', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { counter, handlers } = counting(cancelled)
  const cancelPayment: Cancel = async (call) => {
    arrived.resolve()
    await release.promise
    return await handlers.cancelPayment(call)
  }
  await using api = await startApi({ handlers: { cancelPayment } })
  const socket = connect(api.port, '127.0.0.1')
  const head = `POST /payments/p/cancel HTTP/1.1\r\nhost: a\r\nauthorization: PortOne ${api.secret}\r\n`
  socket.write(`${head}idempotency-key: ${key}\r\ncontent-length: 14\r\n\r\n{"reason":"r"}`)
  await arrived.promise
  socket.destroy()
  release.resolve()
  let answer = await cancel(api)
  while (answer.status === 409) answer = await cancel(api)
  assert.deepEqual([answer.status, answer.headers['idempotency-replayed']], [200, 'true'])
  assert.equal(counter.runs, 1)
})

test('an expired key is as good as new, and swept away', async () => {
  const { counter, handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  await cancel(api)
  await api.sql`update idempotency_keys set expires_at = now() - interval '1 second', lease_until = now()`
  const { status, headers } = await cancel(api, { body: { reason: 'another' } })
  assert.deepEqual([status, headers['idempotency-replayed']], [200, undefined])
  assert.equal(counter.runs, 2)
})

test('no key, no row; nor for reading', async () => {
  const { handlers } = counting(cancelled)
  await using api = await startApi({ handlers: { ...handlers, getPayment: async () => notFound() } })
  await cancel(api, { headers: { 'idempotency-key': '' } })
  await api.request('GET', '/payments/p', { headers: { 'idempotency-key': 'not even a key' } })
  const [row] = await api.sql<{ count: number }[]>`select count(*) as count from idempotency_keys`
  assert.equal(row?.count, 0)
})

test('a card number leaves no trace that could be guessed', async () => {
  const { handlers } = counting(cancelled)
  await using api = await startApi({ handlers })
  await cancel(api, { body: { reason: '4242424242424242' } })
  const [row] = await api.sql<{ fingerprint: Buffer }[]>`select fingerprint from idempotency_keys`
  const guess = JSON.stringify(['cancelPayment', { paymentId: 'p' }, {}, { reason: '4242424242424242' }])
  assert.notDeepEqual(row?.fingerprint, createHash('sha256').update(guess).digest())
})
