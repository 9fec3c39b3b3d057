import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { pino } from 'pino'
import { second } from '../kernel/clock.ts'
import { DueLoop } from '../workers/loop.ts'
import { lookForWork } from '../workers/sweep.ts'
import { nextDue } from '../workers/testing/next-due.ts'
import { loadDelivery } from './delivery.ts'
import { defaultLimits } from './dial.ts'
import { webhookDue } from './due.ts'
import { createResolver, NoAddress } from './resolve.ts'
import { findWebhook } from './store.ts'
import { startDnsServer } from './testing/dns-server.ts'
import { addStore, announcePaid, openFixture, runDue, stopClock } from './testing/fixture.ts'
import { startReceiver } from './testing/receiver.ts'

const noon = Date.UTC(2030, 5, 15, 12)
const deadName = (index: number) => `dead-${index}.example`

/** A module whose DNS server does not answer for any name. */
const openDeadRoom = async (limits: Partial<typeof defaultLimits>) => {
  const names = Array.from({ length: 200 }, (_, index) => deadName(index))
  const server = await startDnsServer(Object.fromEntries(names.map((name) => [name, 'dead' as const])))
  const nowhere = { hosts: () => undefined, searchList: (name: string) => [name] }
  const closed = new AbortController()
  const own = { servers: [server.address], timeLimit: 300 * second, closed: closed.signal }
  const resolver = createResolver({ ...nowhere, ...own })
  const resolved: string[] = []
  // The resolver gives up after half a minute by itself, which a busy machine may need for a test.
  const resolve: typeof resolver = async (name) => {
    resolved.push(name)
    return await resolver(name).catch(async (error: unknown) => {
      if (!closed.signal.aborted) await once(closed.signal, 'abort')
      throw error
    })
  }
  const fixture = await openFixture({ dialer: { resolve, limits: { ...defaultLimits, ...limits } } })
  await addStore(fixture.sql, 'store-1')
  const close = async () => {
    closed.abort()
    await fixture[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  }
  return { ...fixture, resolved, [Symbol.asyncDispose]: close }
}

test('180 targets whose names do not resolve hold up no other target, and a clock that waits ends them', async () => {
  await using fixture = await openDeadRoom({ connect: 300 * second, overall: 300 * second, hurriedConnect: 50 })
  await using receiver = await startReceiver()
  const dead = Array.from({ length: 180 }, (_, index) => `http://${deadName(index)}/webhook`)
  await announcePaid(fixture.sql, 'store-1', dead)
  const source = webhookDue(fixture.parts)
  const loop = new DueLoop(lookForWork(fixture.sql, [source]), [source], pino({ level: 'silent' }))
  loop.start()
  // Dead ones have been claimed before the other is due.
  while (fixture.resolved.length < 100) await new Promise(setImmediate)
  await announcePaid(fixture.sql, 'store-1', [receiver.url])
  loop.wake()
  await receiver.arrived(1)
  const [{ count }] = await fixture.sql<[{ count: number }]>`
    select count(*)::integer as count from webhooks where status = 'FAILED_UNEXPECTED_ERROR'`
  assert.equal(count, 0)

  const stopped = loop.stop()
  source.hurry?.('store-1')
  await stopped
})

test('a target that cannot be reached is tried by one delivery of each store at a time', async () => {
  await using fixture = await openDeadRoom({ connect: 1_100 })
  await stopClock(fixture.sql, 'store-1', noon)
  const urls = Array.from({ length: 10 }, (_, index) => `http://${deadName(0)}/${index}`)
  await announcePaid(fixture.sql, 'store-1', urls, { at: noon })
  const source = webhookDue(fixture.parts)
  assert.equal(await runDue(source), 8)
  const probes = await source.claim('store-1', source.concurrency)
  assert.equal(probes.length, 1)
  assert.equal((await source.claim('store-1', source.concurrency)).length, 0)
  await addStore(fixture.sql, 'store-2')
  await announcePaid(fixture.sql, 'store-2', urls)
  assert.equal((await source.claim('store-2', source.concurrency)).length, 1)
  assert.equal((await source.claim('store-2', source.concurrency)).length, 0)
})

test('a clock that is advanced waits once for a target that cannot be reached', async () => {
  await using fixture = await openDeadRoom({ hurriedConnect: 50 })
  assert.deepEqual(await advanceOver(fixture, `http://${deadName(0)}/`), [6, 'FAILED_UNEXPECTED_ERROR'])
  assert.deepEqual(fixture.resolved, [deadName(0)])
})

test('a clock that is advanced asks once for a name that nobody knows', async () => {
  const resolved: string[] = []
  const resolve = async (name: string) => {
    resolved.push(name)
    throw new NoAddress(`No address was found for ${name}.`)
  }
  await using fixture = await openFixture({ dialer: { resolve } })
  await addStore(fixture.sql, 'store-1')
  assert.deepEqual(await advanceOver(fixture, `http://${deadName(0)}/`), [6, 'FAILED_UNEXPECTED_ERROR'])
  assert.deepEqual(resolved, [deadName(0)])
})

test('a clock that is advanced waits once for a target that takes the connection and never answers', async () => {
  await using fixture = await openDeadRoom({ hurriedRead: 500 })
  let requests = 0
  const server = createServer(() => requests++).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  assert.deepEqual(await advanceOver(fixture, `http://127.0.0.1:${address.port}/`), [6, 'FAILED_UNEXPECTED_ERROR'])
  assert.equal(requests, 1)
  server.close().closeAllConnections()
})

test('a clock that is advanced waits once for a body that never ends, and then goes by the status', async () => {
  await using fixture = await openDeadRoom({ hurriedRead: 3_000 })
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    // A piece now and then: no silence is ever long.
    const timer = setInterval(() => response.write('.'), 50)
    response.on('close', () => clearInterval(timer))
    response.writeHead(503).write('The beginning')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  assert.deepEqual(await advanceOver(fixture, `http://127.0.0.1:${address.port}/`), [6, 'FAILED_NOT_OK_RESPONSE'])
  assert.equal(requests, 6)
  // Nothing of the last one was waited for.
  const [last] = await fixture.sql`select response_code, response_body from webhooks`
  assert.deepEqual([last?.response_code, last?.response_body], ['503', ''])
  server.close().closeAllConnections()
})

/** Runs each attempt at its own instant, as a moving clock does. Returns how many there were, and how it ended. */
const advanceOver = async (fixture: Awaited<ReturnType<typeof openFixture>>, url: string) => {
  const [webhookId = ''] = await announcePaid(fixture.sql, 'store-1', [url], { at: noon })
  const source = webhookDue(fixture.parts)
  source.hurry?.('store-1')
  const dueAt = async () => (await loadDelivery(fixture.sql, 'store-1', webhookId))?.dueAt ?? undefined
  for (let at = await dueAt(); at !== undefined; at = await dueAt()) {
    await stopClock(fixture.sql, 'store-1', at)
    const [item] = await nextDue(fixture.sql, source, 'store-1', at)
    assert.ok(item !== undefined)
    await source.run(item)
  }
  const record = await findWebhook(fixture.sql, 'store-1', webhookId)
  return [record?.executionCount, record?.status]
}
