import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, test } from 'node:test'
import { Webhook } from '@portone/server-sdk'
import { createSecret, createStore } from '../src/merchants/setup.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, newPaymentId, type Order, order, refundAccount, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('webhooks, verified by the official SDK', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  const pay = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) }).catch(() => undefined)
    return paymentId
  }

  /** Makes every webhook that a payment can have, and gives the types in which they were asked for. */
  const everything = async (store: TestStore): Promise<readonly string[]> => {
    const { api, portone, channelKey } = store
    const ready = newPaymentId()
    await api.call('authenticateSandboxPayment', { path: { paymentId: ready }, body: order(channelKey) })
    await pay(store, { method: card('4000000000000002') })
    await pay(store, { total: 990_008 })
    const cancelled = await pay(store)
    await portone.payment.cancelPayment({ paymentId: cancelled, reason, amount: 1_000 })
    await portone.payment.cancelPayment({ paymentId: cancelled, reason })
    const pending = await pay(store, { method: card('4000000000007726') })
    await portone.payment.cancelPayment({ paymentId: pending, reason })
    const account = await pay(store, { method: virtualAccount() })
    await api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    await portone.payment.cancelPayment({ paymentId: account, reason, refundAccount })
    return [
      'Ready',
      'Failed',
      'PayPending',
      'Paid',
      'PartialCancelled',
      'Cancelled',
      'CancelPending',
      'VirtualAccountIssued',
    ]
  }

  test('every type that payments have, in the current version', async () => {
    const store = await naru.newStore()
    for (const name of await everything(store)) {
      const { data, body } = await store.webhooks.next(`Transaction.${name}`)
      assert.equal(data.storeId, store.storeId)
      assert.equal('cancellationId' in data, name.startsWith('Cancel') || name === 'PartialCancelled')
      assert(!Number.isNaN(Date.parse(JSON.parse(body).timestamp)))
    }
  })

  test('the older version, as JSON and as a form', async () => {
    for (const contentType of ['application/json', 'application/x-www-form-urlencoded'] as const) {
      const store = await naru.newStore({ webhook: { version: '2024-01-01', contentType } })
      for (const name of await everything(store)) {
        const { fields, headers } = await store.webhooks.next(`Transaction.${name}`)
        assert.deepEqual(Object.keys(fields), ['payment_id', 'tx_id', 'status'])
        assert.equal(fields.status, name)
        assert.equal(headers['content-type'], contentType)
      }
    }
  })

  test('during a rotation, a receiver with either secret is content', async () => {
    const store = await naru.newStore({ secrets: 2 })
    const paymentId = await pay(store)
    const { headers, body } = await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.equal(String(headers['webhook-signature']).split(' ').length, 2)
    await assert.rejects(Webhook.verify(`whsec_${Buffer.alloc(32).toString('base64')}`, body, headers))
    await assert.rejects(Webhook.verify(store.webhookSecrets[0] ?? '', `${body} `, headers))
  })

  test('noticeUrls take the place of the store’s URL, for the cancellation too', async () => {
    const store = await naru.newStore()
    const origin = new URL(store.webhooks.url).origin
    const paymentId = await pay(store, { noticeUrls: [`${origin}/one`, `${origin}/two`] })
    await store.portone.payment.cancelPayment({ paymentId, reason })
    for (const type of ['Transaction.Paid', 'Transaction.Cancelled'])
      for (const path of ['/one', '/two']) await store.webhooks.next(type, { paymentId, path })
    const fallback = await pay(store, { noticeUrls: [] })
    await store.webhooks.next('Transaction.Paid', { paymentId: fallback, path: '/webhook' })
  })

  test('URLs in private networks, which the webhooks of a live store never reach, are refused where they are named', async () => {
    const { storeId: sandboxId } = await naru.newMerchant()
    const [owner] = await sql<{ merchantId: string }[]>`
      select merchant_id as "merchantId" from stores where store_id = ${sandboxId}`
    assert(owner)
    const { merchantId } = owner
    const storeId = await createStore(sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
    const { secret } = await createSecret(sql, { merchantId, storeId, name: 'Live' })
    const { api } = naru.clientsOf(secret)
    const path = { paymentId: newPaymentId() }
    const { channelKey = '', method, ...paid } = order('nowhere')
    const wanted = { channelKey, method }
    const byKey = { ...paid, billingKey: 'nowhere' }
    const everywhere = (noticeUrls: string[]) => [
      api.send('payInstantly', { path, body: { ...paid, ...wanted, noticeUrls } }),
      api.send('payWithBillingKey', { path, body: { ...byKey, noticeUrls } }),
      api.send('createPaymentSchedule', {
        path,
        body: { payment: { ...byKey, noticeUrls }, timeToPay: '2100-01-01T00:00:00Z' },
      }),
      api.send('issueBillingKey', { body: { ...wanted, noticeUrls } }),
    ]
    for (const host of ['10.1.2.3', '[::1]', 'localhost:3000'])
      for (const answer of await Promise.all(everywhere(['https://shop.example/', `http://${host}/hook`]))) {
        assert.equal(typeOf(answer), 'INVALID_REQUEST')
        assert.match(answer.text, /noticeUrls\[1\]: .* add it to NARU_WEBHOOK_ALLOWED_TARGETS/)
      }
    assert.equal(typeOf(await api.send('getPayment', { path })), 'PAYMENT_NOT_FOUND')
    assert.deepEqual((await Promise.all(everywhere(['https://shop.example/']))).map(typeOf), [
      'CHANNEL_NOT_FOUND',
      'BILLING_KEY_NOT_FOUND',
      'BILLING_KEY_NOT_FOUND',
      'CHANNEL_NOT_FOUND',
    ])
  })

  test('each delivery is kept with the payment', async () => {
    const store = await naru.newStore()
    const paymentId = await pay(store)
    const received = await store.webhooks.next('Transaction.Paid', { paymentId })
    // The answer is written down after the receiver sent it: whatever is under way is done when the clock has moved.
    await store.advance({ seconds: 1 })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    const [kept] = payment.webhooks ?? []
    assert.deepEqual(
      [kept?.id, kept?.status, kept?.paymentStatus, kept?.currentExecutionCount, kept?.maxExecutionCount],
      [received.id, 'SUCCEEDED', 'PAID', 1, 6],
    )
    assert.deepEqual([kept?.request?.body, kept?.response?.code, kept?.response?.body], [received.body, '200', 'ok'])
    const { items } = await store.portone.payment.getPayments({ filter: { webhookStatus: 'SUCCEEDED' } })
    assert.equal(items.length, 1)
  })

  test('a webhook is sent again by hand: same id and body, ten times at most', async () => {
    const store = await naru.newStore()
    const paymentId = await pay(store)
    const first = await store.webhooks.next('Transaction.Paid', { paymentId })
    await store.advance({ seconds: 1 })
    const resend = (webhookId?: string) =>
      store.portone.payment.resendWebhook({ paymentId, ...(webhookId === undefined ? {} : { webhookId }) })
    const { webhook } = await resend()
    assert.deepEqual([webhook.id, webhook.status, webhook.trigger], [first.id, 'SUCCEEDED', 'MANUAL'])
    const again = await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.deepEqual([again.id, again.body], [first.id, first.body])
    for (let count = 2; count <= 10; count++) await resend(first.id)
    await refuses(resend(first.id), 'MAX_WEBHOOK_RETRY_COUNT_REACHED')
    await refuses(resend('no-such-webhook'), 'WEBHOOK_NOT_FOUND')
  })

  test('a webhook of another payment, or of another store, is not sent again', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const { resendWebhook } = store.portone.payment
    const [paymentId, second, theirs] = [await pay(store), await pay(store), await pay(other)]
    const { id } = await store.webhooks.next('Transaction.Paid', { paymentId: second })
    const { id: webhookId } = await other.webhooks.next('Transaction.Paid', { paymentId: theirs })
    await refuses(resendWebhook({ paymentId, webhookId: id }), 'WEBHOOK_NOT_FOUND')
    await refuses(resendWebhook({ paymentId, webhookId }), 'WEBHOOK_NOT_FOUND')
    await refuses(resendWebhook({ paymentId: theirs, webhookId }), 'PAYMENT_NOT_FOUND')
    await refuses(resendWebhook({ paymentId: theirs, webhookId, storeId: other.storeId }), 'FORBIDDEN')
    assert.equal(other.webhooks.received.length, 1)
  })

  test('a server that stops does not wait for the receiver of a resend: another server sends it again', async () => {
    let arrived = 0
    const store = await naru.newStore({
      // The second one is the resend.
      answer: (_request, response) => (++arrived === 2 ? undefined : response.end()),
    })
    const paymentId = await pay(store)
    const first = await store.webhooks.next('Transaction.Paid', { paymentId })
    const leaving = await naru.another()
    const resending = leaving.clientsOf(store.apiSecret).api.call('resendWebhook', { path: { paymentId }, body: {} })
    const second = await store.webhooks.next('Transaction.Paid', { paymentId })
    await leaving.close()
    const { webhook } = await resending
    assert.equal(webhook.status, 'FAILED_UNEXPECTED_ERROR')
    const third = await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.deepEqual([second.id, third.id], [first.id, first.id])
  })

  test('a resend that fails is an answer, not an error', async () => {
    const unwell: RequestListener = (_request, response) => response.writeHead(500).end('unwell')
    const store = await naru.newStore({ answer: unwell })
    const paymentId = await pay(store)
    await store.webhooks.next('Transaction.Paid', { paymentId })
    const { webhook } = await store.portone.payment.resendWebhook({ paymentId })
    assert.deepEqual([webhook.status, webhook.response?.code], ['FAILED_NOT_OK_RESPONSE', '500'])
  })
})
