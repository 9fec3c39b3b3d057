import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { day, minute, toIso } from '../src/kernel/clock.ts'
import { type Api, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { requestFor } from './support/provoke-verifying.ts'
import { card, monthly, order, receiptFor } from './support/requests.ts'

const page = { size: 100 }

/** Every list that has a default window, as the names that begin the ids of what it shows. */
const lists = {
  payments: async (api: Api, filter: object) =>
    (await api.call('getPayments', { body: { filter, page } })).items.map(({ id }) => id),
  walked: async (api: Api, window: object) => {
    const { items } = await api.call('getAllPaymentsByCursor', { body: { ...window, ...page } })
    return items.map(({ payment }) => payment.id)
  },
  events: async (api: Api, window: object) => {
    const { items } = await api.call('getAllPaymentEventsByCursor', { body: { ...window, ...page } })
    return items.map(({ paymentEvent }) => paymentEvent.paymentId)
  },
  billingKeys: async (api: Api, filter: object) =>
    (await api.call('getBillingKeyInfos', { body: { filter, page } })).items.map(({ customer }) => customer.id ?? ''),
  receipts: async (api: Api, filter: object) =>
    (await api.call('getCashReceipts', { body: { filter, page } })).items.map(({ paymentId }) => paymentId),
  schedules: async (api: Api, filter: object) =>
    (await api.call('getPaymentSchedules', { body: { filter, page } })).items.map(({ paymentId }) => paymentId),
  verifications: async (api: Api, filter: object) =>
    (await api.call('getIdentityVerifications', { body: { filter, page } })).items.map(({ id }) => id),
} as const

const listNames = ['payments', 'walked', 'events', 'billingKeys', 'receipts', 'schedules', 'verifications'] as const
/** Without a store they are about the credential's own. */
const ofOneStore = ['walked', 'schedules'] as const
const ofAllStores = ['payments', 'events', 'billingKeys', 'receipts', 'verifications'] as const

const shownBy = async (names: readonly (keyof typeof lists)[], api: Api, filter: object = {}) => {
  const shown = names.map(async (name): Promise<[string, readonly string[]]> => {
    const ids = await lists[name](api, filter)
    return [name, [...new Set(ids.map((id) => id.split('-')[0] ?? ''))].sort()]
  })
  return Object.fromEntries(await Promise.all(shown))
}

const all = (names: readonly string[], shown: readonly string[]) =>
  Object.fromEntries(names.map((name): [string, readonly string[]] => [name, shown]))

describe('lists of stores whose clocks differ', async () => {
  const naru = await startNaru()

  /** A merchant's first store, whose clock shows the real time, and another one. Each holds one thing for each list. */
  const twoStores = async (setClock: (other: TestStore) => Promise<unknown>) => {
    const merchant = await naru.newMerchant()
    const created = await merchant.api.call('createSandboxStore')
    const clients = naru.clientsOf(created.apiSecret)
    const other = { ...merchant, ...created, ...clients, advance: advancing(clients.api), now: nowOf(clients.api) }
    await setClock(other)
    await make(merchant, 'first')
    await make(other, 'other')
    return { merchant, other }
  }

  const nowOf = (api: Api) => async () => Date.parse((await api.call('getSandboxClock')).now)
  const advancing =
    (api: Api): TestStore['advance'] =>
    async (distance) =>
      (await api.call('advanceSandboxClock', { body: distance })).ran

  const make = async ({ api, channelKey, advance, now }: TestStore, name: string): Promise<void> => {
    const paymentId = `${name}-paid`
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey) })
    await api.call('issueCashReceipt', { body: receiptFor(channelKey, paymentId, 10_000) })
    const customer = { id: name }
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card(), customer } })
    const { identityVerificationId, ...body } = requestFor(channelKey, `${name}-verified`)
    await api.call('sendIdentityVerification', { path: { identityVerificationId }, body })
    const timeToPay = toIso((await now()) + minute)
    const scheduled = { path: { paymentId: `${name}-scheduled` } }
    await api.call('createPaymentSchedule', {
      ...scheduled,
      body: { payment: monthly(billingKeyInfo.billingKey), timeToPay },
    })
    await advance({ minutes: 2 })
  }

  const stopAt = (instant: string) => (store: TestStore) =>
    naru.database.sql`
    update stores set clock_stopped_at = ${instant} where store_id = ${store.storeId}`

  test('a store whose clock is ahead is in the lists of the whole merchant, and in those that name it', async () => {
    const { merchant, other } = await twoStores(({ advance }) => advance({ days: 400 }))
    const named = await shownBy(listNames, merchant.api, { storeId: other.storeId })
    assert.deepEqual(named, all(listNames, ['other']))
    assert.deepEqual(await shownBy(ofAllStores, merchant.api), all(ofAllStores, ['first', 'other']))
    assert.deepEqual(await shownBy(ofOneStore, merchant.api), all(ofOneStore, ['first']))
    const first = await shownBy(listNames, merchant.api, { storeId: merchant.storeId })
    assert.deepEqual(first, all(listNames, ['first']))
    assert.deepEqual(await shownBy(listNames, other.api), all(listNames, ['other']))
  })

  test('so is one whose clock stands in the past, up to 90 days before what it shows', async () => {
    const { merchant, other } = await twoStores(stopAt('2020-01-01T00:00:00Z'))
    const { storeId } = other
    const shown = () => Promise.all([shownBy(listNames, merchant.api, { storeId }), shownBy(ofAllStores, merchant.api)])
    assert.deepEqual(await shown(), [all(listNames, ['other']), all(ofAllStores, ['first', 'other'])])
    await other.advance({ days: 91 })
    assert.deepEqual(await shown(), [all(listNames, []), all(ofAllStores, ['first'])])
  })

  test('one end that is given leaves the other to the clocks: 90 days before the end, or what they show at the latest', async () => {
    const { merchant, other } = await twoStores(({ advance }) => advance({ days: 400 }))
    const now = await other.now()
    const from = toIso(now - day)
    for (const name of listNames) {
      const shown = await shownBy([name], merchant.api, { from, storeId: other.storeId })
      assert.deepEqual(shown, all([name], ['other']))
    }
    assert.deepEqual(await shownBy(ofAllStores, merchant.api, { from }), all(ofAllStores, ['other']))
    assert.deepEqual(await shownBy(ofAllStores, merchant.api, { until: toIso(now) }), all(ofAllStores, ['other']))
    const tooLate = { filter: { from: toIso(now + day), storeId: other.storeId } }
    assert.equal(typeOf(await merchant.api.send('getPayments', { body: tooLate })), 'INVALID_REQUEST')
  })
})
