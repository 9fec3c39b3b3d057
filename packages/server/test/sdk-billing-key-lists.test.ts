import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BillingKeyFilterInput, BillingKeySortInput, BillingKeyTextSearchField } from '@naru/contract'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card } from './support/requests.ts'

describe('lists of billing keys', async () => {
  const naru = await startNaru()

  const found = async ({ api }: TestStore, filter: BillingKeyFilterInput, sort: BillingKeySortInput = {}) => {
    const { items, page } = await api.call('getBillingKeyInfos', { body: { filter, sort } })
    assert.equal(page.totalCount, items.length)
    return items.map(({ billingKey }) => billingKey)
  }

  /** A key through the API, one of a group, an account from a window, and one that was deleted; an hour apart. */
  const fourKeys = async () => {
    const store = await naru.newStore()
    const { api, storeId, channelKey, manualChannelKey } = store
    const members = [{ channelKey: manualChannelKey, percentage: 100 }]
    const channelGroupId = await createChannelGroup(naru.database.sql, {
      storeId,
      name: '묶음',
      isForTest: true,
      members,
    })
    await api.call('stopSandboxClock')
    const issue = async (body: object) => {
      await store.advance({ hours: 1 })
      const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card(), ...body } })
      return billingKeyInfo.billingKey
    }
    const address = { addressLine1: 'Sejong-daero 110', addressLine2: '', city: 'Seoul' }
    const contact = { email: 'naru@example.com', phoneNumber: '010-1234-5678', zipcode: '04524', address }
    const plain = await issue({ customer: { id: 'customer-1', name: { full: '김나루' }, ...contact } })
    const grouped = await issue({ channelKey: null, channelGroupId, method: card('5555555555554444') })
    await store.advance({ hours: 1 })
    const transfer = { bank: 'SHINHAN' as const, accountNumber: '110123456789' }
    const window = await api.call('authenticateSandboxBillingKey', { body: { channelKey, method: { transfer } } })
    const { billingIssueToken } = window
    const { billingKey: account } = await api.call('confirmBillingKey', { body: { billingIssueToken } })
    const deleted = await issue({ customer: { id: 'customer-2' } })
    await store.advance({ hours: 1 })
    await api.call('deleteBillingKey', { path: { billingKey: deleted } })
    return { store, channelGroupId, plain, grouped, account, deleted }
  }

  test('every filter finds what it names, and nothing else', async () => {
    const { store, channelGroupId, plain, grouped, account, deleted } = await fourKeys()
    const all = [deleted, account, grouped, plain]
    const expects = async (filter: BillingKeyFilterInput, expected: readonly string[]) =>
      assert.deepEqual(await found(store, filter), expected, JSON.stringify(filter))
    await expects({}, all)
    await expects({ storeId: store.storeId }, all)
    await expects({ status: ['ISSUED'] }, [account, grouped, plain])
    await expects({ status: ['DELETED'] }, [deleted])
    await expects({ status: [] }, all)
    await expects({ channelGroupIds: [channelGroupId] }, [grouped])
    await expects({ channelGroupIds: ['none'] }, [])
    await expects({ customerId: 'customer-2' }, [deleted])
    await expects({ pgProviders: ['TOSSPAYMENTS'] }, all)
    await expects({ pgProviders: ['INICIS'] }, [])
    await expects({ methods: ['TRANSFER'] }, [account])
    await expects({ methods: ['CARD', 'MOBILE'] }, [deleted, grouped, plain])
    await expects({ methods: ['EASY_PAY'] }, [])
    await expects({ version: 'V1' }, [])
    await expects({ version: 'V2' }, all)
    const search = (field: BillingKeyTextSearchField, value: string, expected: readonly string[]) =>
      expects({ textSearch: { field, value } }, expected)
    await search('BILLING_KEY', plain, [plain])
    await search('CARD_BIN', '555555', [grouped])
    await search('CARD_NUMBER', '555555******4444', [grouped])
    await search('CARD_NUMBER', '555555', [])
    await search('CHANNEL_GROUP_NAME', '묶음', [grouped])
    await search('PG_MERCHANT_ID', 'sandbox-manual', [grouped])
    await search('CUSTOMER_NAME', '김나루', [plain])
    await search('CUSTOMER_EMAIL', 'naru@example.com', [plain])
    await search('CUSTOMER_PHONE_NUMBER', '010-1234-5678', [plain])
    await search('CUSTOMER_ADDRESS', 'Seoul Sejong-daero 110', [plain])
    await search('CUSTOMER_ZIPCODE', '04524', [plain])
    await search('USER_AGENT', 'anything', [])
  })

  test('each field of time has its window and its order', async () => {
    const { store, plain, grouped, account, deleted } = await fourKeys()
    const info = async (billingKey: string) => await store.api.call('getBillingKeyInfo', { path: { billingKey } })
    const [{ issuedAt }, gone] = [await info(grouped), await info(deleted)]
    assert(gone.status === 'DELETED')
    const at = (instant: string) => ({ from: instant, until: instant })
    assert.deepEqual(await found(store, { timeRangeField: 'REQUESTED_AT', ...at(issuedAt) }), [grouped])
    assert.deepEqual(await found(store, { timeRangeField: 'ISSUED_AT', ...at(issuedAt) }), [grouped])
    assert.deepEqual(await found(store, { timeRangeField: 'DELETED_AT', ...at(gone.deletedAt) }), [deleted])
    assert.deepEqual(await found(store, { timeRangeField: 'STATUS_TIMESTAMP', ...at(gone.deletedAt) }), [deleted])
    assert.deepEqual(await found(store, { timeRangeField: 'STATUS_TIMESTAMP', ...at(gone.issuedAt) }), [])
    const ascending = [plain, grouped, account, deleted]
    for (const by of ['REQUESTED_AT', 'ISSUED_AT', 'STATUS_TIMESTAMP'] as const) {
      assert.deepEqual(await found(store, {}, { by, order: 'ASC' }), ascending, by)
      assert.deepEqual(await found(store, {}, { by }), ascending.toReversed(), by)
    }
    const page = await store.api.call('getBillingKeyInfos', { body: { page: { number: 1, size: 3 } } })
    assert.deepEqual(
      [page.items.map(({ billingKey }) => billingKey), page.page],
      [[plain], { number: 1, size: 3, totalCount: 4 }],
    )
    await store.advance({ days: 91 })
    assert.deepEqual(await found(store, {}), [], 'the last 90 days')
    const backward = { filter: { from: gone.deletedAt, until: issuedAt } }
    assert.equal(typeOf(await store.api.send('getBillingKeyInfos', { body: backward })), 'INVALID_REQUEST')
  })

  test("through a merchant's secret the list is of all its stores; through a store's of that one", async () => {
    const [one, other] = [await naru.newStore(), await naru.newStore()]
    const customer = { id: 'of-two-stores' }
    const issued: string[] = []
    for (const { api, channelKey } of [one, other]) {
      const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card(), customer } })
      issued.push(billingKeyInfo.billingKey)
    }
    const wanted = { customerId: customer.id }
    const { items } = await naru.api.call('getBillingKeyInfos', { body: { filter: wanted } })
    assert.deepEqual(items.map(({ billingKey }) => billingKey).sort(), issued.toSorted())
    assert.deepEqual(await found(one, wanted), issued.slice(0, 1))
    const foreign = { filter: { ...wanted, storeId: other.storeId } }
    assert.equal(typeOf(await one.api.send('getBillingKeyInfos', { body: foreign })), 'FORBIDDEN')
  })
})
