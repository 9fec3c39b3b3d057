import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { Webhook as PortOneWebhook } from '@portone/server-sdk'
import { connect, type Sql } from '../db/connect.ts'
import { keptCounts } from '../db/kept.ts'
import { day, minute, second, toIso } from '../kernel/clock.ts'
import { DueLoop } from '../workers/loop.ts'
import { lookForWork } from '../workers/sweep.ts'
import { nextDue } from '../workers/testing/next-due.ts'
import { loadDelivery } from './delivery.ts'
import { defaultLimits } from './dial.ts'
import { webhookDue } from './due.ts'
import { findWebhook } from './store.ts'
import { addStore, announcePaid, openFixture, runDue, secret, stopClock } from './testing/fixture.ts'
import { type Received, startReceiver } from './testing/receiver.ts'
import { paymentWebhook } from './view.ts'

const noon = Date.UTC(2030, 5, 15, 12)

const viewOf = async (sql: Sql, webhookId: string | undefined) => {
  const record = await findWebhook(sql, 'store-1', webhookId ?? '')
  assert.ok(record !== undefined)
  return paymentWebhook(record)
}

const dueAtOf = async (sql: Sql, webhookId: string | undefined) =>
  (await loadDelivery(sql, 'store-1', webhookId ?? ''))?.dueAt

const verify = (request: Received | undefined, key = secret) =>
  PortOneWebhook.verify(key, request?.body ?? '', { ...request?.headers })

test('after a delivery, lists by webhooks are counted anew', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  const counts = keptCounts(fixture.parts.sql)
  const kept = { tables: ['payments', 'webhooks'], storeIds: ['store-1'], of: '{}', from: 0, until: noon }
  await counts.keep(kept, Promise.resolve({ count: 7, resets: '0' }))
  assert.equal(await runDue(webhookDue(fixture.parts)), 1)
  assert.equal(counts.find(kept, 100), undefined)
})

test('a delivery arrives signed, and its record shows how it went by the clock of the store', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver((_request, response) => response.writeHead(201).end('thanks'))
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  assert.deepEqual(await viewOf(fixture.sql, webhookId), {
    paymentStatus: 'PAID',
    id: webhookId,
    url: receiver.url,
    isAsync: true,
    currentExecutionCount: 0,
    maxExecutionCount: 6,
  })

  assert.equal(await runDue(webhookDue(fixture.parts)), 1)

  const [request] = receiver.received
  assert.ok(request !== undefined)
  assert.equal(request.headers['webhook-id'], webhookId)
  assert.equal(request.headers['content-type'], 'application/json')
  assert.equal(request.headers['user-agent'], 'Naru/0.0.0')
  const verified = await verify(request)
  assert.equal('timestamp' in verified && verified.timestamp, toIso(noon))
  const view = await viewOf(fixture.sql, webhookId)
  assert.equal(view.status, 'SUCCEEDED')
  assert.equal(view.currentExecutionCount, 1)
  assert.equal(view.triggeredAt, toIso(noon))
  assert.equal(view.request?.body, request.body)
  assert.equal(view.request?.requestedAt, toIso(noon))
  assert.match(
    view.request?.header ?? '',
    new RegExp(`^webhook-signature: ${RegExp.escape(String(request.headers['webhook-signature']))}$`, 'm'),
  )
  assert.equal(view.response?.code, '201')
  assert.equal(view.response?.body, 'thanks')
  assert.equal(view.response?.respondedAt, toIso(noon))
  assert.equal(await dueAtOf(fixture.sql, webhookId), null)
})

test('a failing receiver is tried six times on the schedule, the same message signed anew each time', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver((_request, response) => response.writeHead(500).end())
  const { sql } = fixture
  const source = webhookDue(fixture.parts)
  await addStore(sql, 'store-1')
  const [webhookId] = await announcePaid(sql, 'store-1', [receiver.url], { at: noon })

  let due = noon
  for (const wait of [1, 4, 16, 64, 256]) {
    await stopClock(sql, 'store-1', due - 1)
    assert.equal(await runDue(source), 0)
    await stopClock(sql, 'store-1', due)
    assert.equal(await runDue(source), 1)
    due += (wait * minute) / 2
    assert.equal(await dueAtOf(sql, webhookId), due)
  }
  await stopClock(sql, 'store-1', due)
  assert.equal(await runDue(source), 1)
  assert.equal(await dueAtOf(sql, webhookId), null)
  await stopClock(sql, 'store-1', due + 30 * day)
  assert.equal(await runDue(source), 0)

  assert.equal(receiver.received.length, 6)
  assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1)
  for (const request of receiver.received) {
    assert.equal(request.headers['webhook-id'], webhookId)
    await verify(request)
  }
  const view = await viewOf(sql, webhookId)
  assert.equal(view.status, 'FAILED_NOT_OK_RESPONSE')
  assert.equal(view.currentExecutionCount, 6)
})

