import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, newPaymentId, order } from './support/requests.ts'

describe('billing keys that a buyer stores in a window, through the official SDK', async () => {
  // As few connections as may be: one that waits for a lock must not keep others waiting.
  const naru = await startNaru({ databaseConnections: 4 })

  const authenticate = ({ api, channelKey }: TestStore, wanted: object = {}, testCode?: string) =>
    api.call('authenticateSandboxBillingKey', {
      body: { channelKey, method: card(), ...wanted },
      ...(testCode === undefined ? {} : { testCode }),
    })

  const first = (total = 9_900) => ({
    paymentId: newPaymentId(),
    orderName: 'First month',
    amount: { total },
    currency: 'KRW' as const,
  })

  const read = ({ portone }: TestStore, billingKey: string) =>
    portone.payment.billingKey.getBillingKeyInfo({ billingKey })

  test('a key is announced when the card is shown, is not there yet, and is issued by confirming', async () => {
    const store = await naru.newStore()
    const { confirmBillingKey, deleteBillingKey } = clientOf(store)
    const { billingKey, billingIssueToken } = await authenticate(store, { customer: { id: 'customer-1' } })
    await store.webhooks.next('BillingKey.Ready', { billingKey })
    await refuses(read(store, billingKey), 'BILLING_KEY_NOT_FOUND')
    await refuses(deleteBillingKey({ billingKey }), 'BILLING_KEY_NOT_ISSUED')
    assert.deepEqual(await confirmBillingKey({ billingIssueToken, isTest: true }), { billingKey })
    await store.webhooks.next('BillingKey.Issued', { billingKey })
    const info = await read(store, billingKey)
    assert(info.status === 'ISSUED')
    assert.equal(info.customer.id, 'customer-1')
    const paymentId = newPaymentId()
    const { method: _, channelKey: __, ...charge } = order(store.channelKey)
    await store.portone.payment.payWithBillingKey({ paymentId, billingKey, ...charge })
    await refuses(confirmBillingKey({ billingIssueToken }), 'BILLING_KEY_ALREADY_ISSUED')
  })

  test('an unknown, a foreign, an old and a differing confirmation are refused, and change nothing', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const { confirmBillingKey, confirmBillingKeyIssueAndPay } = clientOf(store)
    const { billingKey, billingIssueToken } = await authenticate(store)
    for (const unknown of ['', '.', 'none', `${billingKey}.guess`, 'x'.repeat(500), `${'x'.repeat(500)}.y`])
      await refuses(confirmBillingKey({ billingIssueToken: unknown }), 'BILLING_KEY_NOT_FOUND')
    await refuses(clientOf(other).confirmBillingKey({ billingIssueToken }), 'BILLING_KEY_NOT_FOUND')
    await refuses(confirmBillingKey({ billingIssueToken, isTest: false }), 'INFORMATION_MISMATCH')
    await refuses(confirmBillingKeyIssueAndPay({ billingIssueToken }), 'INFORMATION_MISMATCH')
    const late = await authenticate(store)
    assert.deepEqual(await confirmBillingKey({ billingIssueToken }), { billingKey })
    await store.advance({ hours: 2 })
    await refuses(confirmBillingKey(late), 'BILLING_KEY_NOT_FOUND')
  })

  test('a PG that refuses leaves no key, and whoever confirms again reads so', async () => {
    const store = await naru.newStore()
    const { billingKey, billingIssueToken } = await authenticate(store, {}, 'decline')
    await refuses(clientOf(store).confirmBillingKey({ billingIssueToken }), 'PG_PROVIDER', 'SBX_DECLINED')
    await store.webhooks.next('BillingKey.Failed', { billingKey })
    await refuses(clientOf(store).confirmBillingKey({ billingIssueToken }), 'PG_PROVIDER', 'SBX_DECLINED')
    await refuses(read(store, billingKey), 'BILLING_KEY_NOT_FOUND')
  })

  test('a buyer who leaves the window leaves nothing', async () => {
    const { api, channelKey } = await naru.newStore()
    const body = { channelKey, method: card() }
    const left = await api.send('authenticateSandboxBillingKey', { body, testCode: 'shopper-cancel' })
    assert.equal(typeOf(left), 'PG_PROVIDER')
    const nowhere = await api.send('authenticateSandboxBillingKey', { body: { ...body, channelKey: 'none' } })
    assert.equal(typeOf(nowhere), 'CHANNEL_NOT_FOUND')
  })

  test('one confirmation issues the key and makes the first payment, however often it is retried', async () => {
    const store = await naru.newStore()
    const payment = first()
    const { paymentId } = payment
    const { billingKey, billingIssueToken } = await authenticate(store, { payment })
    const { confirmBillingKey, confirmBillingKeyIssueAndPay } = clientOf(store)
    const wrong = { paymentId: 'another', currency: 'USD', totalAmount: 1, taxFreeAmount: 1, isTest: false } as const
    for (const [field, value] of Object.entries(wrong))
      await refuses(confirmBillingKeyIssueAndPay({ billingIssueToken, [field]: value }), 'INFORMATION_MISMATCH')
    await refuses(confirmBillingKey({ billingIssueToken }), 'INFORMATION_MISMATCH')
    const body = { billingIssueToken, paymentId, totalAmount: 9_900, currency: 'KRW' as const }
    const request = { body, idempotencyKey: 'confirm-this-key-once' }
    const answers = [
      await store.api.call('confirmBillingKeyIssueAndPay', request),
      await store.api.call('confirmBillingKeyIssueAndPay', request),
    ]
    assert.deepEqual(answers, [
      { billingKey, paymentId },
      { billingKey, paymentId },
    ])
    const paid = await store.portone.payment.getPayment({ paymentId })
    assert(paid.status === 'PAID')
    assert.deepEqual([paid.billingKey, paid.amount.total], [billingKey, 9_900])
    assert.equal((await read(store, billingKey)).status, 'ISSUED')
    assert.equal((await store.api.call('getSandboxLedger', { query: { paymentId } })).items.length, 1)
    await refuses(confirmBillingKeyIssueAndPay({ billingIssueToken }), 'BILLING_KEY_ALREADY_ISSUED')
  })

  test('where the first payment fails the key goes with it', async () => {
    const store = await naru.newStore()
    const payment = first()
    const { billingKey, billingIssueToken } = await authenticate(store, { payment }, 'bk-fail-later')
    await refuses(clientOf(store).confirmBillingKeyIssueAndPay({ billingIssueToken }), 'PG_PROVIDER', 'SBX_DECLINED')
    await store.webhooks.next('BillingKey.Deleted', { billingKey })
    assert.equal((await read(store, billingKey)).status, 'DELETED')
    const { paymentId } = payment
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'FAILED')
  })

  test('an order that is already paid keeps its payment, and no key is issued', async () => {
    const store = await naru.newStore()
    const payment = first()
    const { paymentId } = payment
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    const { billingKey, billingIssueToken } = await authenticate(store, { payment })
    await refuses(clientOf(store).confirmBillingKeyIssueAndPay({ billingIssueToken }), 'INFORMATION_MISMATCH')
    await refuses(read(store, billingKey), 'BILLING_KEY_NOT_FOUND')
    assert.deepEqual(
      (await naru.database.sql`select from sandbox_billing_keys where store_id = ${store.storeId}`).length,
      0,
    )
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
  })

  test('a renewed card shows in the key and is announced', async () => {
    const store = await naru.newStore()
    const { billingIssueToken } = await authenticate(store)
    const { billingKey } = await clientOf(store).confirmBillingKey({ billingIssueToken })
    const before = await read(store, billingKey)
    const body = { card: card('5555555555554444').card }
    const path = { billingKey }
    await store.api.call('renewSandboxBillingKey', { path, body })
    await store.webhooks.next('BillingKey.Updated', { billingKey })
    const renewed = await read(store, billingKey)
    assert(before.status === 'ISSUED' && renewed.status === 'ISSUED')
    assert.notDeepEqual(renewed.methods, before.methods)
    const unknown = await store.api.send('renewSandboxBillingKey', { path: { billingKey: 'none' }, body })
    assert.equal(typeOf(unknown), 'BILLING_KEY_NOT_FOUND')
  })
})

const clientOf = ({ portone }: TestStore) => {
  const { billingKey } = portone.payment
  return {
    confirmBillingKey: billingKey.confirmBillingKey.bind(billingKey),
    confirmBillingKeyIssueAndPay: billingKey.confirmBillingKeyIssueAndPay.bind(billingKey),
    deleteBillingKey: billingKey.deleteBillingKey.bind(billingKey),
  }
}
