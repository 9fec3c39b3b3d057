import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSecret } from '../src/merchants/setup.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, countOf } from './support/parallel.ts'
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
