import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, test } from 'node:test'
import { beginAdvance, finishAdvance, moveClock } from '../src/sandbox/clock-store.ts'
import { type Answer, request, typeOf } from './support/api.ts'
import { withConnection } from './support/cluster.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const minute = 60_000
const hour = 60 * minute

describe('travelling in time', async () => {
  const naru = await startNaru()
  const second = await naru.another()

  const pay = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
    return paymentId
  }
  const read = ({ api }: TestStore, paymentId: string) => api.call('getPayment', { path: { paymentId } })
  test('a webhook is tried six times, each at its instant, in order', async () => {
    const unwell: RequestListener = (_request, response) => response.writeHead(503).end()
    const store = await naru.newStore({ answer: unwell })
    await store.api.call('stopSandboxClock')
    const start = await store.now()
    const paymentId = await pay(store)
    await store.webhooks.next('Transaction.Paid', { paymentId })
    const ran = (await store.advance({ hours: 6 })).filter(({ source }) => source === 'webhook')
    const instants = ran.map(({ at }) => Date.parse(at))
    // The first attempt is made at once, by the loop or by the clock, whichever comes first.
    const retries = ran.length === 6 ? instants.slice(1) : instants
    assert.equal(retries.length, 5)
    let before = start
    for (const [index, instant] of retries.entries()) {
      const wait = instant - before
      assert(wait >= 0 && wait < 4 ** index * minute, `retry ${index + 1} came after ${wait} ms`)
      before = instant
    }
    assert.equal(store.webhooks.received.length, 6)
    assert.equal(new Set(store.webhooks.received.map(({ id, body }) => id + body)).size, 1)
    const [kept] = (await read(store, paymentId)).webhooks ?? []
    assert.deepEqual([kept?.status, kept?.currentExecutionCount], ['FAILED_NOT_OK_RESPONSE', 6])
    assert.deepEqual((await store.advance({ days: 1 })).length, 0)
  })

  test('other stores stay where they are', async () => {
    const [traveller, other] = [await naru.newStore(), await naru.newStore()]
    const account = { method: virtualAccount({ validHours: 1 }) }
    const [here, there] = [await pay(traveller, account), await pay(other, account)]
    await traveller.advance({ days: 400 })
    assert.equal((await read(traveller, here)).status, 'FAILED')
    assert.equal((await read(other, there)).status, 'VIRTUAL_ACCOUNT_ISSUED')
    assert((await traveller.now()) - (await other.now()) > 399 * 24 * hour)
  })

  test('an access token is good for half an hour of the store’s time', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const { accessToken } = await store.portone.auth.loginViaApiSecret({ apiSecret: store.apiSecret })
    const statusWithToken = async () => {
      const headers = { authorization: `Bearer ${accessToken}` }
      return (await request(naru.url, { method: 'GET', path: '/payments', headers })).status
    }
    await store.advance({ minutes: 29, seconds: 59 })
    assert.equal(await statusWithToken(), 200)
    await store.advance({ seconds: 1 })
    assert.equal(await statusWithToken(), 401)
  })

  test('a stopped clock stands still, a started one runs on from there', async () => {
    const store = await naru.newStore()
    await store.advance({ hours: 1 })
    const { now, isStopped } = await store.api.call('stopSandboxClock')
    assert(isStopped)
    const paymentId = await pay(store)
    assert.equal((await read(store, paymentId)).requestedAt, now)
    await store.advance({ minutes: 1 })
    assert.equal(await store.now(), Date.parse(now) + minute)
    const started = await store.api.call('startSandboxClock')
    assert(!started.isStopped && Date.parse(started.now) >= Date.parse(now) + minute)
    const back = { body: { to: now } }
    assert.equal(typeOf(await store.api.send('advanceSandboxClock', back)), 'INVALID_REQUEST')
    await store.api.call('resetSandboxStore')
    assert((await store.now()) < Date.parse(now))
  })

  test('two advances at once follow each other, also on two servers', async () => {
    const store = await naru.newStore()
    const second = (await naru.another()).clientsOf(store.apiSecret)
    await store.api.call('stopSandboxClock')
    const start = await store.now()
    const paymentId = await pay(store, { method: virtualAccount({ validHours: 1 }) })
    const body = { hours: 2 }
    const advances = await Promise.all([
      store.api.call('advanceSandboxClock', { body }),
      store.api.call('advanceSandboxClock', { body }),
      second.api.call('advanceSandboxClock', { body }),
    ])
    assert.equal(await store.now(), start + 6 * hour)
    const expiries = advances.flatMap(({ ran }) => ran).filter(({ source }) => source === 'payment')
    assert(expiries.length >= 1)
    const failed = await read(store, paymentId)
    assert(failed.status === 'FAILED')
    assert.equal(Date.parse(failed.failedAt), start + hour)
  })

  test('an advance that a server left half-way is finished by the next server', async () => {
    const store = await naru.newStore()
    const paymentId = await pay(store, { method: virtualAccount({ validHours: 1 }) })
    const lease = Date.now() + hour
    const given = { lease, holder: null }
    const begun = await beginAdvance(naru.database.sql, store.storeId, (now) => now + 3 * hour, given)
    assert(typeof begun === 'number')
    // The lease of the server that died has run out.
    await naru.database.sql`update stores set clock_lease_until = 'epoch' where store_id = ${store.storeId}`
    await naru.another()
    while ((await store.now()) < begun);
    assert.equal((await read(store, paymentId)).status, 'FAILED')
    assert.equal((await store.api.call('getSandboxClock')).isStopped, false)
  })

  test('an advance that failed is taken over by its own server at once, and by no other', async () => {
    const store = await naru.newStore()
    const { sql } = naru.database
    await sql`insert into servers (server_id, alive_until) values ('one', now() + interval '1 hour')`
    const begin = (holder: string) =>
      beginAdvance(sql, store.storeId, (now) => now + hour, { lease: Date.now() + hour, holder })
    assert.equal(typeof (await begin('one')), 'number')
    assert.equal(await begin('other'), 'busy')
    assert.equal(typeof (await begin('one')), 'number')
    await sql`delete from servers where server_id = 'one'`
  })

  test('an advance that failed is finished without another request', async () => {
    const store = await naru.newStore()
    const paymentId = await pay(store, { method: virtualAccount({ validHours: 1 }) })
    const { sql } = naru.database
    const [living] = await sql<{ id: string }[]>`select server_id as id from servers order by server_id desc limit 1`
    assert(living !== undefined)
    // As where the database was lost right after it had begun.
    const lease = { lease: Date.now() + hour, holder: living.id }
    const target = await beginAdvance(sql, store.storeId, (now) => now + 3 * hour, lease)
    assert(typeof target === 'number')
    while ((await store.now()) < target);
    assert.equal((await read(store, paymentId)).status, 'FAILED')
    assert.equal((await store.api.call('getSandboxClock')).isStopped, false)
  })

  test('a reset calls off an advance that is under way, and leaves the clock running', async () => {
    const store = await naru.newStore()
    const { sql } = naru.database
    const [lease, real] = [Date.now() + hour, Date.now()]
    const target = await beginAdvance(sql, store.storeId, (now) => now + hour, {
      lease,
      holder: null,
    })
    assert(typeof target === 'number')
    await store.api.call('resetSandboxStore')
    const held = { lease, holder: null }
    assert.equal(await moveClock(sql, store.storeId, target, held, lease), undefined)
    assert.equal(await finishAdvance(sql, store.storeId, target, held), false)
    const { now, isStopped } = await store.api.call('getSandboxClock')
    assert.equal(isStopped, false)
    assert(Date.parse(now) >= real && Date.parse(now) < target)
  })

  test('a clock waits for what another server that lives is delivering, and does not deliver it once more', async () => {
    const arrived = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const store = await naru.newStore({
      answer: (_request, response) => {
        arrived.resolve()
        void release.promise.then(() => response.end())
      },
    })
    const there = second.clientsOf(store.apiSecret)
    await pay({ ...store, ...there })
    await arrived.promise
    // Whichever server delivers, the other one's clock waits for it, and so does its own.
    const advances = [store, there].map(({ api }) => api.call('advanceSandboxClock', { body: { days: 3 } }))
    const isOver = Promise.all(advances).then(() => 'over' as const)
    const isMoving = async () => {
      const { sql } = naru.database
      return (await sql`select from stores where store_id = ${store.storeId} and clock_target is not null`).count === 1
    }
    const waits = (async () => {
      while (!(await isMoving()));
      return 'waits' as const
    })()
    assert.equal(await Promise.race([isOver, waits]), 'waits')
    release.resolve()
    await isOver
    assert.deepEqual(timesOf(store), [1])
  })

  test('a server that stood still while it moved a clock, and was overtaken, turns nothing back', async () => {
    const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const store = await naru.newStore({
      answer: (_request, response) => {
        arrived.resolve()
        void release.promise.then(() => response.end())
      },
    })
    const { sql } = naru.database
    await store.api.call('stopSandboxClock')
    const start = await store.now()
    await pay(store)
    await arrived.promise
    const slow = store.api.call('advanceSandboxClock', { body: { days: 1 } })
    const isTaken = () => sql`
      update stores set clock_lease_until = 'epoch' where store_id = ${store.storeId} and clock_target is not null`
    while ((await isTaken()).count === 0);
    // To an instant, not by three days: the other server's own loop may finish the abandoned day before it comes to this request.
    const end = start + 3 * 24 * hour
    const body = { to: new Date(end).toISOString() }
    const fast = second.clientsOf(store.apiSecret).api.call('advanceSandboxClock', { body })
    const isOvertaken = () => sql`
      select from stores where store_id = ${store.storeId} and clock_lease_until > now()`
    while ((await isOvertaken()).count === 0);
    release.resolve()
    const [mine, theirs] = await Promise.all([slow, fast])
    assert.equal(Date.parse(theirs.now), end)
    assert(Date.parse(mine.now) >= start + 24 * hour)
    assert.equal(await store.now(), end)
  })

  test('200 payments on two servers while their clocks move: each webhook arrives once', async () => {
    const store = await naru.newStore()
    const apis = [store.api, second.clientsOf(store.apiSecret).api]
    const body = order(store.channelKey)
    let left = 200
    const payments = Array.from({ length: left }, async (_, index) => {
      await apis[index % 2]?.call('payInstantly', { path: { paymentId: `once-${index}` }, body })
      left--
    })
    const moving = apis.map(async (api) => {
      while (left > 0) await api.call('advanceSandboxClock', { body: { minutes: 1 } })
    })
    await Promise.all([...payments, ...moving])
    await store.advance({ days: 1 })
    const times = timesOf(store)
    assert.deepEqual([times.length, Math.max(...times)], [200, 1])
  })

  test('an advance waits neither for rows nor for the clock of a dead server, although others live', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const paymentId = await pay(store, { method: virtualAccount({ validHours: 1 }) })
    const { sql } = naru.database
    await sql`insert into servers (server_id, alive_until) values ('dead', now() - interval '1 second')`
    await sql`update payments set leased_until = now() + interval '1 day' where store_id = ${storeId}`
    const lease = { lease: Date.now() + 24 * hour, holder: 'dead' }
    await beginAdvance(sql, storeId, (now) => now + hour, lease)
    // As if those that live had spoken twice already, which they do within seconds.
    await sql`update servers set listed_after = now() + interval '1 hour'`
    await store.advance({ hours: 2 })
    assert.equal((await read(store, paymentId)).status, 'FAILED')
  })

  test('time ends before what falls due after it could not be written any more', async () => {
    const store = await naru.newStore()
    const [last, after] = ['8999-12-31T23:59:59Z', '9000-01-01T00:00:00Z']
    const refused = async (body: { to: string } | { days: number; hours?: number } | { seconds: number }) => {
      const answer = await store.api.send('advanceSandboxClock', { body })
      assert.equal(typeOf(answer), 'INVALID_REQUEST')
      assert.match(answer.text, /8999-12-31T23:59:59/)
      return String(JSON.parse(answer.text).message)
    }
    assert.match(await refused({ to: after }), /^to: /)
    assert.match(await refused({ days: 2_147_483_647 }), /^days: /)
    await store.api.call('advanceSandboxClock', { body: { to: '8992-04-14T00:00:00Z' } })
    // Ten years, of which there are not eight: moving it to the end would say less than was asked for.
    const tenYears = await refused({ days: 3650, hours: 0 })
    assert.match(tenYears, /^days, hours: .* it shows 8992-04-14T/i)
    assert((await store.now()) < Date.parse('8992-04-15T00:00:00Z'))
    await store.api.call('advanceSandboxClock', { body: { to: last } })
    assert.match(await refused({ seconds: 1 }), /^seconds: /)
    await store.api.call('stopSandboxClock')
    assert((await store.now()) >= Date.parse(last))
    const paymentId = await pay(store, { method: virtualAccount() })
    assert.equal((await read(store, paymentId)).status, 'VIRTUAL_ACCOUNT_ISSUED')
  })
})

