import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hour } from '../src/kernel/clock.ts'
import { createSecret, createStore } from '../src/merchants/setup.ts'
import { type Answer, refuses, request, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, countOf } from './support/parallel.ts'
import { contractBody, newPartner } from './support/platform.ts'
import { externalOrder, pay } from './support/platform-transfers.ts'
import { gatewayOf } from './support/promotions.ts'
import { newPaymentId, order } from './support/requests.ts'

describe('what was answered under one authority is never answered to another', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database

  const pay = ({ api, channelKey }: TestStore, paymentId: string) =>
    api.call('payInstantly', { path: { paymentId }, body: order(channelKey) })
  const cancel = (paymentId: string, idempotencyKey: string) => ({
    path: { paymentId },
    body: { reason: 'changed my mind', amount: 3_000 },
    idempotencyKey,
  })

  test('two stores that send the same key, path and body refund their own payments', async () => {
    const stores = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    for (const store of stores) await pay(store, paymentId)
    const clients = stores.flatMap(({ apiSecret }) => [naru, second].map((server) => server.clientsOf(apiSecret).api))
    const request = cancel(paymentId, 'one-key-of-two-stores')
    const answers = await allAtOnce(
      40,
      async (index) => await clients[index % clients.length]?.send('cancelPayment', request),
    )
    const { '200': done = 0, IDEMPOTENCY_OUTSTANDING_REQUEST: outstanding = 0 } = countOf(
      answers.filter((answer) => answer !== undefined),
    )
    assert.equal(done + outstanding, 40)
    for (const store of stores) {
      // On a busy machine all of them may have lost the key to each other.
      assert.equal((await store.api.send('cancelPayment', request)).status, 200)
      assert.deepEqual(await gatewayOf(store, paymentId), [[10_000, 3_000]])
      const { amount } = await store.api.call('getPayment', { path: { paymentId } })
      assert.equal(amount.cancelled, 3_000)
    }
  })

  test('a store gets 403 for what only the merchant may do, although the merchant did it under the same key', async () => {
    const store = await naru.newStore()
    const request = { body: { name: 'A new store' }, idempotencyKey: 'create-a-store-once' }
    const created = await naru.api.send('createSandboxStore', request)
    assert.equal(created.status, 200)
    assert.equal(typeOf(await store.api.send('createSandboxStore', request)), 'FORBIDDEN')
    assert.equal((await naru.api.send('createSandboxStore', request)).text, created.text)
  })

  test("the merchant's own request about a store's payment is another one than the store's", async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await pay(store, paymentId)
    const request = cancel(paymentId, 'the-same-key-for-both')
    const own = await store.api.send('cancelPayment', request)
    const body = { ...request.body, storeId: store.storeId }
    const merchants = await naru.api.send('cancelPayment', { ...request, body })
    assert.deepEqual([own.status, merchants.status], [200, 200])
    assert.notEqual(merchants.text, own.text)
    assert.deepEqual(await gatewayOf(store, paymentId), [[10_000, 6_000]])
  })

  test('two secrets of one store have the same authority: a key that was used before a rotation is known after it', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await pay(store, paymentId)
    const request = cancel(paymentId, 'used-across-a-rotation')
    const first = await store.api.send('cancelPayment', request)
    const { storeId } = store
    const [{ merchantId }] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${storeId}`
    const { secret } = await createSecret(sql, { merchantId, storeId, name: 'The next one' })
    const again = await second.clientsOf(secret).api.send('cancelPayment', request)
    assert.deepEqual([again.headers.get('idempotency-replayed'), again.text], ['true', first.text])
  })

  test('no secret that was answered can be read in the database', async () => {
    const request = { body: { name: 'A secret store' }, idempotencyKey: 'create-a-secret-store' }
    const { apiSecret, webhookSecret } = await naru.api.call('createSandboxStore', request)
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`
    for (const { name } of tables)
      for (const { row } of await sql<{ row: string }[]>`select t::text as row from ${sql(name)} t`)
        for (const secret of [apiSecret, webhookSecret]) {
          // Bytes are shown in hex.
          const isThere = row.includes(secret) || row.includes(Buffer.from(secret).toString('hex'))
          assert(!isThere, `${name} holds a secret in clear`)
        }
  })
})

