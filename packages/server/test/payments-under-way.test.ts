import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { untilSomebodyWaits } from './support/database.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { read } from './support/paid.ts'
import { newPaymentId, order } from './support/requests.ts'

describe('a payment whose first call to the PG is under way', async () => {
  let held: { readonly arrived: () => void; readonly release: Promise<void> } | undefined
  const naru = await startNaru({
    aroundGateway: (gateway): Gateway => ({
      ...gateway,
      authorize: async (...asked) => {
        held?.arrived()
        await held?.release
        return await gateway.authorize(...asked)
      },
    }),
  })
  const { sql } = naru.database

  /** Runs `look` while the PG has been asked to charge a card, and lets it answer. */
  const whileAsked = async (store: TestStore, look: (paymentId: string) => Promise<void>) => {
    const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    held = { arrived: arrived.resolve, release: release.promise }
    const paymentId = newPaymentId()
    const answer = store.api.send('payInstantly', { path: { paymentId }, body: order(store.channelKey) })
    await arrived.promise
    await look(paymentId)
    held = undefined
    release.resolve()
    await answer
    return paymentId
  }

  const listed = async ({ api }: TestStore, filter: object) => {
    const { items, page } = await api.call('getPayments', { body: { filter } })
    return { ids: items.map((item) => ('id' in item ? item.id : undefined)), count: page.totalCount }
  }

  const rowsOf = async ({ storeId }: TestStore) => {
    const [row] = await sql<[{ whole: number; underWay: number }]>`
      select (select count(*)::integer from payments where store_id = ${storeId}) as whole,
        (select count(*)::integer from payments_under_way where store_id = ${storeId}) as "underWay"`
    return row
  }

  test('is pending for everybody, in every list, and is written among the others once', async () => {
    const store = await naru.newStore()
    const { api } = store
    const paymentId = await whileAsked(store, async (id) => {
      assert.equal((await read(store, id)).status, 'PAY_PENDING')
      for (const filter of [
        {},
        { status: ['PENDING'] },
        { sortBy: 'REQUESTED_AT' },
        { timestampType: 'CREATED_AT', sortOrder: 'ASC' },
        { timestampType: 'CREATED_AT', status: ['PENDING', 'PAID'] },
        { methods: ['CARD'], isTest: true },
        { textSearch: [{ field: 'PAYMENT_ID', value: id }] },
        { textSearch: [{ field: 'ALL', value: id.slice(0, 12) }] },
      ])
        assert.deepEqual(await listed(store, filter), { ids: [id], count: 1 }, JSON.stringify(filter))
      assert.deepEqual(await listed(store, { status: ['PAID'] }), { ids: [], count: 0 })
      assert.deepEqual(await listed(store, { methods: ['TRANSFER'] }), { ids: [], count: 0 })
      const walked = await api.call('getAllPaymentsByCursor', { body: {} })
      assert.deepEqual(
        walked.items.map(({ payment }) => ('id' in payment ? payment.id : undefined)),
        [id],
      )
      assert.deepEqual(await rowsOf(store), { whole: 0, underWay: 1 })
      assert.deepEqual((await audit(sql)).findings, [])
    })
    assert.equal((await read(store, paymentId)).status, 'PAID')
    assert.deepEqual(await rowsOf(store), { whole: 1, underWay: 0 })
    assert.deepEqual(await listed(store, { status: ['PENDING'] }), { ids: [], count: 0 })
  })

  test('is decided again, and spoils no other, where somebody wrote its first event at the same moment', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const paymentId = newPaymentId()
    const pay = (id: string) =>
      store.api.send('payInstantly', { path: { paymentId: id }, body: order(store.channelKey) })
    const answers = await sql.begin(async (transaction) => {
      const registered = { type: 'PreRegistered', expected: {} }
      await transaction`
        insert into payments (store_id, payment_id, version, created_at) values (${storeId}, ${paymentId}, 1, now())`
      await transaction`
        insert into journal (store_id, stream, stream_id, version, type, data, at)
        values (${storeId}, 'payment', ${paymentId}, 1, 'PreRegistered', ${transaction.json(registered)}, now())`
      const sent = [paymentId, newPaymentId(), newPaymentId()].map(pay)
      await untilSomebodyWaits(sql)
      return { sent }
    })
    assert.deepEqual(
      (await Promise.all(answers.sent)).map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal((await read(store, paymentId)).status, 'PAID')
    assert.deepEqual(await rowsOf(store), { whole: 3, underWay: 0 })
    assert.deepEqual((await audit(sql)).findings, [])
  })

  test('is asked about where nobody hears the answer, and is gone with a reset', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    await whileAsked(store, async (id) => {
      const ran = await store.advance({ seconds: 16 })
      assert(ran.some(({ source }) => source === 'payment'))
      assert.deepEqual(await rowsOf(store), { whole: 1, underWay: 0 })
      assert.equal((await read(store, id)).status, 'PAY_PENDING')
    })
    const again = await naru.newStore()
    await whileAsked(again, async () => {
      await again.api.call('resetSandboxStore')
      assert.deepEqual(await rowsOf(again), { whole: 0, underWay: 0 })
    })
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
