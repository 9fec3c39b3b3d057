import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { typeOf } from './support/api.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPaymentId, order } from './support/requests.ts'

describe('the confirm process: the merchant is asked right before the approval', async () => {
  const naru = await startNaru({ trustedProxies: ['127.0.0.0/8'] })

  const saying = (errorMessage: string) => JSON.stringify({ errorMessage })
  const refusing = {
    '/confirm/no': saying('sold out'),
    '/confirm/odd': 'no JSON',
    '/confirm/blank': saying(' \u200b\0'),
    '/confirm/euc-kr': saying('\uFFFD\uFFFD'),
    '/confirm/nul': saying('sold\0out\u202e\u001b[31m\ud800'),
    '/confirm/long': saying(`${'x'.repeat(499)}😀`),
  }
  const newStore = (options: Parameters<typeof naru.newStore>[0] = {}) =>
    naru.newStore({
      ...options,
      answer: ({ url }, response) => {
        const said = Object.entries(refusing).find(([path]) => path === url)?.[1]
        response.writeHead(said === undefined ? 200 : 409).end(said)
      },
    })

  const checkOut = (store: TestStore, paymentId: string, confirmUrl: string) =>
    store.api.send('authenticateSandboxPayment', {
      path: { paymentId },
      body: { ...order(store.channelKey), confirmUrl },
    })

  test('its yes approves the payment; the question is signed, says the amount, and is no webhook of the payment', async () => {
    const store = await newStore({ secrets: 2 })
    const paymentId = newPaymentId()
    const answer = await checkOut(store, paymentId, `${store.webhooks.url.replace('/webhook', '')}/confirm/yes`)
    assert.equal(answer.status, 200)
    const asked = await store.webhooks.next('Transaction.Confirm', { paymentId, path: '/confirm/yes' })
    const paid = await store.webhooks.next('Transaction.Paid', { paymentId, path: '/webhook' })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert.equal(payment.status, 'PAID')
    if (!('webhooks' in payment)) return assert.fail('no webhooks')
    assert.deepEqual(asked.data, {
      storeId: store.storeId,
      paymentId,
      transactionId: payment.transactionId,
      totalAmount: payment.amount.total,
    })
    assert.equal(
      payment.webhooks?.some(({ id }) => id === asked.id),
      false,
    )
    assert.equal(
      payment.webhooks?.some(({ id }) => id === paid.id),
      true,
    )
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
    assert.equal(items.length, 1)
  })

  test('its no fails the payment with its own words, and charges nothing; no answer is a no', async () => {
    const store = await newStore()
    const base = store.webhooks.url.replace('/webhook', '')
    for (const [url, reason, pgMessage] of [
      [`${base}/confirm/no`, /sold out$/, 'sold out'],
      [`${base}/confirm/odd`, /409/, undefined],
      [`${base}/confirm/blank`, /409/, undefined],
      [`${base}/confirm/euc-kr`, /409/, undefined],
      [`${base}/confirm/nul`, /sold out/, 'sold out [31m'],
      [`${base}/confirm/long`, /x$/, 'x'.repeat(499)],
      ['http://127.0.0.1:1/confirm', /ECONNREFUSED/, undefined],
    ] as const) {
      const paymentId = newPaymentId()
      assert.equal(typeOf(await checkOut(store, paymentId, url)), 'PG_PROVIDER')
      await store.webhooks.next('Transaction.Failed', { paymentId })
      const payment = await store.portone.payment.getPayment({ paymentId })
      if (payment.status !== 'FAILED') return assert.fail(String(payment.status))
      assert.equal(payment.failure.pgCode, 'NARU_CONFIRM_PROCESS_FAILED')
      assert.match(payment.failure.reason ?? '', reason)
      assert.equal(payment.failure.pgMessage, pgMessage)
      assert.deepEqual((await store.api.call('getSandboxLedger', { query: { paymentId } })).items, [])
    }
  })

  test('the shopper reads what the shop says, or a sentence in the page’s language, and never the cause', async () => {
    const store = await newStore()
    const base = store.webhooks.url.replace('/webhook', '')
    const { open } = browserOf(naru)
    const told = async (confirmUrl: string, locale: string) => {
      const { storeId, channelKey } = store
      const price = { orderName: '귤', totalAmount: 1_000, currency: 'KRW', payMethod: 'CARD' }
      const { submit, state } = await open({
        ...price,
        storeId,
        channelKey,
        paymentId: newPaymentId(),
        confirmUrl,
        locale,
      })
      await submit({ card: cardInPage() })
      const { code, message } = await state()
      assert.equal(code, 'ConfirmProcessFailed')
      return message
    }
    assert.equal(await told(`${base}/confirm/no`, 'KO_KR'), 'sold out')
    for (const url of [`${base}/confirm/odd`, 'http://127.0.0.1:1/confirm']) {
      assert.equal(await told(url, 'KO_KR'), '상점에서 주문을 승인하지 않았습니다. 결제되지 않았습니다.')
      assert.equal(await told(url, 'EN_US'), 'The shop did not approve the order. Nothing was charged.')
    }
  })

  test('is not asked about an order that another device has paid, or is paying', async () => {
    const store = await newStore()
    await store.api.call('stopSandboxClock')
    const confirmUrl = `${store.webhooks.url.replace('/webhook', '')}/confirm/yes`
    for (const outcome of ['approve', 'pending-paid-10']) {
      const payment = { ...paymentOf(store), confirmUrl }
      const losing = await browserOf(naru, '203.0.113.7').open(payment)
      const { confirmUrl: _, ...other } = payment
      await (await browserOf(naru, '198.51.100.9').open(other)).submit({ card: cardInPage(), outcome })
      await losing.submit({ card: cardInPage() })
      const code = outcome === 'approve' ? 'PaymentAlreadyPaid' : 'PORTONE_ERROR'
      assert.equal((await losing.state()).code, code)
      await store.webhooks.next('Transaction.Failed', { paymentId: payment.paymentId })
      assert.equal(
        store.webhooks.received.some(({ type }) => type === 'Transaction.Confirm'),
        false,
      )
    }
  })

  test('is asked once, even where the connection that its webhooks keep open drops', async () => {
    let questions = 0
    const store = await naru.newStore({
      answer: ({ url, socket }, response) => {
        if (url !== '/confirm/drop') return void response.writeHead(200).end()
        questions += 1
        socket.destroy()
      },
    })
    const kept = newPaymentId()
    const base = store.webhooks.url.replace('/webhook', '')
    await checkOut(store, kept, `${base}/confirm/yes`)
    await store.webhooks.next('Transaction.Paid', { paymentId: kept })
    assert.equal(typeOf(await checkOut(store, newPaymentId(), `${base}/confirm/drop`)), 'PG_PROVIDER')
    assert.equal(questions, 1)
  })

  test('a URL that is none is refused before anything is begun', async () => {
    const store = await newStore()
    const paymentId = newPaymentId()
    assert.equal(typeOf(await checkOut(store, paymentId, 'nonsense')), 'INVALID_REQUEST')
    assert.equal(typeOf(await store.api.send('getPayment', { path: { paymentId } })), 'PAYMENT_NOT_FOUND')
  })

  test('stores of the older webhook version are asked in its words', async () => {
    const store = await newStore({ webhook: { version: '2024-01-01' } })
    const paymentId = newPaymentId()
    await checkOut(store, paymentId, `${store.webhooks.url.replace('/webhook', '')}/confirm/yes`)
    const asked = await store.webhooks.next('Transaction.undefined', { paymentId, path: '/confirm/yes' })
    const { transactionId, amount } = await store.api.call('getPayment', { path: { paymentId } })
    assert.deepEqual(asked.fields, { payment_id: paymentId, tx_id: transactionId, total_amount: amount.total })
  })
})
