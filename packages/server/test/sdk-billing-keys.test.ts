import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId } from './support/requests.ts'

describe('billing keys through the official SDK', async () => {
  const naru = await startNaru()

  const issue = async ({ portone, channelKey }: TestStore): Promise<string> => {
    const customer = { id: 'customer-1', name: { full: '김나루' } }
    const issued = await portone.payment.billingKey.issueBillingKey({ channelKey, method: card(), customer })
    return issued.billingKeyInfo.billingKey
  }
  const read = ({ portone }: TestStore, billingKey: string) =>
    portone.payment.billingKey.getBillingKeyInfo({ billingKey })
  const remove = ({ portone }: TestStore, billingKey: string) =>
    portone.payment.billingKey.deleteBillingKey({ billingKey })

  test('a key is issued, read, listed and deleted, and the merchant hears of it', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    await store.webhooks.next('BillingKey.Issued', { billingKey })
    const info = await read(store, billingKey)
    assert(info.status === 'ISSUED')
    assert.equal(info.customer.id, 'customer-1')
    assert(!JSON.stringify(info).includes(card().card.credential.number))
    const listed = await store.portone.payment.billingKey.getBillingKeyInfos({ filter: { customerId: 'customer-1' } })
    assert.deepEqual(listed.items, [info])
    await remove(store, billingKey)
    await store.webhooks.next('BillingKey.Deleted', { billingKey })
    assert.equal((await read(store, billingKey)).status, 'DELETED')
    await refuses(remove(store, billingKey), 'BILLING_KEY_ALREADY_DELETED')
  })

  test("what is not there, and another store's key, is not found", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const billingKey = await issue(store)
    await refuses(read(other, billingKey), 'BILLING_KEY_NOT_FOUND')
    await refuses(remove(other, billingKey), 'BILLING_KEY_NOT_FOUND')
    await refuses(remove(store, 'billing-key-none'), 'BILLING_KEY_NOT_FOUND')
  })

  test('an unknown channel, no channel, and a card that cannot be one are refused', async () => {
    const { portone, channelKey } = await naru.newStore()
    const { billingKey } = portone.payment
    await refuses(billingKey.issueBillingKey({ channelKey: 'none', method: card() }), 'CHANNEL_NOT_FOUND')
    await refuses(billingKey.issueBillingKey({ method: card() }), 'INVALID_REQUEST')
    await refuses(billingKey.issueBillingKey({ channelKey, method: card('12') }), 'INVALID_REQUEST')
  })

  test('a PG that refuses leaves no key', async () => {
    const { api, channelKey, webhooks } = await naru.newStore()
    const body = { channelKey, method: card() }
    const answer = await api.send('issueBillingKey', { body, testCode: 'decline' })
    assert.deepEqual([answer.status, typeOf(answer)], [502, 'PG_PROVIDER'])
    await webhooks.next('BillingKey.Failed')
    assert.deepEqual((await api.call('getBillingKeyInfos')).items, [])
  })

  test('a key that was refused is announced, and is there for nobody', async () => {
    const store = await naru.newStore()
    const body = { channelKey: store.channelKey, method: card() }
    await store.api.send('issueBillingKey', { body, testCode: 'decline' })
    const { data } = await store.webhooks.next('BillingKey.Failed')
    const billingKey = String(data.billingKey)
    assert.match(billingKey, /^billing-key-/)
    await refuses(read(store, billingKey), 'BILLING_KEY_NOT_FOUND')
    await refuses(remove(store, billingKey), 'BILLING_KEY_NOT_ISSUED')
    const charge = { paymentId: newPaymentId(), ...monthly(billingKey) }
    await refuses(store.portone.payment.payWithBillingKey(charge), 'BILLING_KEY_NOT_FOUND')
  })

  test('its webhooks go to its noticeUrls where it has some, and are left out with skipWebhook', async () => {
    const store = await naru.newStore()
    const { api, channelKey, webhooks } = store
    const body = { channelKey, method: card() }
    const noticeUrls = [`${new URL(webhooks.url).origin}/keys`]
    const path = {
      billingKey: (await api.call('issueBillingKey', { body: { ...body, noticeUrls } })).billingKeyInfo.billingKey,
    }
    await api.call('deleteBillingKey', { path, query: { reason: '탈퇴', requester: 'CUSTOMER' } })
    for (const type of ['BillingKey.Issued', 'BillingKey.Deleted'])
      await webhooks.next(type, { ...path, path: '/keys' })
    const fallback = await api.call('issueBillingKey', { body: { ...body, noticeUrls: [] } })
    await webhooks.next('BillingKey.Issued', { billingKey: fallback.billingKeyInfo.billingKey, path: '/webhook' })
    const before = webhooks.received.length
    const quiet = await api.call('issueBillingKey', { body: { ...body, skipWebhook: true } })
    await api.call('deleteBillingKey', {
      path: { billingKey: quiet.billingKeyInfo.billingKey },
      query: { skipWebhook: true },
    })
    await store.advance({ minutes: 1 })
    assert.equal(webhooks.received.length, before)
    const wrong = { ...body, noticeUrls: ['nowhere'] }
    assert.equal(typeOf(await api.send('issueBillingKey', { body: wrong })), 'INVALID_REQUEST')
  })

  test('a deletion that the PG refuses leaves the key issued', async () => {
    const store = await naru.newStore()
    const body = { channelKey: store.channelKey, method: card() }
    const { billingKeyInfo } = await store.api.call('issueBillingKey', { body, testCode: 'bk-delete-fail' })
    await refuses(remove(store, billingKeyInfo.billingKey), 'PG_PROVIDER', 'SBX_DELETE_REFUSED')
    assert.equal((await read(store, billingKeyInfo.billingKey)).status, 'ISSUED')
  })

  test('a retry with the same Idempotency-Key issues one key', async () => {
    const { api, channelKey } = await naru.newStore()
    const request = { body: { channelKey, method: card() }, idempotencyKey: 'issue-this-key-once' }
    const [first, second] = [await api.call('issueBillingKey', request), await api.call('issueBillingKey', request)]
    assert.deepEqual(second, first)
    assert.equal((await api.call('getBillingKeyInfos')).items.length, 1)
  })

  test('a group issues at every channel, also at one with a share of 0, and each must refuse before it fails', async () => {
    const { api, storeId, channelKey, manualChannelKey } = await naru.newStore()
    const members = [
      { channelKey, percentage: 100 },
      { channelKey: manualChannelKey, percentage: 0 },
    ]
    const group = { storeId, name: 'Cards', isForTest: true, members }
    const channelGroupId = await createChannelGroup(naru.database.sql, group)
    const body = { channelGroupId, method: card() }
    const { billingKeyInfo } = await api.call('issueBillingKey', { body })
    assert.equal(billingKeyInfo.channels?.length, 2)
    const refused = await api.send('issueBillingKey', { body, testCode: 'decline' })
    assert.deepEqual([refused.status, typeOf(refused)], [502, 'CHANNEL_SPECIFIC'])
    const path = { billingKey: billingKeyInfo.billingKey }
    await api.call('deleteBillingKey', { path })
    assert.equal((await api.call('getBillingKeyInfo', { path })).status, 'DELETED')
  })

  test('a key that one channel did not delete shows the channels that hold it still', async () => {
    const { api, storeId, channelKey, manualChannelKey } = await naru.newStore()
    const { sql } = naru.database
    const members = [channelKey, manualChannelKey].map((key) => ({ channelKey: key, percentage: 50 }))
    const channelGroupId = await createChannelGroup(sql, { storeId, name: 'Cards', isForTest: true, members })
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelGroupId, method: card() } })
    // One of the two PGs will not let go of it.
    await sql`
      update sandbox_billing_keys set code = 'bk-delete-fail'
      where store_id = ${storeId} and reference = (
        select min(reference) from sandbox_billing_keys where store_id = ${storeId})`
    const path = { billingKey: billingKeyInfo.billingKey }
    const refused = await api.send('deleteBillingKey', { path })
    assert.equal(typeOf(refused), 'CHANNEL_SPECIFIC')
    const { failures } = JSON.parse(refused.text)
    const info = await api.call('getBillingKeyInfo', { path })
    assert.equal(info.status, 'ISSUED')
    assert.deepEqual(info.channels, [failures[0].channel])
    assert.equal(info.pgBillingKeyIssueResponses?.length, 2, 'what was issued stays told')
  })

  test('keys that lack the instant of a sort come last, whichever way', async () => {
    const store = await naru.newStore()
    const [kept, deleted] = [await issue(store), await issue(store)]
    await remove(store, deleted)
    for (const order of ['ASC', 'DESC'] as const) {
      const { items } = await store.api.call('getBillingKeyInfos', { body: { sort: { by: 'DELETED_AT', order } } })
      assert.deepEqual(
        items.map(({ billingKey }) => billingKey),
        [deleted, kept],
        order,
      )
    }
    const { items } = await store.api.call('getBillingKeyInfos', { body: { filter: { timeRangeField: 'DELETED_AT' } } })
    assert.deepEqual(
      items.map(({ billingKey }) => billingKey),
      [deleted],
      'a range excludes them',
    )
  })

  test('keys are found by whether they were issued through the API or in a window', async () => {
    const store = await naru.newStore()
    const { api, channelKey } = store
    const byApi = await issue(store)
    const window = await api.call('authenticateSandboxBillingKey', { body: { channelKey, method: card() } })
    const { billingKey: inWindow } = await api.call('confirmBillingKey', {
      body: { billingIssueToken: window.billingIssueToken },
    })
    for (const [platformType, expected] of [
      ['API', [byApi]],
      ['SDK_PC', [inWindow]],
      ['SDK_MOBILE', []],
    ] as const) {
      const { items } = await api.call('getBillingKeyInfos', { body: { filter: { platformType } } })
      assert.deepEqual(
        items.map(({ billingKey }) => billingKey),
        expected,
        platformType,
      )
    }
  })
})