/** How often each webhook of the store arrived. */
const timesOf = ({ webhooks }: TestStore): readonly number[] => {
  const times = new Map<string, number>()
  for (const { id } of webhooks.received) times.set(id, (times.get(id) ?? 0) + 1)
  return [...times.values()]
}

describe('what a server that died has left', async () => {
  const naru = await startNaru({ expects: (line) => line.includes('could not finish an advance') })

  test('an advance that cannot be finished keeps neither a server from starting nor the advances of other stores', async () => {
    const { sql, url } = naru.database
    const path = { paymentId: newPaymentId() }
    const stores = [await naru.newStore(), await naru.newStore()] as const
    for (const store of stores) {
      await store.api.call('stopSandboxClock')
      const body = order(store.channelKey, { method: virtualAccount({ validHours: 1 }) })
      await store.api.call('payInstantly', { path, body })
    }
    const [stuck, other] = stores
    await naru.close()
    await withConnection(url, (outside) =>
      outside.begin(async (transaction) => {
        await transaction`select from payments where store_id = ${stuck.storeId} for update`
        await sql`
          update stores set clock_target = clock_stopped_at + interval '2 hours', clock_leased_by = 'dead',
            clock_lease_until = clock_stopped_at + interval '1 hour'
          where store_id = any(${stores.map(({ storeId }) => storeId)})`
        const next = await naru.another()
        const statusOf = async ({ apiSecret }: TestStore) =>
          (await next.clientsOf(apiSecret).api.call('getPayment', { path })).status
        while ((await statusOf(other)) !== 'FAILED') await fetch(`${next.url}/healthz`)
        assert.equal(await statusOf(stuck), 'VIRTUAL_ACCOUNT_ISSUED')
      }),
    )
    const last = await naru.another()
    const { api } = last.clientsOf(stuck.apiSecret)
    while ((await api.call('getPayment', { path })).status !== 'FAILED') await fetch(`${last.url}/healthz`)
  })
})

