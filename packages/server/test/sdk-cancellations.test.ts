import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { countOf } from './support/parallel.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('cancelling through the official SDK', async () => {
  const naru = await startNaru()

  test('part after part, with tax-free and taxable balances, down to nothing', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = await paid(store, { amount: { total: 55_000, taxFree: 33_000 } })
    const cancel = (body: object) => payment.cancelPayment({ paymentId, reason, ...body })
    const partsOf = async (body: object) => {
      const { cancellation } = await cancel(body)
      assert(cancellation.status === 'SUCCEEDED')
      return [cancellation.totalAmount, cancellation.taxFreeAmount, cancellation.vatAmount]
    }

    assert.deepEqual(await partsOf({ amount: 11_000, taxFreeAmount: 11_000 }), [11_000, 11_000, 0])
    assert.deepEqual(await partsOf({ amount: 5_000 }), [5_000, 0, 455])
    await refuses(cancel({ amount: 20_000 }), 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT')
    await refuses(
      cancel({ amount: 30_000, taxFreeAmount: 23_000 }),
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
    )
    await refuses(cancel({ amount: 1_000, taxFreeAmount: 800, vatAmount: 300 }), 'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT')
    await refuses(cancel({ amount: 39_001 }), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
    await refuses(cancel({ currentCancellableAmount: 40_000 }), 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN')
    assert.equal((await payment.getPayment({ paymentId })).status, 'PARTIAL_CANCELLED')
    assert.deepEqual(await partsOf({ currentCancellableAmount: 39_000 }), [39_000, 22_000, 1_545])
    await refuses(cancel({ amount: 1 }), 'PAYMENT_ALREADY_CANCELLED')

    const after = await payment.getPayment({ paymentId })
    assert(after.status === 'CANCELLED')
    assert.deepEqual(after.amount, {
      total: 55_000,
      taxFree: 33_000,
      vat: 2_000,
      supply: 20_000,
      discount: 0,
      paid: 55_000,
      cancelled: 55_000,
      cancelledTaxFree: 33_000,
    })
    assert.equal(after.cancellations.length, 3)
    for (const type of ['Transaction.PartialCancelled', 'Transaction.PartialCancelled', 'Transaction.Cancelled']) {
      const { data } = await store.webhooks.next(type, { paymentId })
      assert(after.cancellations.some((found) => 'id' in found && found.id === data.cancellationId))
    }
  })

  test('the rest takes the VAT that rounding left', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { amount: { total: 1_000 } })
    const vats: number[] = []
    for (const part of [{ amount: 333 }, { amount: 333 }, {}]) {
      const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason, ...part })
      vats.push(Number(cancellation.status === 'SUCCEEDED' && cancellation.vatAmount))
    }
    assert.deepEqual(vats, [30, 30, 31])
  })

  test('a refund that the gateway refuses is recorded as failed and can be tried again', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { total: 990_030 })
    await refuses(store.portone.payment.cancelPayment({ paymentId, reason }), 'PG_PROVIDER', 'SBX_CANCEL_REFUSED')
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.deepEqual(
      payment.cancellations?.map(({ status }) => status),
      ['FAILED'],
    )
    await store.api.call('cancelPayment', { path: { paymentId }, body: { reason }, testCode: 'approve' })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'CANCELLED')
  })

  test('a pending refund holds its amount back, and completes later under the same id', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await paid(store, { method: card('4000000000007726') })
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason, amount: 6_000 })
    assert(cancellation.status === 'REQUESTED')
    const pending = await store.webhooks.next('Transaction.CancelPending', { paymentId })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
    await refuses(
      store.portone.payment.cancelPayment({ paymentId, reason, amount: 4_001 }),
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
    )
    await store.advance({ seconds: 5 })
    const done = await store.webhooks.next('Transaction.PartialCancelled', { paymentId })
    assert.deepEqual([pending.data.cancellationId, done.data.cancellationId], [cancellation.id, cancellation.id])
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PARTIAL_CANCELLED')
    assert.equal(payment.amount.cancelled, 6_000)
    assert.equal(payment.webhooks?.at(-1)?.trigger, 'ASYNC_CANCEL_APPROVED')
  })

  test('a pending refund that is refused later gives its amount back, silently', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await paid(store, { method: card('4000000000005126') })
    // Webhooks overtake each other.
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await store.portone.payment.cancelPayment({ paymentId, reason })
    await store.webhooks.next('Transaction.CancelPending', { paymentId })
    await store.advance({ seconds: 5 })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.equal(payment.cancellations?.[0]?.status, 'FAILED')
    assert.deepEqual(
      store.webhooks.received.map(({ type }) => type),
      ['Transaction.Paid', 'Transaction.CancelPending'],
    )
  })

  test('a pending refund can be stopped; its amount can be cancelled again', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { customer: { id: 'sbx-cancel-pending-600' } })
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason })
    const cancellationId = cancellation.status === 'REQUESTED' ? cancellation.id : ''
    const stop = () => store.portone.payment.stopPaymentCancellation({ paymentId, cancellationId })
    const { stoppedAt } = await stop()
    assert(!Number.isNaN(Date.parse(stoppedAt)))
    await refuses(stop(), 'PAYMENT_CANCELLATION_NOT_PENDING')
    await store.advance({ minutes: 30 })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
    await store.api.call('cancelPayment', { path: { paymentId }, body: { reason }, testCode: 'approve' })
    const [entry] = (await store.api.call('getSandboxLedger', { query: { paymentId } })).items
    assert.equal(entry?.cancelledAmount, 10_000)
  })

  test('skipWebhook keeps quiet about what is done at once, not about what comes later', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    // PortOne's own SDK does not know `skipWebhook` yet.
    const pay = async (wanted: Order = {}): Promise<string> => {
      const paymentId = newPaymentId()
      const body = { ...order(store.channelKey, wanted), skipWebhook: true }
      await store.api.call('payInstantly', { path: { paymentId }, body })
      return paymentId
    }
    const quiet = await pay()
    const cancel = (paymentId: string) =>
      store.api.call('cancelPayment', { path: { paymentId }, body: { reason, skipWebhook: true } })
    await cancel(quiet)
    const later = await pay({ customer: { id: 'sbx-cancel-pending-5' } })
    await cancel(later)
    await store.advance({ seconds: 5 })
    await store.webhooks.next('Transaction.Cancelled', { paymentId: later })
    assert.deepEqual(
      store.webhooks.received.map(({ type, data }) => [type, data.paymentId]),
      [
        ['Transaction.CancelPending', later],
        ['Transaction.Cancelled', later],
      ],
    )
    assert(!('webhooks' in (await store.portone.payment.getPayment({ paymentId: quiet }))))
  })

  test('what moved adds up to nothing once all is refunded', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store)
    await store.portone.payment.cancelPayment({ paymentId, reason, amount: 3_000 })
    await store.portone.payment.cancelPayment({ paymentId, reason })
    const { items } = await store.portone.payment.getAllPaymentEventsByCursor()
    const events = items.flatMap(({ paymentEvent: event }) => ('eventAmount' in event ? [event] : []))
    assert.deepEqual(
      events.map(({ type, eventAmount }) => [type, eventAmount]),
      [
        ['PAID', 10_000],
        ['PARTIAL_CANCELLED', -3_000],
        ['CANCELLED', -7_000],
      ],
    )
    assert.deepEqual(
      events.map(({ totalAmount }) => totalAmount.cancelled),
      [0, 3_000, 10_000],
    )
  })

  test('only the whole amount can be cancelled where the gateway knows no partial refunds', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { total: 990_033 })
    await refuses(
      store.portone.payment.cancelPayment({ paymentId, reason, amount: 1 }),
      'PG_PROVIDER',
      'SBX_PARTIAL_NOT_ALLOWED',
    )
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'CANCELLED')
  })

  const cancelAs = (store: TestStore, paymentId: string, key: string, body: object = {}) =>
    store.api.send('cancelPayment', {
      path: { paymentId },
      body: { reason, ...body },
      idempotencyKey: `a-key-of-its-own-${key}`,
    })

  test('two at once under different keys are two refunds, for which there must be money', async () => {
    const store = await naru.newStore()
    const twice = async (body: object) => {
      const paymentId = await paid(store)
      const answers = await Promise.all(['1', '2'].map((key) => cancelAs(store, paymentId, paymentId + key, body)))
      const { amount } = await read(store, paymentId)
      return [countOf(answers), amount.cancelled]
    }
    assert.deepEqual(await twice({ amount: 5_000 }), [{ '200': 2 }, 10_000])
    const tooMuch = { '200': 1, CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: 1 }
    assert.deepEqual(await twice({ amount: 5_001 }), [tooMuch, 5_001])
    // What only one of two may do is guarded by what the caller believes to be left.
    const guarded = { '200': 1, CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: 1 }
    assert.deepEqual(await twice({ amount: 5_000, currentCancellableAmount: 10_000 }), [guarded, 5_000])
    const [all, cancelled] = await twice({})
    assert.equal(cancelled, 10_000)
    // Whether the second comes while the first is with the gateway, or after it.
    assert.match(JSON.stringify(all), /CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT|PAYMENT_ALREADY_CANCELLED/)
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })

  test('under one key there is one refund, however often it is asked for', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store)
    const part = () => cancelAs(store, paymentId, 'retried', { amount: 4_000 })
    const first = await part()
    for (const again of [await part(), await part()]) assert.equal(again.text, first.text)
    assert.equal((await read(store, paymentId)).amount.cancelled, 4_000)
  })

  test('currentCancellableAmount is what is left to the unit, refunds under way counted as gone', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await paid(store)
    const cancel = (currentCancellableAmount: number, more: object = {}) =>
      store.portone.payment.cancelPayment({ paymentId, reason, amount: 1_000, currentCancellableAmount, ...more })
    const broken = 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN'
    for (const wrong of [9_999, 10_001, 0, -1]) await refuses(cancel(wrong), broken)
    await cancel(10_000)
    await refuses(cancel(10_000), broken)
    await store.api.call('cancelPayment', {
      path: { paymentId },
      body: { reason, amount: 2_000 },
      testCode: 'cancel-pending-60',
    })
    await refuses(cancel(9_000), broken)
    await cancel(7_000)
    // A wrong belief is told before amounts that are wrong as well.
    await refuses(cancel(7_000, { amount: 99_999 }), broken)
    await refuses(cancel(6_000, { amount: 6_001 }), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
    await store.api.call('cancelPayment', {
      path: { paymentId },
      body: { reason },
      testCode: 'cancel-pending-60',
    })
    const nothing = { path: { paymentId }, body: { reason, currentCancellableAmount: 0 } }
    assert.equal(typeOf(await store.api.send('cancelPayment', nothing)), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
    await store.advance({ minutes: 1 })
    await refuses(cancel(0), 'PAYMENT_ALREADY_CANCELLED')
  })

  test('what is not paid is not cancelled, whatever the amounts; a virtual account is closed instead', async () => {
    const store = await naru.newStore()
    const ready = newPaymentId()
    await store.api.call('authenticateSandboxPayment', { path: { paymentId: ready }, body: order(store.channelKey) })
    const failed = newPaymentId()
    const declined = order(store.channelKey, { method: card('4000000000000002') })
    await refuses(store.portone.payment.payInstantly({ paymentId: failed, ...declined }), 'PG_PROVIDER', 'SBX_DECLINED')
    const waiting = await paid(store, { method: virtualAccount({ validHours: 1 }) })
    const pending = await paid(store, { customer: { id: 'sbx-pending-paid-86400' } })
    for (const paymentId of [ready, failed, waiting, pending])
      for (const body of [{}, { amount: 99_999 }, { currentCancellableAmount: 1 }])
        await refuses(store.portone.payment.cancelPayment({ paymentId, reason, ...body }), 'PAYMENT_NOT_PAID')
    const told = await store.api.send('cancelPayment', { path: { paymentId: waiting }, body: { reason } })
    assert.match(told.text, /Close its virtual account/)
  })

  test('a cancellation that is in doubt, or being stopped, cannot be stopped: it says which', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { customer: { id: 'sbx-cancel-pending-600' } })
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason })
    assert(cancellation.status === 'REQUESTED')
    const stop = () =>
      store.api.send('stopPaymentCancellation', { path: { paymentId, cancellationId: cancellation.id } })
    const answers = await Promise.all([stop(), stop(), stop()])
    assert.deepEqual(countOf(answers), { '200': 1, PAYMENT_CANCELLATION_NOT_PENDING: 2 })
    assert.match((await stop()).text, /is FAILED: nothing is left to stop/)
    const other = await paid(store)
    await refuses(
      store.portone.payment.stopPaymentCancellation({ paymentId: other, cancellationId: cancellation.id }),
      'PAYMENT_CANCELLATION_NOT_FOUND',
    )
  })
})