test('a receiver that comes back gets the message and the record forgets the failure', async () => {
  await using fixture = await openFixture()
  let isUp = false
  await using receiver = await startReceiver((request, response) => (isUp ? response.end() : request.socket.destroy()))
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  await runDue(webhookDue(fixture.parts))
  const failed = await viewOf(fixture.sql, webhookId)
  assert.equal(failed.status, 'FAILED_UNEXPECTED_ERROR')
  assert.equal(failed.response, undefined)
  isUp = true
  await stopClock(fixture.sql, 'store-1', noon + minute)
  await runDue(webhookDue(fixture.parts))
  const delivered = await viewOf(fixture.sql, webhookId)
  assert.equal(delivered.status, 'SUCCEEDED')
  assert.equal(delivered.response?.code, '200')
  assert.equal(delivered.currentExecutionCount, 2)
})

test('with two secrets the receiver may verify with either', async () => {
  const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  await using fixture = await openFixture({ secrets: [secret, other] })
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await announcePaid(fixture.sql, 'store-1', [receiver.url])
  await runDue(webhookDue(fixture.parts))
  await verify(receiver.received[0], secret)
  await verify(receiver.received[0], other)
})

test("a live store's webhook does not reach loopback, a sandbox store's does", async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1', 'LIVE')
  await addStore(fixture.sql, 'store-2', 'SANDBOX')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])
  const [other] = await announcePaid(fixture.sql, 'store-2', [receiver.url])
  for (const storeId of ['store-1', 'store-2']) await runDue(webhookDue(fixture.parts), 1, storeId)
  assert.equal((await viewOf(fixture.sql, webhookId)).status, 'FAILED_UNEXPECTED_ERROR')
  assert.deepEqual(
    receiver.received.map(({ headers }) => headers['webhook-id']),
    [other],
  )
})

test('a slow receiver holds up nobody but itself', async () => {
  await using fixture = await openFixture()
  const held: ServerResponse[] = []
  await using slow = await startReceiver((_request, response) => held.push(response))
  await using quick = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await announcePaid(
    fixture.sql,
    'store-1',
    Array.from({ length: 10 }, (_, index) => `${slow.url}/${index}`),
  )
  const source = webhookDue(fixture.parts)
  const stuck = (await source.claim('store-1', source.concurrency)).map((item) => source.run(item))
  assert.equal(stuck.length, 8)
  await slow.arrived(8)

  await announcePaid(fixture.sql, 'store-1', [quick.url])
  assert.equal(await runDue(source), 1)
  assert.equal(quick.received.length, 1)

  for (const response of held.splice(0)) response.end()
  await Promise.all(stuck)
  const rest = (await source.claim('store-1', source.concurrency)).map((item) => source.run(item))
  assert.equal(rest.length, 2)
  await slow.arrived(10)
  for (const response of held) response.end()
  await Promise.all(rest)
})

test('2,000 slow deliveries of one store do not delay the webhook of another to the same receiver', async () => {
  const forever = 600 * second
  const limits = { ...defaultLimits, read: forever, hurriedRead: forever, overall: forever }
  await using fixture = await openFixture({ dialer: { limits } })
  const held: ServerResponse[] = []
  await using shared = await startReceiver((request, response) =>
    request.url === '/quick' ? response.end() : held.push(response),
  )
  const { origin } = new URL(shared.url)
  await addStore(fixture.sql, 'slow')
  await addStore(fixture.sql, 'quick')
  const slow = Array.from({ length: 2_000 }, (_, index) => `${origin}/slow/${index}`)
  await announcePaid(fixture.sql, 'slow', slow)
  const source = webhookDue(fixture.parts)
  const loop = new DueLoop(lookForWork(fixture.sql, [source]), [source], fixture.parts.logger)
  loop.start()
  await shared.arrived(8)
  assert.equal(held.length, 8)
  await announcePaid(fixture.sql, 'quick', [`${origin}/quick`])
  loop.wake()
  await shared.arrived(9)
  assert.equal(shared.received.at(-1)?.path, '/quick')

  const stopped = loop.stop()
  for (const response of held) response.end()
  await stopped
})