describe('a server that is alone', async () => {
  const naru = await startNaru()

  test('does not wait for what a dead one has leased', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const path = { paymentId: newPaymentId() }
    const body = order(store.channelKey, { method: virtualAccount({ validHours: 1 }) })
    await store.api.call('payInstantly', { path, body })
    const { sql } = naru.database
    await sql`insert into servers (server_id, alive_until) values ('dead', now() - interval '1 second')`
    await sql`update payments set leased_until = now() + interval '1 hour' where store_id = ${storeId}`
    await store.advance({ hours: 2 })
    assert.equal((await store.api.call('getPayment', { path })).status, 'FAILED')
    const left = await sql`select from payments where store_id = ${storeId} and leased_until is not null`
    assert.equal(left.count, 0)
  })
})

describe('answers that get lost', async () => {
  const naru = await startNaru()

  const read = ({ api }: TestStore, paymentId: string) => api.call('getPayment', { path: { paymentId } })
  const ledgerOf = async ({ api }: TestStore, paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items

  /** Begins to pay; once the gateway's answer is awaited, the promise of what the caller hears is given. */
  const begin = async (store: TestStore, wanted: Order, testCode?: string) => {
    const paymentId = newPaymentId()
    const input = { path: { paymentId }, body: order(store.channelKey, wanted) }
    const answer = store.api.send('payInstantly', { ...input, ...(testCode === undefined ? {} : { testCode }) })
    for (;;) {
      const seen = await store.api.send('getPayment', { path: { paymentId } })
      if (seen.status === 200) return { paymentId, answer }
    }
  }

  /** What is asked about when a stopped clock gets there depends on how far it was when the call got lost: it moves until then. */
  const whileAdvancing = async (store: TestStore, answer: Promise<Answer>): Promise<Answer> => {
    let isAnswered = false
    const noting = answer.finally(() => {
      isAnswered = true
    })
    while (!isAnswered) await store.advance({ minutes: 2 })
    return await noting
  }

  test('asking the gateway settles what it did', async () => {
    const store = await naru.newStore()
    for (const [testCode, status, charged] of [
      ['doubt-approved', 'PAID', 1],
      ['doubt-failed', 'FAILED', 0],
    ] as const) {
      const { paymentId, answer } = await begin(store, {}, testCode)
      assert.equal((await answer).status, charged === 1 ? 200 : 502)
      assert.equal((await read(store, paymentId)).status, status)
      await store.webhooks.next(status === 'PAID' ? 'Transaction.Paid' : 'Transaction.Failed', { paymentId })
      const approved = (await ledgerOf(store, paymentId)).filter(({ state }) => state === 'APPROVED')
      assert.equal(approved.length, charged)
    }
  })

  test('a doubt that nobody ends is asked about for ever, but less and less often', async () => {
    const store = await naru.newStore()
    const { paymentId, answer } = await begin(store, {}, 'doubt-forever')
    const asked = (await store.advance({ days: 2 * 365 })).filter(({ source }) => source === 'payment')
    assert(asked.length > 100 && asked.length < 400, `asked ${asked.length} times in two years`)
    assert.equal((await read(store, paymentId)).status, 'PAY_PENDING')
    await store.api.call('resolveSandboxPayment', { path: { paymentId }, body: { as: 'APPROVED' } })
    assert.equal((await answer).status, 200)
    assert.equal((await read(store, paymentId)).status, 'PAID')
  })

  test('by amount and by card, too', async () => {
    const store = await naru.newStore()
    const byAmount = await begin(store, { total: 990_003 })
    assert.equal((await byAmount.answer).status, 200)
    const refused = await begin(store, { total: 990_004 })
    assert.equal((await refused.answer).status, 502)
  })

  test('a gateway that knows nothing after a minute of store time did nothing', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const { paymentId, answer } = await begin(store, { total: 990_005 })
    await store.advance({ seconds: 59 })
    assert.notEqual((await read(store, paymentId)).status, 'FAILED')
    const refused = await whileAdvancing(store, answer)
    assert.deepEqual([refused.status, JSON.parse(refused.text).pgCode], [502, 'NARU_NOT_EXECUTED'])
    assert.match(JSON.parse(refused.text).pgMessage, /^The request's deadline passed/)
    assert.equal((await read(store, paymentId)).status, 'FAILED')
    await store.webhooks.next('Transaction.Failed', { paymentId })
  })

  test('a gateway that denies at first and remembers later is believed later', async () => {
    const store = await naru.newStore()
    const { paymentId, answer } = await begin(store, {}, 'doubt-slow')
    await store.advance({ seconds: 30 })
    assert.equal((await answer).status, 200)
    assert.equal((await read(store, paymentId)).status, 'PAID')
  })

  test('a slow gateway answers when the clock has moved; one beyond the time-out is asked', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const slow = await begin(store, {}, 'slow-5')
    await store.advance({ seconds: 5 })
    assert.equal((await slow.answer).status, 200)
    const slower = await begin(store, {}, 'slow-40')
    await store.advance({ seconds: 30 })
    assert.equal((await slower.answer).status, 200)
    assert.equal((await read(store, slower.paymentId)).status, 'PAID')
  })

  test('a refund whose answer got lost is done once, or not at all', async () => {
    const store = await naru.newStore()
    for (const [testCode, refunded] of [
      ['cancel-doubt-done', 1_000],
      ['cancel-doubt-none', 0],
    ] as const) {
      const paymentId = newPaymentId()
      await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey), testCode })
      const cancel = { path: { paymentId }, body: { reason: 'changed my mind', amount: 1_000 } }
      const answer = store.api.send('cancelPayment', cancel)
      while (!('cancellations' in (await read(store, paymentId)))) {}
      const answered = refunded === 0 ? await whileAdvancing(store, answer) : await answer
      assert.equal(answered.status, refunded === 0 ? 502 : 200)
      const [entry] = await ledgerOf(store, paymentId)
      assert.deepEqual([entry?.cancelledAmount, (await read(store, paymentId)).amount.cancelled], [refunded, refunded])
    }
  })
})

describe('a server that stops while a clock is advanced', async () => {
  const naru = await startNaru()

  test('leaves the advance at its instant, says so, and the next one goes on from there', async () => {
    let [arrived, closing] = [0, Promise.resolve()]
    const store = await naru.newStore({
      answer: (_request, response) => {
        if (++arrived === 2) closing = naru.close()
        response.writeHead(503).end()
      },
    })
    const { storeId } = store
    await store.api.call('stopSandboxClock')
    const path = { paymentId: newPaymentId() }
    await store.api.call('payInstantly', { path, body: order(store.channelKey) })
    const { status, text } = await store.api.send('advanceSandboxClock', { body: { days: 1 } })
    assert.deepEqual([status, JSON.parse(text).message.slice(0, 17)], [503, 'The server stops,'])
    await closing
    assert.equal(arrived, 2)
    const next = await naru.another()
    const isMoving = () => naru.database.sql`
      select from stores where store_id = ${storeId} and clock_target is not null`
    while ((await isMoving()).count > 0) await fetch(`${next.url}/healthz`)
    assert.equal(arrived, 6)
  })
})
