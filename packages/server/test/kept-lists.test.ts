import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentFilterInput } from '@naru/contract'
import type { Api } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { receiptFor } from './support/requests.ts'

const reason = 'changed my mind'

describe('a page of payments that were looked up, read once more', async () => {
  const naru = await startNaru()
  const otherServer = await naru.another()

  /** A store on two servers, and how the first of them lists the payments of one customer. */
  const customerOfTwoServers = async (asked: PaymentFilterInput = {}) => {
    const store = await naru.newStore()
    const other = { ...store, ...otherServer.clientsOf(store.apiSecret) }
    const email = 'naru@example.com'
    const buy = (from = store) => paid(from, { customer: { id: 'naru', email } })
    const filter = { textSearch: [{ field: 'CUSTOMER_EMAIL' as const, value: email }], ...asked }
    const list = async (page = { number: 0, size: 10 }, { api }: { api: Api } = store) => {
      const { items, page: shown } = await api.call('getPayments', { body: { filter, page } })
      return { ids: items.map(({ id }) => id), total: shown.totalCount }
    }
    return { store, other, buy, list }
  }

  /** Changes in the database what no server does: an index lookup would not find the payment any more. */
  const hide = (storeId: string, paymentId: string) => naru.database.sql`
    update payments set search = '{}' where store_id = ${storeId} and payment_id = ${paymentId}`

  test('shows what was found, and so do the pages that follow, for as long as nothing was written', async (context) => {
    const { store, other, buy, list } = await customerOfTwoServers()
    const ids = [await buy(), await buy(), await buy()].reverse()
    await store.api.call('stopSandboxClock')
    // However slow the machine is, no moment has passed.
    context.mock.method(performance, 'now', () => 0)
    assert.deepEqual(await list({ number: 0, size: 2 }), { ids: ids.slice(0, 2), total: 3 })
    for (const id of ids) await hide(store.storeId, id)
    assert.deepEqual(await list({ number: 0, size: 2 }), { ids: ids.slice(0, 2), total: 3 })
    assert.deepEqual(await list({ number: 1, size: 2 }), { ids: ids.slice(2), total: 3 })
    assert.deepEqual(await list({ number: 2, size: 2 }), { ids: [], total: 3 })
    assert.deepEqual(await list({ number: 0, size: 2 }, other), { ids: [], total: 0 })
    await paid(other)
    assert.deepEqual(await list({ number: 0, size: 2 }), { ids: [], total: 0 })
  })

  test('shows at once what another server has written', async () => {
    const { other, buy, list } = await customerOfTwoServers()
    assert.deepEqual(await list(), { ids: [], total: 0 })
    const first = await buy(other)
    assert.deepEqual(await list(), { ids: [first], total: 1 })
    const second = await buy(other)
    assert.deepEqual(await list(), { ids: [second, first], total: 2 })
  })

  test('by any text shows what was found, until another server writes', async (context) => {
    const { store, other, buy, list } = await customerOfTwoServers({ textSearch: [{ field: 'ALL', value: 'naru@' }] })
    const ids = [await buy(), await buy(), await buy()].reverse()
    await store.api.call('stopSandboxClock')
    context.mock.method(performance, 'now', () => 0)
    const page = { number: 0, size: 2 }
    assert.deepEqual(await list(page), { ids: ids.slice(0, 2), total: 3 })
    await hide(store.storeId, ids[0] ?? '')
    assert.deepEqual(await list(page), { ids: ids.slice(0, 2), total: 3 })
    const bought = await buy(other)
    assert.deepEqual(await list(page), { ids: [bought, ids[1]], total: 3 })
    assert.deepEqual(await list({ number: 1, size: 2 }), { ids: [ids[2]], total: 3 })
  })

  test('shows no longer what another server has changed', async () => {
    const { other, buy, list } = await customerOfTwoServers({ status: ['PAID'] })
    const ids = [await buy(), await buy()]
    assert.equal((await list()).total, 2)
    await other.portone.payment.cancelPayment({ paymentId: ids[0] ?? '', reason })
    assert.deepEqual(await list(), { ids: [ids[1]], total: 1 })
  })

  test('shows what was written after the list before it had read the clock', async (context) => {
    const { store, buy, list } = await customerOfTwoServers()
    await store.api.call('stopSandboxClock')
    const paymentId = await buy()
    await naru.database.sql`
      update payments set status_time = status_time + interval '1 second' where store_id = ${store.storeId}`
    context.mock.method(performance, 'now', () => 0)
    assert.deepEqual(await list(), { ids: [], total: 0 })
    await store.advance({ seconds: 2 })
    assert.deepEqual(await list(), { ids: [paymentId], total: 1 })
  })

  test('by their receipts shows at once what another server has issued', async () => {
    const { store, other, buy } = await customerOfTwoServers()
    const filter = { cashReceiptType: 'PERSONAL' as const }
    const list = async () => {
      const { items, page } = await store.api.call('getPayments', { body: { filter } })
      return [items.map(({ id }) => id), page.totalCount]
    }
    const paymentId = await buy()
    assert.deepEqual(await list(), [[], 0])
    await other.api.call('issueCashReceipt', { body: receiptFor(other.channelKey, paymentId) })
    assert.deepEqual(await list(), [[paymentId], 1])
  })

  test('of a window that was asked for is not that of a window which begins a moment later', async () => {
    const { store, buy } = await customerOfTwoServers()
    const textSearch = [{ field: 'CUSTOMER_EMAIL' as const, value: 'naru@example.com' }]
    await store.api.call('stopSandboxClock')
    const paymentId = await buy()
    const at = await store.now()
    await store.advance({ minutes: 1 })
    const within = async (until: number) => {
      const filter = { textSearch, from: new Date(until - 2_000).toISOString(), until: new Date(until).toISOString() }
      const { items } = await store.api.call('getPayments', { body: { filter } })
      return items.map(({ id }) => id)
    }
    assert.deepEqual(await within(at - 1_000), [])
    assert.deepEqual(await within(at + 1_000), [paymentId])
    assert.deepEqual(await within(at + 3_000), [])
  })

  for (const which of ['this', 'another'] as const)
    test(`behind the end of a store that ${which} server has reset tells of no payment`, async () => {
      const { store, other, buy, list } = await customerOfTwoServers()
      for (let n = 0; n < 3; n++) await buy()
      assert.deepEqual((await list({ number: 1, size: 3 })).total, 3)
      await (which === 'this' ? store : other).api.call('resetSandboxStore')
      assert.deepEqual(await list({ number: 1, size: 3 }), { ids: [], total: 0 })
    })

  test('of a store that was reset meanwhile has none of them', async () => {
    const { store, other, buy, list } = await customerOfTwoServers()
    await buy()
    assert.equal((await list()).total, 1)
    await other.api.call('resetSandboxStore')
    assert.deepEqual(await list(), { ids: [], total: 0 })
    const anew = await buy()
    assert.deepEqual(await list(), { ids: [anew], total: 1 })
    assert.equal(store.storeId, other.storeId)
  })
})
