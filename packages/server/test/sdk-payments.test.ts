import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, request, typeOf } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { card, newPaymentId, order } from './support/requests.ts'

describe('paying through the official SDK', async () => {
  const naru = await startNaru()

  test('a card is charged, announced and read back', async () => {
    const { portone, channelKey, storeId, webhooks } = await naru.newStore()
    const paymentId = newPaymentId()
    const paid = await portone.payment.payInstantly({ paymentId, ...order(channelKey) })
    const payment = await portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.equal(payment.pgTxId, paid.payment.pgTxId)
    assert.deepEqual([payment.storeId, payment.paidAt, payment.channel.key], [storeId, paid.payment.paidAt, channelKey])
    const { data } = await webhooks.next('Transaction.Paid', { paymentId })
    assert.deepEqual(data, { storeId, paymentId, transactionId: payment.transactionId })
  })

  test('a declined card is a typed error, a failed payment and a webhook; the id can be tried again', async () => {
    const { portone, channelKey, webhooks } = await naru.newStore()
    const paymentId = newPaymentId()
    const declined = order(channelKey, { method: card('4000000000000002') })
    await refuses(portone.payment.payInstantly({ paymentId, ...declined }), 'PG_PROVIDER', 'SBX_DECLINED')
    await webhooks.next('Transaction.Failed', { paymentId })
    await portone.payment.payInstantly({ paymentId, ...order(channelKey) })
    await webhooks.next('Transaction.Paid', { paymentId })
    const { items } = await portone.payment.getPaymentTransactions({ paymentId })
    assert.deepEqual(
      items.map(({ status }) => status),
      ['FAILED', 'PAID'],
    )
  })

  test('the order comes back as it was given; the card number does not', async () => {
    const { portone, channelKey } = await naru.newStore()
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({
      paymentId,
      ...order(channelKey),
      customer: { id: 'customer-1', name: { separated: { first: '나루', last: '김' } }, email: 'naru@example.com' },
      customData: '{"cart":7}',
      products: [{ id: 'book', name: 'A book', amount: 10_000, quantity: 1 }],
      productCount: 1,
      country: 'KR',
      isCulturalExpense: true,
    })
    const payment = await portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID' && payment.method?.type === 'PaymentMethodCard')
    assert.deepEqual(payment.customer, { id: 'customer-1', name: '김나루', email: 'naru@example.com' })
    assert.deepEqual(
      [payment.customData, payment.productCount, payment.country, payment.isCulturalExpense],
      ['{"cart":7}', 1, 'KR', true],
    )
    assert.equal(payment.method.card?.number, '424242******4242')
    assert(!JSON.stringify(payment).includes('4242424242424242'))
  })

  test('a pending approval is paid, or fails, when the gateway says so', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const { portone, channelKey, webhooks } = store
    const [willPay, willFail] = [newPaymentId(), newPaymentId()]
    await portone.payment.payInstantly({ paymentId: willPay, ...order(channelKey, { total: 990_008 }) })
    await portone.payment.payInstantly({ paymentId: willFail, ...order(channelKey, { total: 990_009 }) })
    for (const paymentId of [willPay, willFail]) {
      await webhooks.next('Transaction.PayPending', { paymentId })
      assert.equal((await portone.payment.getPayment({ paymentId })).status, 'PAY_PENDING')
    }
    await refuses(portone.payment.payInstantly({ paymentId: willPay, ...order(channelKey) }), 'ALREADY_PAID')
    await store.advance({ seconds: 10 })
    await webhooks.next('Transaction.Paid', { paymentId: willPay })
    await webhooks.next('Transaction.Failed', { paymentId: willFail })
    const triggers = []
    for (const paymentId of [willPay, willFail]) {
      const payment = await portone.payment.getPayment({ paymentId })
      triggers.push('webhooks' in payment && payment.webhooks?.at(-1)?.trigger)
    }
    assert.deepEqual(triggers, ['ASYNC_PAY_APPROVED', 'ASYNC_PAY_FAILED'])
  })

  test('a failure that turns out to be a success later becomes one; a charge of a wrong amount is given back', async () => {
    const store = await naru.newStore()
    const { portone, channelKey } = store
    const [late, mismatched] = [newPaymentId(), newPaymentId()]
    const pay = (paymentId: string, total: number) =>
      portone.payment.payInstantly({ paymentId, ...order(channelKey, { total }) })
    await refuses(pay(late, 990_012), 'PG_PROVIDER', 'SBX_DECLINED')
    await refuses(pay(mismatched, 990_010), 'PG_PROVIDER', 'NARU_AMOUNT_MISMATCH')
    await store.advance({ seconds: 10 })
    assert.equal((await portone.payment.getPayment({ paymentId: late })).status, 'PAID')
    assert.equal((await portone.payment.getPayment({ paymentId: mismatched })).status, 'FAILED')
    const [entry] = (await store.api.call('getSandboxLedger', { query: { paymentId: mismatched } })).items
    assert.deepEqual([entry?.amount, entry?.cancelledAmount], [990_011, 990_011])
  })

  test('an id of any characters is addressed as it is', async () => {
    const { portone, channelKey } = await naru.newStore()
    for (const paymentId of ['a/b?c=d#e%2F', '주문 1+1', '😀']) {
      await portone.payment.payInstantly({ paymentId, ...order(channelKey) })
      const payment = await portone.payment.getPayment({ paymentId })
      assert.equal('id' in payment && payment.id, paymentId)
    }
    await refuses(portone.payment.getPayment({ paymentId: ' ' }), 'PAYMENT_NOT_FOUND')
  })

  test('the same Idempotency-Key charges once and answers the same, to the byte', async () => {
    const { api, channelKey } = await naru.newStore()
    const paymentId = newPaymentId()
    const pay = { path: { paymentId }, body: order(channelKey), idempotencyKey: 'key-of-20-characters' }
    const [first, second] = [await api.send('payInstantly', pay), await api.send('payInstantly', pay)]
    assert.deepEqual([second.status, second.text], [200, first.text])
    assert.equal(second.headers.get('idempotency-replayed'), 'true')
    const other = { ...pay, body: order(channelKey, { total: 1 }) }
    assert.equal((await api.send('payInstantly', other)).status, 400)
  })
})