describe('partner settlement is the merchant’s', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  const refused = ({ text }: Answer, what: string) => {
    const { type, message } = JSON.parse(text)
    assert.equal(type, 'FORBIDDEN', `${what}: ${text}`)
    assert.match(message, /secret of the whole merchant/)
  }
  const today = (at: number) => new Date(at + 9 * hour).toISOString().slice(0, 10)
  const contract = (body = contractBody()) => ({ query: { test: true }, body })
  /** An order that starts today, by the clock of the platform. */
  const startOf = async ({ api }: Pick<TestStore, 'api'>, partnerId: string, test: boolean) => {
    const body = externalOrder(partnerId)
    return (await api.call('createPlatformOrderTransfer', { query: { test }, body })).transfer.settlementStartDate
  }

  test('a store is refused by secret and by access token, also under a key with which the merchant was answered', async () => {
    const store = await naru.newStore()
    const { accessToken } = await store.portone.auth.loginViaApiSecret({ apiSecret: store.apiSecret })
    const created = { ...contract(), idempotencyKey: 'one-contract-of-the-merchant' }
    assert.equal((await naru.api.send('createPlatformContract', created)).status, 200)
    refused(await store.api.send('createPlatformContract', created), 'by secret')
    for (const test of [true, false]) {
      const answer = await request(second.url, {
        method: 'POST',
        path: `/platform/contracts?test=${test}`,
        headers: { authorization: `Bearer ${accessToken}`, 'idempotency-key': '"one-contract-of-the-merchant"' },
        body: JSON.stringify(created.body),
      })
      refused(answer, 'by token')
    }
    const again = await second.api.send('createPlatformContract', created)
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
  })

  test('the one secret of a fresh installation works on both platforms, through the official SDK', async () => {
    const { policy, partner } = naru.portone.platform
    for (const test of [true, false]) {
      const partnerId = await newPartner(naru, { test })
      assert.equal((await partner.getPlatformPartner({ id: partnerId, test })).id, partnerId)
      assert.ok((await policy.getPlatformContracts({ test })).page.totalCount > 0)
    }
  })

  test('the clock of another sandbox store does not date it; that of the representative store does', async () => {
    const market = await naru.newMerchant()
    const { merchantId } = await merchantOf(market)
    const other = await createStore(sql, { merchantId, name: 'Other', mode: 'SANDBOX', isRepresentative: false })
    await market.api.call('advanceSandboxClock', { body: { storeId: other, days: 30 } })
    const partnerId = await newPartner(market)
    assert.equal(await startOf(market, partnerId, true), today(await market.now()))
    await market.advance({ days: 3 })
    assert.equal(await startOf(market, partnerId, true), today(await market.now()))
  })

  test('the live platform of a merchant with a live store goes by real time, and no reset of a sandbox touches it', async () => {
    const market = await naru.newMerchant()
    const { merchantId } = await merchantOf(market)
    await createStore(sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
    // Another server, which has not read the merchant's stores yet.
    const there = (await naru.another()).clientsOf(market.apiSecret)
    const live = await newPartner(there, { test: false })
    const tried = await newPartner(there)
    await market.advance({ days: 30 })
    assert.equal(await startOf(there, tried, true), today(await market.now()))
    const before = Date.now()
    const start = await startOf(there, live, false)
    assert.ok([today(before), today(Date.now())].includes(start ?? ''), start)
    await market.api.call('resetSandboxStore')
    const { partner } = there.portone.platform
    assert.equal((await partner.getPlatformPartner({ id: live, test: false })).id, live)
    await refuses(partner.getPlatformPartner({ id: tried, test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
  })

  test('a secret of the representative store alone resets the store, and leaves partner settlement', async () => {
    const market = await naru.newMerchant()
    const { secret } = await createSecret(sql, { ...(await merchantOf(market)), storeId: market.storeId, name: 'one' })
    const partnerId = await newPartner(market)
    const paymentId = await pay(market)
    await naru.clientsOf(secret).api.call('resetSandboxStore')
    assert.equal(typeOf(await market.api.send('getPayment', { path: { paymentId } })), 'PAYMENT_NOT_FOUND')
    const { partner } = market.portone.platform
    assert.equal((await partner.getPlatformPartner({ id: partnerId, test: true })).id, partnerId)
    await market.api.call('resetSandboxStore')
    await refuses(partner.getPlatformPartner({ id: partnerId, test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
  })

  const merchantOf = async ({ storeId }: Pick<TestStore, 'storeId'>) => {
    const [store] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${storeId}`
    return store
  }
})
