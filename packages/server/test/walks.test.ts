import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect } from '../src/db/connect.ts'
import type { Api } from './support/api.ts'
import { typeOf } from './support/api.ts'
import { untilSomebodyWaits } from './support/database.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { card, monthly, newPaymentId, order } from './support/requests.ts'

type List = 'getAllPaymentsByCursor' | 'getAllPaymentEventsByCursor'
type Seen = { readonly paymentId: string; readonly cursor: string }
type Asked = {
  readonly cursor?: string | undefined
  readonly size?: number
  readonly from?: string
  readonly until?: string
}

describe('lists that are walked by cursor', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database

  const pay = async (api: Api, channelKey: string, paymentId = newPaymentId()): Promise<string> => {
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey) })
    return paymentId
  }

  const page = async (api: Api, list: List, { cursor, ...asked }: Asked): Promise<readonly Seen[]> => {
    const body = { ...asked, ...(cursor === undefined ? {} : { cursor }) }
    if (list === 'getAllPaymentsByCursor') {
      const { items } = await api.call(list, { body })
      return items.map(({ payment, cursor: place }) => ({ paymentId: payment.id, cursor: place }))
    }
    const { items } = await api.call(list, { body })
    return items.map(({ paymentEvent, cursor: place }) => ({ paymentId: paymentEvent.paymentId, cursor: place }))
  }

  const walk = async (api: Api, list: List, asked: Asked): Promise<readonly Seen[]> => {
    const seen: Seen[] = []
    for (let { cursor } = asked; ; cursor = seen.at(-1)?.cursor) {
      const items = await page(api, list, { ...asked, cursor })
      if (items.length === 0) return seen
      seen.push(...items)
    }
  }
  const idsOf = (seen: readonly Seen[]) => seen.map(({ paymentId }) => paymentId)

  /** Keeps this server from committing that version of the payments while the work runs, in which others may be kept back. */
  const keepingBack = async (
    { storeId }: TestStore,
    paymentIds: readonly string[],
    version: number,
    work: () => Promise<void>,
  ): Promise<void> => {
    const undone = new Error('undone')
    const own = connect(naru.database.url, { max: 1 })
    const kept = own.begin(async (transaction) => {
      for (const paymentId of paymentIds)
        await transaction`
          insert into journal (store_id, stream, stream_id, version, type, data, at)
          values (${storeId}, 'payment', ${paymentId}, ${version}, 'Approved', '{}', now())`
      await work()
      throw undone
    })
    await assert.rejects(kept, undone)
    await own.end()
  }

  for (const [list, version] of [
    ['getAllPaymentsByCursor', 1],
    ['getAllPaymentEventsByCursor', 2],
  ] as const)
    test(`${list}: what is committed after the walk has passed its instant is seen by the next page, once`, async () => {
      const store = await naru.newStore()
      const other = second.clientsOf(store.apiSecret).api
      const first = await pay(store.api, store.channelKey)
      const late = [newPaymentId(), newPaymentId(), newPaymentId()]
      const paying: Promise<string>[] = []
      const before: Seen[] = []
      await keepingBack(store, late, version, async () => {
        for (const paymentId of late) paying.push(pay(store.api, store.channelKey, paymentId))
        await untilSomebodyWaits(sql)
        const overtaking = await pay(other, store.channelKey)
        before.push(...(await walk(other, list, {})))
        assert.deepEqual(idsOf(before), [first, overtaking])
      })
      await Promise.all(paying)
      const cursor = before.at(-1)?.cursor
      const newer = [await pay(store.api, store.channelKey), await pay(store.api, store.channelKey)]
      for (const size of [1, 2, 3, 10]) {
        const seen = await walk(store.api, list, { cursor, size })
        assert.deepEqual(idsOf(seen).slice(0, 3).sort(), late.toSorted())
        assert.deepEqual(idsOf(seen).slice(3), newer)
        for (const [index, { cursor: place }] of seen.entries())
          assert.deepEqual(idsOf(await walk(store.api, list, { cursor: place, size })), idsOf(seen.slice(index + 1)))
      }
    })

  test('what comes late while a page of late ones is read waits for its turn, and is seen', async () => {
    const store = await naru.newStore()
    const other = second.clientsOf(store.apiSecret).api
    const list = 'getAllPaymentEventsByCursor'
    const [early, later] = [
      [newPaymentId('b'), newPaymentId('c')],
      [newPaymentId('a'), newPaymentId('d')],
    ]
    const paying: Promise<string>[] = []
    const seen: Seen[] = []
    await store.api.call('stopSandboxClock')
    await keepingBack(store, later, 2, async () => {
      for (const paymentId of later) paying.push(pay(store.api, store.channelKey, paymentId))
      await untilSomebodyWaits(sql)
      await store.api.call('advanceSandboxClock', { body: { seconds: 1 } })
      seen.push(...(await page(other, list, { size: 1, cursor: await passed(store, other, early) })))
    })
    await Promise.all(paying)
    const rest = await walk(other, list, { cursor: seen.at(-1)?.cursor, size: 1 })
    assert.deepEqual(idsOf([...seen, ...rest]), [...early, ...later])
  })

  /** A cursor behind the instant of payments that are committed when it is given. */
  const passed = async (store: TestStore, other: Api, paymentIds: readonly string[]): Promise<string | undefined> => {
    let cursor: string | undefined
    const paying: Promise<string>[] = []
    await keepingBack(store, paymentIds, 2, async () => {
      for (const paymentId of paymentIds) paying.push(pay(other, store.channelKey, paymentId))
      await untilSomebodyWaits(sql)
      await store.api.call('advanceSandboxClock', { body: { seconds: 1 } })
      await pay(naru.clientsOf(store.apiSecret).api, store.channelKey)
      cursor = (await walk(other, 'getAllPaymentEventsByCursor', {})).at(-1)?.cursor
    })
    await Promise.all(paying)
    return cursor
  }

  test('walked while two servers pay: everything is seen once', async () => {
    const store = await naru.newStore()
    const apis = [store.api, second.clientsOf(store.apiSecret).api]
    const paid: string[] = []
    const payingAll = inParallel([...Array(80).keys()], 16, async (index) => {
      paid.push(await pay(apis[index % 2] ?? store.api, store.channelKey))
    })
    let isOver = false
    void payingAll.finally(() => {
      isOver = true
    })
    const follow = async (list: List, size: number): Promise<readonly string[]> => {
      const seen: Seen[] = []
      for (;;) {
        const wasOver = isOver
        const items = await page(store.api, list, { size, cursor: seen.at(-1)?.cursor })
        seen.push(...items)
        if (items.length === 0 && wasOver) return idsOf(seen)
      }
    }
    const walks = await Promise.all([
      follow('getAllPaymentsByCursor', 3),
      follow('getAllPaymentEventsByCursor', 3),
      follow('getAllPaymentEventsByCursor', 1),
    ])
    await payingAll
    for (const seen of walks) assert.deepEqual(seen.toSorted(), paid.toSorted())
  })

  test('a store whose clock is behind is not passed over by a walk through all stores', async () => {
    const [ahead, behind] = [await naru.newStore(), await naru.newStore()]
    const window = { from: '2037-01-01T00:00:00Z', until: '2039-01-01T00:00:00Z' }
    for (const [{ api }, to] of [
      [ahead, '2038-01-01T00:00:00Z'],
      [behind, '2037-06-01T00:00:00Z'],
    ] as const)
      await api.call('advanceSandboxClock', { body: { to } })
    const list = 'getAllPaymentEventsByCursor'
    const first = await pay(ahead.api, ahead.channelKey)
    const [seen] = await walk(naru.api, list, window)
    assert.equal(seen?.paymentId, first)
    const next = [await pay(behind.api, behind.channelKey), await pay(ahead.api, ahead.channelKey)]
    assert.deepEqual(idsOf(await walk(naru.api, list, { ...window, cursor: seen?.cursor })), next)
  })

  test('a payment that was scheduled or pre-registered is listed as of when it is first tried', async () => {
    const store = await naru.newStore()
    const { api, channelKey } = store
    await api.call('stopSandboxClock')
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card() } })
    const [scheduled, registered] = [newPaymentId(), newPaymentId()]
    const timeToPay = new Date((await store.now()) + 3_600_000).toISOString()
    await api.call('createPaymentSchedule', {
      path: { paymentId: scheduled },
      body: { payment: monthly(billingKeyInfo.billingKey), timeToPay },
    })
    await api.call('preRegisterPayment', { path: { paymentId: registered }, body: {} })
    await store.advance({ minutes: 1 })
    const first = await pay(api, channelKey)
    const [seen] = await walk(api, 'getAllPaymentsByCursor', {})
    assert.equal(seen?.paymentId, first)
    await store.advance({ minutes: 1 })
    await pay(api, channelKey, registered)
    await store.advance({ hours: 1 })
    const rest = await walk(api, 'getAllPaymentsByCursor', { cursor: seen.cursor, size: 1 })
    assert.deepEqual(idsOf(rest), [registered, scheduled])
    const filter = { timestampType: 'CREATED_AT' as const, from: timeToPay, until: timeToPay }
    const { items } = await api.call('getPayments', { body: { filter } })
    assert.deepEqual(
      items.map(({ id }) => id),
      [scheduled],
    )
  })

  test('in a database that was restored from a dump nothing is seen twice', async () => {
    const store = await naru.newStore()
    const list = 'getAllPaymentEventsByCursor'
    await pay(store.api, store.channelKey)
    await pay(store.api, store.channelKey)
    const cursor = (await walk(store.api, list, {})).at(-1)?.cursor
    // The numbers of another database's transactions, which this one comes to later. So much later that no other test uses them up
    // while this statement runs: one of them would be its own.
    await sql`
      update journal set written_by = (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000)::text::xid8
      where store_id = ${store.storeId}`
    const newer = await pay(store.api, store.channelKey)
    assert.deepEqual(idsOf(await walk(store.api, list, { cursor })), [newer])
  })

  test('a cursor that no answer gave is refused; one from before a cursor said what it had seen is good', async () => {
    const store = await naru.newStore()
    const ids = [await pay(store.api, store.channelKey), await pay(store.api, store.channelKey)]
    const [seen] = await walk(store.api, 'getAllPaymentEventsByCursor', {})
    const [place, snapshot] = JSON.parse(Buffer.from(seen?.cursor ?? '', 'base64url').toString())
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    assert.deepEqual(
      idsOf(await walk(store.api, 'getAllPaymentEventsByCursor', { cursor: encoded(place) })),
      ids.slice(1),
    )
    const broken = ['0:0:', '5:4:', '5:7:4', '5:7:7', '5:7:6,5', '5:7', `1:${'9'.repeat(30)}:`, '1:2:a', 7, null]
    for (const wrong of [
      ...broken.flatMap((text) => [
        [place, text],
        [place, snapshot, place, text],
      ]),
      [place, snapshot, place],
      [place, snapshot, place, snapshot, place],
      [[place[0], 'a\0b', 1], snapshot],
      ...[1e300, Number.MAX_SAFE_INTEGER, -1e12, 253_402_300_800_000].map((at) => [[at, 'a', 1], snapshot]),
      ...[2 ** 31, -1, 0.5].map((version) => [[place[0], 'a', version], snapshot]),
      [],
      {},
      null,
    ])
      for (const id of ['getAllPaymentEventsByCursor', 'getAllPaymentsByCursor'] as const)
        assert.equal(
          typeOf(await store.api.send(id, { body: { cursor: encoded(wrong) } })),
          'INVALID_REQUEST',
          JSON.stringify(wrong),
        )
  })
})
