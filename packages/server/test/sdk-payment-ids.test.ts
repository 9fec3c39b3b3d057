import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { card, monthly, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('a paymentId, through the official SDK', async () => {
  const naru = await startNaru()

  const issued = async ({ portone, channelKey }: TestStore): Promise<string> => {
    const { billingKeyInfo } = await portone.payment.billingKey.issueBillingKey({ channelKey, method: card() })
    return billingKeyInfo.billingKey
  }
  const pay = ({ portone, channelKey }: TestStore, paymentId: string, wanted: Order = {}) =>
    portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })

  test('can be tried again until it is paid, each time as a new transaction', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const seen: string[] = []
    for (const [wanted, status] of [
      [{ method: card('4000000000000002') }, 'FAILED'],
      [{ method: virtualAccount() }, 'VIRTUAL_ACCOUNT_ISSUED'],
      [{ method: card('4000000000000002') }, 'FAILED'],
      [{}, 'PAID'],
    ] as const) {
      await pay(store, paymentId, wanted).catch(() => undefined)
      const payment = await read(store, paymentId)
      assert.equal(payment.status, status)
      seen.push(payment.transactionId)
    }
    assert.equal(new Set(seen).size, 4)
    const { items } = await store.portone.payment.getPaymentTransactions({ paymentId })
    assert.deepEqual(
      items.map((item) => 'id' in item && item.id),
      seen,
      'oldest first',
    )
  })

  test('that was ever paid is ALREADY_PAID to whoever would pay or announce it, refunded or not', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const billingKey = await issued(store)
    for (const cancelled of [0, 4_000, 10_000]) {
      const paymentId = newPaymentId()
      const window = { path: { paymentId }, body: order(store.channelKey) }
      const { paymentToken } = await store.api.call('authenticateSandboxPayment', window)
      await pay(store, paymentId)
      if (cancelled > 0) await payment.cancelPayment({ paymentId, reason, amount: cancelled })
      const changedAt = async () => (await read(store, paymentId)).updatedAt
      const before = await changedAt()
      await refuses(pay(store, paymentId), 'ALREADY_PAID')
      await refuses(payment.payWithBillingKey({ paymentId, ...monthly(billingKey) }), 'ALREADY_PAID')
      await refuses(payment.confirmPayment({ paymentId, paymentToken }), 'ALREADY_PAID')
      await refuses(payment.preRegisterPayment({ paymentId, totalAmount: 1 }), 'ALREADY_PAID')
      const timeToPay = new Date((await store.now()) + 3_600_000).toISOString()
      const schedule = { paymentId, payment: monthly(billingKey), timeToPay }
      await refuses(payment.paymentSchedule.createPaymentSchedule(schedule), 'ALREADY_PAID_OR_WAITING')
      assert.equal(await changedAt(), before)
    }
  })

  test('whose result is out blocks every way to pay, one that waits for a deposit blocks none but a schedule', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const billingKey = await issued(store)
    const timeToPay = new Date((await store.now()) + 3_600_000).toISOString()
    const schedule = (paymentId: string) =>
      payment.paymentSchedule.createPaymentSchedule({ paymentId, payment: monthly(billingKey), timeToPay })
    const pending = await paid(store, { customer: { id: 'sbx-pending-paid-86400' } })
    await refuses(pay(store, pending), 'ALREADY_PAID')
    await refuses(payment.payWithBillingKey({ paymentId: pending, ...monthly(billingKey) }), 'ALREADY_PAID')
    await refuses(schedule(pending), 'ALREADY_PAID_OR_WAITING')
    const waiting = await paid(store, { method: virtualAccount() })
    await refuses(schedule(waiting), 'ALREADY_PAID_OR_WAITING')
    await payment.payWithBillingKey({ paymentId: waiting, ...monthly(billingKey) })
    assert.equal((await read(store, waiting)).status, 'PAID')
  })

  test('is worth what was registered in advance, by every way to pay, until it is paid', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const billingKey = await issued(store)
    const paymentId = newPaymentId()
    const register = (expected: object) => payment.preRegisterPayment({ paymentId, ...expected })
    await register({ totalAmount: 500, taxFreeAmount: 0, currency: 'KRW' })
    await refuses(payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    await refuses(pay(store, paymentId), 'INVALID_REQUEST')
    await refuses(payment.payWithBillingKey({ paymentId, ...monthly(billingKey) }), 'INVALID_REQUEST')
    // A later one replaces the earlier; only what it says is compared.
    await register({ currency: 'USD' })
    await refuses(pay(store, paymentId), 'INVALID_REQUEST')
    await register({ taxFreeAmount: 1 })
    await refuses(pay(store, paymentId), 'INVALID_REQUEST')
    await register({ totalAmount: 10_000 })
    const window = { path: { paymentId }, body: order(store.channelKey) }
    const { paymentToken } = await store.api.call('authenticateSandboxPayment', window)
    await register({ totalAmount: 9_999 })
    await refuses(payment.confirmPayment({ paymentId, paymentToken }), 'INFORMATION_MISMATCH')
    await register({})
    await payment.confirmPayment({ paymentId, paymentToken })
    await refuses(register({ totalAmount: 10_000 }), 'ALREADY_PAID')
    for (const absurd of [
      { totalAmount: 0 },
      { totalAmount: -1 },
      { totalAmount: 0.5 },
      { taxFreeAmount: -1 },
      { totalAmount: 1_000, taxFreeAmount: 1_001 },
    ])
      await refuses(payment.preRegisterPayment({ paymentId: newPaymentId(), ...absurd }), 'INVALID_REQUEST')
  })

  test('that was refused before it was tried is nothing: no payment, no transaction, no webhook', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const refused: readonly (readonly [type: string, wanted: Order])[] = [
      ['INVALID_REQUEST', { channelGroupId: 'both' }],
      ['INVALID_REQUEST', { customer: { name: { full: '김나루', separated: { first: '나루', last: '김' } } } }],
      ['INVALID_REQUEST', { products: [{ id: 'a', name: 'A', amount: -1, quantity: 1 }] }],
      ['CHANNEL_NOT_FOUND', { channelKey: 'channel-key-of-nobody' }],
      ['CHANNEL_NOT_FOUND', { channelKey: naru.channelKey }],
      ['SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', { amount: { total: 1, taxFree: 2 } }],
      ['FORBIDDEN', { storeId: naru.storeId }],
    ]
    for (const [type, wanted] of refused) await refuses(pay(store, paymentId, wanted), type)
    const { storeId } = naru
    await refuses(pay(store, 'x'.repeat(256), { storeId }), 'INVALID_REQUEST')
    await refuses(pay(store, ' ', { storeId }), 'INVALID_REQUEST')
    await refuses(store.portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    await refuses(store.portone.payment.getPaymentTransactions({ paymentId }), 'PAYMENT_NOT_FOUND')
    // A field that nobody knows is no reason to refuse: a newer SDK may send it.
    const unknown = { ...order(store.channelKey), method: { ...card(), of: 'tomorrow' }, loyalty: { points: 7 } }
    await store.portone.payment.payInstantly({ paymentId, ...unknown })
    await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.equal(store.webhooks.received.length, 1)
  })
})
