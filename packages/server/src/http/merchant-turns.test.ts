import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { Turns } from '../kernel/turns.ts'
import { createMerchant, createSecret, createStore } from '../merchants/setup.ts'
import { startApi } from './testing/api.ts'

const path = '/platform/discount-share-policies'
const policy = {
  id: 'policy',
  graphqlId: 'policy',
  name: 'x'.repeat(1_000),
  partnerShareRate: 0,
  isArchived: false,
  appliedAt: '2026-01-01T00:00:00Z',
  isForTest: false,
}

/** A server whose lists of one merchant each wait for the test. */
const startLists = async (items: number) => {
  const events = new EventEmitter()
  const story: string[] = []
  const running = { now: 0, most: 0 }
  let held: string | undefined
  let release = Promise.withResolvers<void>()
  const api = await startApi({
    turns: {
      lists: new Turns({ each: 2, all: 16, waiting: 2 }),
      bulkWrites: new Turns({ each: 1, all: 16, waiting: 2 }),
    },
    handlers: {
      getPlatformDiscountSharePolicies: async ({ principal: { merchantId } }) => {
        story.push(merchantId)
        events.emit('begun')
        if (merchantId === held) {
          running.now += 1
          running.most = Math.max(running.most, running.now)
          await release.promise
          running.now -= 1
        }
        const page = { number: 0, size: items, totalCount: items }
        return { items: Array.from({ length: items }, () => policy), page }
      },
    },
  })
  const other = await createMerchant(api.sql, 'Other')
  await createStore(api.sql, { merchantId: other, name: 'Other', mode: 'SANDBOX', isRepresentative: true })
  const { secret } = await createSecret(api.sql, { merchantId: other, name: 'Other' })
  return {
    api,
    story,
    running,
    hold: () => {
      held = api.merchantId
      release = Promise.withResolvers()
    },
    release: () => release.resolve(),
    begun: async (count: number) => {
      while (story.filter((one) => one === api.merchantId).length < count) await once(events, 'begun')
    },
    own: () => api.request('GET', path),
    others: () => api.request('GET', path, { headers: { authorization: `PortOne ${secret}` } }),
  }
}

describe('lists', () => {
  test('of one merchant are worked on two at a time, and of another beside them', async () => {
    await using stack = new AsyncDisposableStack()
    const { api, running, hold, release, begun, own, others } = await startLists(1)
    stack.use(api)
    hold()
    const all = [own(), own()]
    await begun(2)
    const more = [own(), own(), own(), own()]
    // Two may wait, so that the others are told at once.
    const refused = await Promise.race(more)
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
    assert.match(refused.body.message, /lists/)
    assert.equal((await others()).status, 200)
    release()
    const answers = await Promise.all([...all, ...more])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 503, 503])
    assert.equal(running.most, 2)
    assert.deepEqual(api.violations, [])
  })

  test('that nobody reads keep the place of their merchant, until the client is gone', async () => {
    await using stack = new AsyncDisposableStack()
    const { api, story, begun, own, others } = await startLists(20_000)
    stack.use(api)
    const unread = [1, 2].map(() => {
      const socket = connect(api.port, '127.0.0.1').pause()
      socket.write(`GET ${path} HTTP/1.1\r\nhost: naru\r\nauthorization: PortOne ${api.secret}\r\n\r\n`)
      return socket
    })
    await begun(2)
    const waiting = own()
    await others()
    story.push('one is gone')
    unread[0]?.destroy()
    assert.equal((await waiting).body.items.length, 20_000)
    assert.deepEqual(story.slice(-2), ['one is gone', api.merchantId])
    unread[1]?.destroy()
  })
})

const bulk = '/platform/partner-settlements/delete'

/** A server whose bulk writes of one merchant wait for the test. */
const startBulkWrites = async () => {
  const events = new EventEmitter()
  const begun: string[] = []
  const release = Promise.withResolvers<void>()
  const running = { now: 0, most: 0 }
  const turns = { lists: new Turns({ each: 2, all: 16 }), bulkWrites: new Turns({ each: 1, all: 16, waiting: 2 }) }
  const api = await startApi({
    turns,
    handlers: {
      deletePlatformPartnerSettlements: async ({ body, principal: { merchantId } }) => {
        begun.push(...body.partnerSettlementIds)
        events.emit('begun')
        running.now += 1
        running.most = Math.max(running.most, running.now)
        if (merchantId === api.merchantId) await release.promise
        running.now -= 1
        return {}
      },
    },
  })
  const other = await createMerchant(api.sql, 'Other')
  await createStore(api.sql, { merchantId: other, name: 'Other', mode: 'SANDBOX', isRepresentative: true })
  const { secret } = await createSecret(api.sql, { merchantId: other, name: 'Other' })
  return {
    api,
    turns,
    other: `PortOne ${secret}`,
    begun,
    running,
    firstBegun: once(events, 'begun'),
    release: release.resolve,
  }
}

describe('bulk writes', () => {
  test('of one merchant are worked on one at a time, and of another beside them', async () => {
    await using stack = new AsyncDisposableStack()
    const { api, other, begun, running, firstBegun, release } = await startBulkWrites()
    stack.use(api)
    const write = (id: string) => api.request('POST', bulk, { body: { partnerSettlementIds: [id] } })
    const first = write('first')
    await firstBegun
    const more = ['a', 'b', 'c'].map(write)
    // Two may wait, so that the third is told at once. It has changed nothing.
    const refused = await Promise.race(more)
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
    assert.match(refused.body.message, /Nothing was changed/)
    const theirs = await api.request('POST', bulk, {
      headers: { authorization: other },
      body: { partnerSettlementIds: ['theirs'] },
    })
    assert.equal(theirs.status, 200)
    assert.deepEqual([begun, running.most], [['first', 'theirs'], 2])
    release()
    const answers = await Promise.all([first, ...more])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 503])
    assert.equal(begun.length, 4)
    assert.deepEqual(api.violations, [])
  })

  test('of a client that has left while they waited are not begun', async () => {
    await using stack = new AsyncDisposableStack()
    const { api, turns, begun, firstBegun, release } = await startBulkWrites()
    stack.use(api)
    const write = (id: string) => api.request('POST', bulk, { body: { partnerSettlementIds: [id] } })
    const first = write('first')
    await firstBegun
    const body = JSON.stringify({ partnerSettlementIds: ['left'] })
    const socket = connect(api.port, '127.0.0.1')
    const head = `POST ${bulk} HTTP/1.1\r\nhost: naru\r\nauthorization: PortOne ${api.secret}\r\n`
    socket.write(`${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    const waiting = write('waiting')
    while (!turns.bulkWrites.isFull(api.merchantId)) await api.request('GET', path)
    socket.destroy()
    while (turns.bulkWrites.isFull(api.merchantId)) await api.request('GET', path)
    release()
    assert.deepEqual([(await first).status, (await waiting).status], [200, 200])
    assert.deepEqual(begun, ['first', 'waiting'])
  })
})
