/**
 * A test of the shop, as a merchant writes it: a Naru of its own, the shop beside it, and webhooks that reach the shop.
 *
 *   npm test -- examples/shop/server.test.mjs
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PaymentClient } from '@portone/server-sdk'
import { startNaru } from 'naru/testing'

let naru
let store
let shop
let shopUrl

before(async () => {
  naru = await startNaru()
  store = await naru.createStore()
  const env = {
    ...process.env,
    SHOP_PORT: '0',
    API_URL: naru.url,
    STORE_ID: store.storeId,
    CHANNEL_KEY: store.channelKey,
    API_SECRET: store.apiSecret,
    WEBHOOK_SECRET: store.webhookSecret,
  }
  shop = open(env)
  shopUrl = await addressOf(shop)
  store.sendWebhooksTo(`${shopUrl}/webhook`)
})
after(async () => {
  shop?.kill()
  await naru?.stop()
})

const program = fileURLToPath(new URL('server.mjs', import.meta.url))
const open = (env) => spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
const addressOf = async ({ stdout }) => /http:\S+/.exec(String((await once(stdout, 'data'))[0]))[0]

/** What the shop's page sends. */
const post = async (path, body) =>
  (await fetch(`${shopUrl}${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) })).json()

/** What the buyer does in the checkout. */
const pay = ({ paymentId, orderName, totalAmount, currency, channelKey }, number) =>
  PaymentClient({ secret: store.apiSecret, baseUrl: naru.url }).payInstantly({
    ...{ paymentId, orderName, currency, channelKey },
    amount: { total: totalAmount },
    method: { card: { credential: { number, expiryYear: '40', expiryMonth: '12' } } },
  })

test('an order is paid once its payment is, as the webhook tells', async () => {
  const order = await post('/orders')
  await pay(order, '4242424242424242')
  await store.waitForWebhook({ type: 'Transaction.Paid', paymentId: order.paymentId })
  assert.deepEqual(await post('/complete', { paymentId: order.paymentId }), { status: 'PAID' })
})

test('a declined card pays nothing', async () => {
  const order = await post('/orders')
  await assert.rejects(pay(order, '4000000000000002'))
  assert.deepEqual(await post('/complete', { paymentId: order.paymentId }), { status: 'FAILED' })
})

test('the buyer cannot choose another price', async () => {
  const order = await post('/orders')
  await assert.rejects(pay({ ...order, totalAmount: 1 }, '4242424242424242'))
})

test('without variables of its own, the shop finds its store where NARU_DATA_DIR says', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'shop-'))
  context.after(() => rm(directory, { recursive: true }))
  const { storeId, channelKey, apiSecret, webhookSecret } = store
  const credentials = { url: naru.url, storeId, channelKey, apiSecret, webhookSecret }
  await writeFile(join(directory, 'credentials.json'), JSON.stringify(credentials))
  const other = open({ PATH: process.env.PATH, SHOP_PORT: '0', NARU_DATA_DIR: directory })
  context.after(() => other.kill())
  const answer = await fetch(`${await addressOf(other)}/orders`, { method: 'POST', body: '{}' })
  assert.equal((await answer.json()).storeId, storeId)
})