describe('credentials through the official SDK', async () => {
  const naru = await startNaru()

  test('a secret is exchanged for tokens; a refresh token works once, and used again it ends the newer one', async () => {
    const { portone, apiSecret } = await naru.newStore()
    const { accessToken, refreshToken } = await portone.auth.loginViaApiSecret({ apiSecret })
    const listed = await request(naru.url, {
      method: 'GET',
      path: '/payments',
      headers: { authorization: `Bearer ${accessToken}` },
    })
    assert.equal(listed.status, 200)
    const renewed = await portone.auth.refreshToken({ refreshToken })
    const again = await portone.auth.refreshToken({ refreshToken: renewed.refreshToken })
    await refuses(portone.auth.refreshToken({ refreshToken }), 'UNAUTHORIZED')
    await refuses(portone.auth.refreshToken({ refreshToken: again.refreshToken }), 'UNAUTHORIZED')
    await refuses(portone.auth.loginViaApiSecret({ apiSecret: 'wrong' }), 'UNAUTHORIZED')
  })

  test('a store sees its own payments; the merchant sees all', async () => {
    const [one, other] = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    await one.portone.payment.payInstantly({ paymentId, ...order(one.channelKey) })
    await refuses(other.portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    await refuses(other.portone.payment.getPayment({ paymentId, storeId: one.storeId }), 'FORBIDDEN')
    await refuses(naru.portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    assert.equal((await naru.portone.payment.getPayment({ paymentId, storeId: one.storeId })).status, 'PAID')
    const { items } = await naru.portone.payment.getPayments()
    assert.deepEqual(
      items.map((payment) => 'storeId' in payment && payment.storeId),
      [one.storeId],
    )
    await refuses(other.portone.payment.payInstantly({ paymentId: 'x', ...order(one.channelKey) }), 'CHANNEL_NOT_FOUND')
  })

  test('banks are listed to anyone', async () => {
    const answer = await request(naru.url, { method: 'GET', path: '/banks', headers: { authorization: 'nonsense' } })
    assert.equal(answer.status, 200)
    const { items }: { items: { bank: string; name: { ko: string } }[] } = JSON.parse(answer.text)
    assert(items.some(({ bank, name }) => bank === 'SHINHAN' && name.ko === '신한은행'))
  })

  test('what does not exist is an error in JSON', async () => {
    for (const [method, path, type, status] of [
      ['GET', '/nowhere', 'NOT_FOUND', 404],
      ['DELETE', '/payments/x', 'METHOD_NOT_ALLOWED', 405],
      ['GET', '/payments', 'UNAUTHORIZED', 401],
    ] as const) {
      const answer = await request(naru.url, { method, path })
      assert.deepEqual([answer.status, typeOf(answer)], [status, type])
    }
  })
})