test('a receiver that is busy with 64 deliveries gets one more of each other store', async () => {
  await using fixture = await openFixture()
  const stores = Array.from({ length: 10 }, (_, index) => `store-${index}`)
  for (const storeId of stores) {
    await addStore(fixture.sql, storeId)
    const urls = Array.from({ length: 10 }, (_, index) => `http://receiver.example/${index}`)
    await announcePaid(fixture.sql, storeId, urls)
  }
  const source = webhookDue(fixture.parts)
  const claimed: number[] = []
  for (const storeId of stores) claimed.push((await source.claim(storeId, 50)).length)
  assert.deepEqual(claimed, [8, 8, 8, 8, 8, 8, 8, 8, 1, 1])
  for (const storeId of stores) assert.equal((await source.claim(storeId, 50)).length, 0)
})

test('two workers at once deliver everything once', async () => {
  await using fixture = await openFixture()
  const receivers = await Promise.all(Array.from({ length: 5 }, () => startReceiver()))
  await addStore(fixture.sql, 'store-1')
  const urls = receivers.flatMap(({ url }) => Array.from({ length: 12 }, (_, index) => `${url}/${index}`))
  await announcePaid(fixture.sql, 'store-1', urls)
  const work = async () => {
    const source = webhookDue(fixture.parts)
    while ((await runDue(source, 5)) > 0);
  }
  await Promise.all([work(), work()])
  await work()
  const received = receivers.flatMap((receiver) =>
    receiver.received.map(({ path, headers }) => `${headers.host}${path}`),
  )
  assert.deepEqual(received.sort(), urls.map((url) => url.replace('http://', '')).sort())
  for (const receiver of receivers) await receiver[Symbol.asyncDispose]()
})

test('a server that stops does not wait for a silent receiver, which is not blamed and gets the message from the next', async () => {
  await using fixture = await openFixture()
  const held: ServerResponse[] = []
  await using receiver = await startReceiver((_request, response) => held.push(response))
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])
  const source = webhookDue(fixture.parts)
  const silent = runDue(source)
  await receiver.arrived(1)
  source.stop?.()
  await silent
  const { status, currentExecutionCount } = await viewOf(fixture.sql, webhookId)
  assert.deepEqual([status, currentExecutionCount], [undefined, 0])

  const next = runDue(webhookDue(fixture.parts))
  await receiver.arrived(2)
  held[1]?.end()
  assert.equal(await next, 1)
  const delivered = await viewOf(fixture.sql, webhookId)
  assert.deepEqual([delivered.status, delivered.currentExecutionCount], ['SUCCEEDED', 1])
})

test('a worker that dies between sending and recording leaves the delivery to be made again', async () => {
  await using fixture = await openFixture()
  const held: ServerResponse[] = []
  await using receiver = await startReceiver((_request, response) => held.push(response))
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])

  const dyingSql = connect(fixture.databaseUrl)
  const dying = runDue(webhookDue({ ...fixture.parts, sql: dyingSql }))
  await receiver.arrived(1)
  await dyingSql.end({ timeout: 0 })
  held.shift()?.end()
  await assert.rejects(dying)

  await fixture.sql`update webhooks set leased_until = now() - interval '1 second'`
  const retrying = runDue(webhookDue(fixture.parts))
  await receiver.arrived(2)
  held.shift()?.end()
  await retrying
  assert.deepEqual(
    receiver.received.map(({ headers }) => headers['webhook-id']),
    [webhookId, webhookId],
  )
  assert.equal((await viewOf(fixture.sql, webhookId)).status, 'SUCCEEDED')
})

test('a worker that outlived its lease does not undo what another recorded', async () => {
  await using fixture = await openFixture()
  const held: ServerResponse[] = []
  await using receiver = await startReceiver((_request, response) => held.push(response))
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])

  const late = runDue(webhookDue(fixture.parts))
  await receiver.arrived(1)
  await fixture.sql`update webhooks set leased_until = now() - interval '1 second'`
  const timely = runDue(webhookDue(fixture.parts))
  await receiver.arrived(2)
  held[1]?.end()
  await timely
  held[0]?.writeHead(500).end()
  await late

  const view = await viewOf(fixture.sql, webhookId)
  assert.equal(view.status, 'SUCCEEDED')
  assert.equal(view.currentExecutionCount, 1)
  assert.equal(await dueAtOf(fixture.sql, webhookId), null)
})

test('running an item that was found but has been run since does nothing', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  const source = webhookDue(fixture.parts)
  const [item] = await nextDue(fixture.sql, source, 'store-1', noon)
  assert.ok(item !== undefined)
  await source.run(item)
  await source.run(item)
  assert.equal(receiver.received.length, 1)
  assert.deepEqual(await nextDue(fixture.sql, source, 'store-1', noon), [])
})
