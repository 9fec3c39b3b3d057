import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { read } from './support/paid.ts'
import { allAtOnce, countOf } from './support/parallel.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

describe('confirming through the official SDK', async () => {
  const naru = await startNaru()

  /** A shopper goes through the window, as if for an ordinary order. */
  const opened = async ({ api, channelKey }: TestStore, wanted: Order = {}, paymentId = newPaymentId()) => {
    const body = order(channelKey, wanted)
    return { paymentId, ...(await api.call('authenticateSandboxPayment', { path: { paymentId }, body })) }
  }

  test('what a shopper authenticated is charged on confirmation, if it is what was expected', async () => {
    const store = await naru.newStore()
    const { portone, webhooks } = store
    const { paymentId, paymentToken, transactionId } = await opened(store, {
      amount: { total: 10_000, taxFree: 1_000 },
    })
    await webhooks.next('Transaction.Ready', { paymentId })
    assert.equal((await read(store, paymentId)).status, 'READY')
    const confirm = (expected: object = {}) => portone.payment.confirmPayment({ paymentId, paymentToken, ...expected })
    for (const differing of [
      { txId: 'another' },
      { totalAmount: 9_999 },
      { taxFreeAmount: 0 },
      { currency: 'USD' },
      { isTest: false },
    ])
      await refuses(confirm(differing), 'INFORMATION_MISMATCH')
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
    assert.deepEqual(items, [], 'the gateway was asked for nothing')
    const all = { txId: transactionId, currency: 'KRW', totalAmount: 10_000, taxFreeAmount: 1_000, isTest: true }
    const { pgTxId } = await confirm(all)
    await webhooks.next('Transaction.Paid', { paymentId })
    const payment = await read(store, paymentId)
    assert(payment.status === 'PAID')
    assert.deepEqual([payment.pgTxId, payment.transactionId], [pgTxId, transactionId])
    await refuses(confirm(), 'ALREADY_PAID')
    await refuses(confirm({ totalAmount: 1 }), 'ALREADY_PAID')
  })

  test('a token is good for its own payment, for an hour, and until it was used', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const [one, other, used, early] = [
      await opened(store),
      await opened(store),
      await opened(store, { method: card('4000000000000002') }),
      await opened(store),
    ]
    const { paymentToken } = other
    await refuses(payment.confirmPayment({ paymentId: one.paymentId, paymentToken }), 'INVALID_PAYMENT_TOKEN')
    await refuses(payment.confirmPayment({ ...one, paymentToken: 'made up' }), 'INVALID_PAYMENT_TOKEN')
    await refuses(payment.confirmPayment({ paymentId: newPaymentId(), paymentToken }), 'PAYMENT_NOT_FOUND')
    await refuses(payment.confirmPayment(used), 'PG_PROVIDER', 'SBX_DECLINED')
    await refuses(payment.confirmPayment(used), 'INVALID_PAYMENT_TOKEN')
    await store.advance({ minutes: 59 })
    await payment.confirmPayment(early)
    await store.advance({ minutes: 2 })
    await refuses(payment.confirmPayment(one), 'INVALID_PAYMENT_TOKEN')
    // The order itself is as good as new.
    const again = await opened(store, {}, one.paymentId)
    await payment.confirmPayment(again)
    assert.equal((await read(store, one.paymentId)).status, 'PAID')
  })

  test('a shopper who leaves the window, or is too slow in it, leaves a failed attempt; one who walks away a READY one', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const path = { paymentId }
    for (const [testCode, pgCode] of [
      ['shopper-cancel', 'PAY_PROCESS_CANCELED'],
      ['shopper-timeout', 'SBX_AUTH_EXPIRED'],
    ] as const) {
      const left = { path, body: order(store.channelKey), testCode }
      assert.match((await store.api.send('authenticateSandboxPayment', left)).text, new RegExp(pgCode))
      const payment = await read(store, paymentId)
      assert(payment.status === 'FAILED')
      const { failure } = payment
      assert.deepEqual([failure.pgCode, failure.reason], [pgCode, `[${pgCode}] ${failure.pgMessage}`])
      await store.webhooks.next('Transaction.Ready', { paymentId })
      const failed = await store.webhooks.next('Transaction.Failed', { paymentId })
      assert.equal(failed.data.transactionId, payment.transactionId)
    }
    await opened(store, {}, paymentId)
    await store.advance({ days: 30 })
    assert.equal((await read(store, paymentId)).status, 'READY')
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    const { items } = await store.portone.payment.getPaymentTransactions({ paymentId })
    assert.deepEqual(
      items.map(({ status }) => status),
      ['FAILED', 'FAILED', 'READY', 'PAID'],
    )
  })

  test('many confirmations of one token at once that the PG declines are all declined: none is told that it is paid', async () => {
    const store = await naru.newStore()
    const { paymentId, paymentToken } = await opened(store, { method: card('4000000000000002') })
    const answers = await allAtOnce(8, () =>
      store.api.send('confirmPayment', { path: { paymentId }, body: { paymentToken } }),
    )
    const { PG_PROVIDER: declined = 0, ...late } = countOf(answers)
    assert.ok(declined >= 1)
    // Who comes when it is over starts again.
    assert.deepEqual(late, declined === 8 ? {} : { INVALID_PAYMENT_TOKEN: 8 - declined })
  })

  test('many confirmations of one token at once are one payment', async () => {
    const store = await naru.newStore()
    const { paymentId, paymentToken } = await opened(store)
    const answers = await allAtOnce(8, () =>
      store.api.send('confirmPayment', { path: { paymentId }, body: { paymentToken } }),
    )
    assert.deepEqual(countOf(answers), { '200': 1, ALREADY_PAID: 7 })
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
    assert.equal(items.length, 1)
  })

  test('a virtual account is issued by the confirmation, and open for as long as was wanted from then on', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const hours = await opened(store, { method: virtualAccount({ validHours: 1 }) })
    const soon = new Date((await store.now()) + 10 * 60_000).toISOString()
    const dated = await opened(store, { method: virtualAccount({ dueDate: soon }) })
    await store.advance({ minutes: 50 })
    const { paidAt } = await store.portone.payment.confirmPayment(hours)
    const payment = await read(store, hours.paymentId)
    assert(payment.status === 'VIRTUAL_ACCOUNT_ISSUED' && payment.method?.type === 'PaymentMethodVirtualAccount')
    assert.equal(payment.method.issuedAt, paidAt)
    assert.equal(Date.parse(String(payment.method.expiredAt)) - Date.parse(paidAt), 60 * 60_000)
    await store.webhooks.next('Transaction.VirtualAccountIssued', { paymentId: hours.paymentId })
    // One whose deadline passed meanwhile is not opened.
    await refuses(store.portone.payment.confirmPayment(dated), 'PG_PROVIDER', 'SBX_AUTH_EXPIRED')
    assert.equal((await read(store, dated.paymentId)).status, 'FAILED')
  })

  test('no window opens for an order that is paid, and the gateway keeps nothing of the attempt', async () => {
    const { api, channelKey, storeId } = await naru.newStore()
    const path = { paymentId: newPaymentId() }
    const open = () => api.send('authenticateSandboxPayment', { path, body: order(channelKey) })
    const authentications = async () =>
      (await naru.database.sql`select 1 from sandbox_authentications where store_id = ${storeId}`).length
    assert.equal((await open()).status, 200)
    assert.equal(await authentications(), 1)
    await api.call('payInstantly', { path, body: order(channelKey) })
    assert.equal(typeOf(await open()), 'ALREADY_PAID')
    assert.equal(await authentications(), 1)
  })
})
