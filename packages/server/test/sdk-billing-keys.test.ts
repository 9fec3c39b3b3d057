import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card } from './support/requests.ts'

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
})
