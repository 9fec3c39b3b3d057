import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'

describe('what follows a payment, through the official SDK', async () => {
  const naru = await startNaru()

  const isSound = async () => assert.deepEqual((await audit(naru.database.sql)).findings, [])

  describe('disputes', () => {
    const statuses = async (store: TestStore, paymentId: string) => {
      const payment = await read(store, paymentId)
      return 'disputes' in payment ? payment.disputes?.map(({ status }) => status) : undefined
    }
    const dispute = (store: TestStore, paymentId: string, as: 'OPEN' | 'WON' | 'LOST') =>
      store.api.send('disputeSandboxPayment', { path: { paymentId }, body: { as } })

    test('one that is won is shown, announced and leaves the money', async () => {
      const store = await naru.newStore()
      const paymentId = await paid(store)
      assert.deepEqual(await statuses(store, paymentId), [])
      assert.equal((await dispute(store, paymentId, 'OPEN')).status, 200)
      assert.deepEqual(await statuses(store, paymentId), ['UNRESOLVED'])
      await store.webhooks.next('Transaction.DisputeCreated', { paymentId })
      assert.equal((await dispute(store, paymentId, 'WON')).status, 200)
      const { items: books } = await store.api.call('getSandboxLedger', { query: { paymentId } })
      assert.equal(books[0]?.dispute, 'WON')
      assert.deepEqual(await statuses(store, paymentId), ['RESOLVED'])
      await store.webhooks.next('Transaction.DisputeResolved', { paymentId })
      const payment = await read(store, paymentId)
      assert.equal(payment.status, 'PAID')
      const triggers = 'webhooks' in payment ? payment.webhooks?.map(({ trigger }) => trigger) : undefined
      assert.deepEqual(triggers?.toSorted(), ['DISPUTE_CREATED', 'DISPUTE_RESOLVED', undefined])
      await isSound()
    })

    test('one that is lost takes what was not refunded, as a cancellation by CHARGEBACK', async () => {
      const store = await naru.newStore()
      const paymentId = await paid(store, { amount: { total: 10_000, taxFree: 3_000 } })
      await store.portone.payment.cancelPayment({ paymentId, reason: 'one item', amount: 4_000 })
      await dispute(store, paymentId, 'OPEN')
      await dispute(store, paymentId, 'LOST')
      const payment = await read(store, paymentId)
      assert(payment.status === 'CANCELLED')
      const cancellations = payment.cancellations.map((found) =>
        'trigger' in found ? [found.trigger, found.totalAmount, found.taxFreeAmount, found.vatAmount] : [],
      )
      assert.deepEqual(cancellations, [
        ['API', 4_000, 0, 364],
        ['CHARGEBACK', 6_000, 3_000, 272],
      ])
      await store.webhooks.next('Transaction.DisputeResolved', { paymentId })
      await store.webhooks.next('Transaction.Cancelled', { paymentId })
      await isSound()
    })

    test('the scenario plays by the clock, and a lost notification is made up for within a day', async () => {
      const store = await naru.newStore()
      const paymentId = await paid(store, { customer: { id: 'sbx-dispute-lost' } })
      await store.advance({ seconds: 11 })
      assert.deepEqual(await statuses(store, paymentId), ['UNRESOLVED'])
      const { sql } = naru.database
      await sql`delete from sandbox_notifications where store_id = ${store.storeId}`
      await sql`
        with lost as (
          update sandbox_transactions set dispute = 'LOST', dispute_settled_at = disputed_at + interval '1 minute',
            cancelled_amount = amount, charged_back_amount = amount where store_id = ${store.storeId} returning *)
        insert into sandbox_cancellations (store_id, reference, transaction_reference, pg_cancellation_id, state,
          amount, reason, created_at)
        select store_id, pg_transaction_id || '-chargeback', reference, pg_transaction_id || '-chargeback',
          'SUCCEEDED', amount, 'dispute lost', created_at from lost`
      await store.advance({ days: 2 })
      assert.equal((await read(store, paymentId)).status, 'CANCELLED')
      await isSound()
    })

    test('what cannot be disputed is refused', async () => {
      const store = await naru.newStore()
      const paymentId = await paid(store)
      assert.equal(typeOf(await dispute(store, paymentId, 'WON')), 'PG_PROVIDER')
      await dispute(store, paymentId, 'OPEN')
      assert.equal(typeOf(await dispute(store, paymentId, 'OPEN')), 'PG_PROVIDER')
      assert.equal(typeOf(await dispute(store, 'nobody', 'OPEN')), 'PAYMENT_NOT_FOUND')
    })
  })

  test('a store receipt splits the sales slip, at KG Inicis only', async () => {
    const store = await storeAt(naru, 'INICIS_V2')
    const { payment } = store.portone
    const paymentId = await paid(store)
    const item = {
      storeBusinessRegistrationNumber: '123-45-67890',
      storeName: '나루서점',
      totalAmount: 6_000,
      taxFreeAmount: 5_000,
      vatAmount: 91,
      supplyAmount: 909,
      currency: 'KRW',
    } as const
    const register = (...items: (typeof item | object)[]) =>
      payment.registerStoreReceipt({ paymentId, items: items.map((given) => ({ ...item, ...given })) })
    assert.match(String((await register(item)).receiptUrl), /^https:/)
    await refuses(register(), 'INVALID_REQUEST')
    await refuses(register(item, item), 'INVALID_REQUEST')
    await refuses(register({ currency: 'USD' }), 'INVALID_REQUEST')
    await refuses(register({ vatAmount: 92 }), 'INVALID_REQUEST')
    const largest = Number.MAX_SAFE_INTEGER
    const most = { totalAmount: largest, taxFreeAmount: largest, vatAmount: 0, supplyAmount: 0 }
    await refuses(register(most, most), 'INVALID_REQUEST')
    await refuses(register({ ...most, vatAmount: largest, supplyAmount: largest }), 'INVALID_REQUEST')
    await refuses(register({ storeBusinessRegistrationNumber: '1' }), 'INVALID_REQUEST')
    const refused = await paid(store, { customer: { id: 'sbx-receipt-fail' } })
    await refuses(
      payment.registerStoreReceipt({ paymentId: refused, items: [item] }),
      'PG_PROVIDER',
      'SBX_STORE_RECEIPT_REFUSED',
    )
    const elsewhere = await naru.newStore()
    const other = await paid(elsewhere)
    await refuses(
      elsewhere.portone.payment.registerStoreReceipt({ paymentId: other, items: [item] }),
      'INVALID_REQUEST',
    )
    await refuses(payment.registerStoreReceipt({ paymentId: 'nobody', items: [item] }), 'PAYMENT_NOT_FOUND')
    await payment.cancelPayment({ paymentId, reason: 'changed my mind' })
    await refuses(register(item), 'PAYMENT_NOT_PAID')
  })

  test("KakaoPay's answer about an order is passed on, errors too", async () => {
    const store = await storeAt(naru, 'KAKAOPAY')
    const { pgSpecific, payment } = store.portone
    const paymentId = await paid(store)
    const found = await payment.getPayment({ paymentId })
    assert(found.status === 'PAID')
    const { channelKey } = store
    const order = await pgSpecific.getKakaopayPaymentOrder({ pgTxId: String(found.pgTxId), channelKey })
    assert.equal(order.statusCode, 200)
    const { tid, status, amount } = JSON.parse(order.body)
    assert.deepEqual([tid, status, amount.total], [found.pgTxId, 'SUCCESS_PAYMENT', 10_000])
    assert.equal((await pgSpecific.getKakaopayPaymentOrder({ pgTxId: 'T0', channelKey })).statusCode, 400)
    const ill = { match: { operation: 'LOOK_UP_ORDER' as const }, steps: ['maintenance'] }
    await store.api.call('createSandboxScript', { body: ill })
    assert.equal((await pgSpecific.getKakaopayPaymentOrder({ pgTxId: 'T0', channelKey })).statusCode, 504)
    const elsewhere = await naru.newStore()
    const wrong = [elsewhere.channelKey, elsewhere.manualChannelKey, 'no-such-channel']
    for (const key of wrong)
      await refuses(pgSpecific.getKakaopayPaymentOrder({ pgTxId: 'T0', channelKey: key }), 'INVALID_REQUEST')
  })

  test("KCP's card promotions are listed for an amount", async () => {
    const store = await storeAt(naru, 'KCP_V2')
    const { additionalFeature } = store.portone.payment
    const { channelKey } = store
    const ask = (amount: number, more: object = {}) =>
      additionalFeature.getPgCardPromotions({ channelKey, amount, ...more })
    assert.equal((await ask(60_000)).promotions?.length, 3)
    assert.equal((await ask(9_999)).promotions?.length, 0)
    assert.equal((await ask(60_000, { cardCompany: 'HYUNDAI_CARD' })).promotions?.length, 1)
    await refuses(ask(0), 'INVALID_REQUEST')
    await refuses(ask(1, { channelKey: 'no-such-channel' }), 'CHANNEL_NOT_FOUND')
    await refuses(ask(1, { channelKey: store.manualChannelKey }), 'INVALID_REQUEST')
    const ill = { query: { channelKey, amount: 1 }, testCode: 'maintenance' }
    assert.equal(typeOf(await store.api.send('getPgCardPromotions', ill)), 'PG_PROVIDER')
  })

  test('Paymentwall gets evidence of a delivery, complete where the goods are physical', async () => {
    const store = await storeAt(naru, 'PAYMENTWALL')
    const { transactionId } = await read(store, await paid(store))
    const delivery = {
      transactionId,
      deliveryType: 'DIGITAL',
      deliveryStatus: 'DELIVERED',
      estimatedDeliveryDatetime: '2026-01-02T03:04:05Z',
      estimatedUpdateDatetime: '2026-01-02T03:04:05Z',
      refundable: false,
      details: 'a licence key',
      shippingAddressEmail: 'buyer@example.com',
    } as const
    const physical = {
      carrierTrackingId: '1',
      carrierType: 'DHL',
      shippingAddressCountry: 'KR',
      shippingAddressCity: 'Seoul',
      shippingAddressZip: '04524',
      shippingAddressState: 'Seoul',
      shippingAddressStreet: 'Sejong-daero 110',
      shippingAddressPhone: '010-0000-0000',
      shippingAddressFirstname: 'Naru',
      shippingAddressLastname: 'Kim',
    } as const
    /** PortOne's SDK has no method for it. */
    const tell = (more: object = {}, { api } = store) =>
      api.send('confirmPaymentwallDelivery', { body: { ...delivery, ...more } })
    assert.equal((await tell()).text, '{}')
    assert.equal((await tell({ deliveryType: 'PHYSICAL', ...physical })).status, 200)
    for (const name of Object.keys(physical))
      assert.equal(typeOf(await tell({ deliveryType: 'PHYSICAL', ...physical, [name]: undefined })), 'INVALID_REQUEST')
    assert.equal(typeOf(await tell({ transactionId: 'nobody' })), 'PAYMENT_NOT_FOUND')
    assert.equal(typeOf(await tell({ attachments: ['no address'] })), 'INVALID_REQUEST')
    const elsewhere = await naru.newStore()
    const { transactionId: foreign } = await read(elsewhere, await paid(elsewhere))
    assert.equal(typeOf(await tell({ transactionId: foreign })), 'PAYMENT_NOT_FOUND')
    assert.equal(typeOf(await tell({ transactionId: foreign }, elsewhere)), 'INVALID_REQUEST')
  })
})
