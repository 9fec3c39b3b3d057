import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commit } from '../src/aggregates/journal.ts'
import { audit } from '../src/audit/audit.ts'
import type { BillingKey, BillingKeyEvent } from '../src/billing-keys/billing-key.ts'
import { billingKeyAggregate } from '../src/billing-keys/store.ts'
import { intent } from '../src/doubt/inquiry.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId } from './support/requests.ts'

describe('what servers leave of keys and schedules when they die between two steps', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  const newKey = async ({ api, channelKey }: TestStore) =>
    (await api.call('issueBillingKey', { body: { channelKey, method: card() } })).billingKeyInfo.billingKey

  const schedule = async (store: TestStore, billingKey: string, hours = 1) => {
    const path = { paymentId: newPaymentId() }
    const timeToPay = new Date((await store.now()) + hours * 3_600_000).toISOString()
    const request = {
      path,
      body: { payment: monthly(billingKey), timeToPay },
      idempotencyKey: `plan-${path.paymentId}-once`,
    }
    const { schedule: made } = await store.api.call('createPaymentSchedule', request)
    return { ...path, id: made.id, request }
  }
  const scheduleOf = ({ api }: TestStore, paymentScheduleId: string) =>
    api.call('getPaymentSchedule', { path: { paymentScheduleId } })
  const keyOf = ({ api }: TestStore, billingKey: string) => api.call('getBillingKeyInfo', { path: { billingKey } })

  /** Commits what a server had committed when it died. */
  const leave = async (
    store: TestStore,
    billingKey: string,
    eventsOf: (key: BillingKey, now: number) => readonly BillingKeyEvent[],
  ) => {
    const { storeId } = store
    const [before] = await sql<[{ version: number; state: BillingKey }]>`
      select version, state from billing_keys where store_id = ${storeId} and billing_key = ${billingKey}`
    const at = await store.now()
    const events = eventsOf(before.state, at)
    assert(await commit(sql, billingKeyAggregate, { storeId, id: billingKey, before, events, at, webhooks: [] }))
  }
  const requestDeletion = (_key: BillingKey, now: number): readonly BillingKeyEvent[] => [
    { type: 'DeletionRequested', deletion: {}, inquiry: intent(now) },
  ]

  test('a deletion whose server died before it looked for schedules once more leaves a key that is needed', async () => {
    const store = await naru.newStore()
    const billingKey = await newKey(store)
    await store.api.call('stopSandboxClock')
    const { paymentId, id } = await schedule(store, billingKey)
    await leave(store, billingKey, requestDeletion)
    await store.advance({ minutes: 10 })
    assert.equal((await keyOf(store, billingKey)).status, 'ISSUED')
    await store.advance({ hours: 1 })
    assert.equal((await scheduleOf(store, id)).status, 'SUCCEEDED')
    await store.api.call('deleteBillingKey', { path: { billingKey } })
    assert.equal((await keyOf(store, billingKey)).status, 'DELETED')
    assert.equal((await store.api.call('getPayment', { path: { paymentId } })).status, 'PAID')
  })

  test('until it is, the key is charged no more, and whoever tries learns why', async () => {
    const store = await naru.newStore()
    const { api, channelKey } = store
    const billingKey = await newKey(store)
    await api.call('stopSandboxClock')
    await leave(store, billingKey, requestDeletion)
    const body = { billingKey, orderName: 'Late', amount: { total: 1000 }, currency: 'KRW' } as const
    for (const choice of [{}, { channelKey }]) {
      const refused = await api.send('payWithBillingKey', { path: { paymentId: 'late' }, body: { ...body, ...choice } })
      assert.equal(typeOf(refused), 'BILLING_KEY_ALREADY_DELETED')
      assert.match(JSON.stringify(refused), /is being deleted/)
    }
    assert.deepEqual((await api.call('getSandboxLedger')).items, [])
  })

  test('where nothing is scheduled it is carried out', async () => {
    const store = await naru.newStore()
    const billingKey = await newKey(store)
    await store.api.call('stopSandboxClock')
    await leave(store, billingKey, requestDeletion)
    await store.advance({ minutes: 1 })
    assert.equal((await keyOf(store, billingKey)).status, 'DELETED')
    await store.webhooks.next('BillingKey.Deleted', { billingKey })
  })

  /** As where the deletion looked before the schedule was committed: whoever made it was to look at the key. */
  const unseen = async (scheduleId: string, work: () => Promise<unknown>) => {
    await sql`update payment_schedules set status = 'REVOKED', due_at = null where schedule_id = ${scheduleId}`
    await work()
    await sql`update payment_schedules set status = 'SCHEDULED', due_at = time_to_pay where schedule_id = ${scheduleId}`
  }

  test('a schedule whose server died before it looked at its key fails at its time, and nothing is charged', async () => {
    const store = await naru.newStore()
    const billingKey = await newKey(store)
    const { paymentId, id } = await schedule(store, billingKey)
    await unseen(id, () => store.api.call('deleteBillingKey', { path: { billingKey } }))
    await store.advance({ hours: 2 })
    assert.equal((await scheduleOf(store, id)).status, 'FAILED')
    const payment = await store.api.call('getPayment', { path: { paymentId } })
    assert(payment.status === 'FAILED')
    assert.equal(payment.failure.pgCode, 'NARU_BILLING_KEY_ALREADY_DELETED')
    await store.webhooks.next('Transaction.Failed', { paymentId })
    assert.deepEqual((await store.api.call('getSandboxLedger')).items, [])
  })

  test('asked for again, it is refused and taken back; one that was carried out meanwhile is the answer', async () => {
    const store = await naru.newStore()
    const billingKey = await newKey(store)
    const [done, waiting] = [await schedule(store, billingKey), await schedule(store, billingKey, 9)]
    await unseen(waiting.id, async () => {
      await store.advance({ hours: 2 })
      await store.api.call('deleteBillingKey', { path: { billingKey } })
    })
    // Neither server wrote its answer down.
    await sql`delete from idempotency_keys`
    assert.deepEqual(await store.api.call('createPaymentSchedule', done.request), { schedule: { id: done.id } })
    const refused = await store.api.send('createPaymentSchedule', waiting.request)
    assert.equal(typeOf(refused), 'BILLING_KEY_ALREADY_DELETED')
    assert.equal((await scheduleOf(store, waiting.id)).status, 'REVOKED')
  })

  test('the books agree afterwards', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
