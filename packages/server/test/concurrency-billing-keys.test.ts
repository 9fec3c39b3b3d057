import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, countOf, inTurn, untilExecuted } from './support/parallel.ts'
import { card, monthly, newPaymentId, receiptFor } from './support/requests.ts'
import { scaled } from './support/scale.ts'

describe('many at once, on two servers', async () => {
  const naru = await startNaru()
  const second = await naru.another()

  const storeOnBoth = async () => {
    const store = await naru.newStore()
    return { store, apiOf: inTurn([store.api, second.clientsOf(store.apiSecret).api]) }
  }
  const issue = async ({ api, channelKey }: TestStore) =>
    (await api.call('issueBillingKey', { body: { channelKey, method: card() } })).billingKeyInfo.billingKey
  const chargesAtGateway = async ({ storeId }: TestStore) => {
    const [row] = await naru.database.sql<{ count: number }[]>`
      select count(*)::int as count from sandbox_transactions where store_id = ${storeId} and state = 'APPROVED'`
    return row?.count
  }
  const inAnHour = async (store: TestStore) => new Date((await store.now()) + 3_600_000).toISOString()

  test('of many charges of one order, one charges the card', async () => {
    const { store, apiOf } = await storeOnBoth()
    const billingKey = await issue(store)
    for (let round = 0; round < 5; round++) {
      const path = { paymentId: newPaymentId() }
      const answers = await allAtOnce(20, (index) =>
        apiOf(index).send('payWithBillingKey', { path, body: monthly(billingKey) }),
      )
      assert.deepEqual(countOf(answers), { '200': 1, ALREADY_PAID: 19 })
    }
    assert.equal(await chargesAtGateway(store), 5)
  })

  test('charges of different orders on one key do not disturb each other', async () => {
    const { store, apiOf } = await storeOnBoth()
    const billingKey = await issue(store)
    const answers = await allAtOnce(100, async (index) => {
      const path = { paymentId: newPaymentId() }
      return await untilExecuted(() => apiOf(index).send('payWithBillingKey', { path, body: monthly(billingKey) }))
    })
    assert.deepEqual(countOf(answers), { '200': 100 })
    assert.equal(await chargesAtGateway(store), 100)
  })

  test('one Idempotency-Key issues one key, however often it is sent', async () => {
    const { store, apiOf } = await storeOnBoth()
    const request = { body: { channelKey: store.channelKey, method: card() }, idempotencyKey: 'one-billing-key-alone' }
    const answers = await allAtOnce(30, (index) => apiOf(index).send('issueBillingKey', request))
    const { '200': done = 0, IDEMPOTENCY_OUTSTANDING_REQUEST: outstanding = 0 } = countOf(answers)
    assert.equal(done + outstanding, 30)
    const { items } = await store.api.call('getBillingKeyInfos', { body: {} })
    assert.equal(items.length, 1)
  })

  test('a key deleted many times at once is deleted once: whoever comes during a deletion waits for its end', async () => {
    const { store, apiOf } = await storeOnBoth()
    const path = { billingKey: await issue(store) }
    const answers = await allAtOnce(20, (index) => apiOf(index).send('deleteBillingKey', { path }))
    const { '200': done = 0, BILLING_KEY_ALREADY_DELETED: late = 0 } = countOf(answers)
    assert(done >= 1 && done + late === 20, JSON.stringify(countOf(answers)))
    await store.webhooks.next('BillingKey.Deleted', path)
    await store.advance({ hours: 1 })
    assert.equal(store.webhooks.received.filter(({ type }) => type === 'BillingKey.Deleted').length, 1)
  })

  test('scheduled and deleted at once: exactly one is refused, and a deleted key is never charged', async () => {
    for (let round = 0; round < scaled(10, 30); round++) {
      const { store, apiOf } = await storeOnBoth()
      const billingKey = await issue(store)
      const path = { paymentId: newPaymentId() }
      const body = { payment: monthly(billingKey), timeToPay: await inAnHour(store) }
      const [scheduled, deleted] = await Promise.all([
        apiOf(round).send('createPaymentSchedule', { path, body }),
        apiOf(round + 1).send('deleteBillingKey', { path: { billingKey } }),
      ])
      const outcomes = JSON.stringify(countOf([scheduled, deleted]))
      assert.notEqual(scheduled.status === 200, deleted.status === 200, outcomes)
      await store.advance({ hours: 2 })
      assert.equal(await chargesAtGateway(store), deleted.status === 200 ? 0 : 1, outcomes)
    }
  })

  test('of many schedules of one order, one waits, and it charges once', async () => {
    const { store, apiOf } = await storeOnBoth()
    const billingKey = await issue(store)
    const path = { paymentId: newPaymentId() }
    const body = { payment: monthly(billingKey), timeToPay: await inAnHour(store) }
    const answers = await allAtOnce(20, (index) => apiOf(index).send('createPaymentSchedule', { path, body }))
    assert.deepEqual(countOf(answers), { '200': 1, PAYMENT_SCHEDULE_ALREADY_EXISTS: 19 })
    await store.advance({ hours: 2 })
    assert.equal(await chargesAtGateway(store), 1)
  })

  test('revoked and due at once: a schedule is revoked or charged, never both', async () => {
    const { store, apiOf } = await storeOnBoth()
    const billingKey = await issue(store)
    await store.api.call('stopSandboxClock')
    const timeToPay = await inAnHour(store)
    const made = await allAtOnce(20, (index) =>
      apiOf(index).call('createPaymentSchedule', {
        path: { paymentId: newPaymentId() },
        body: { payment: monthly(billingKey), timeToPay },
      }),
    )
    const revokes = allAtOnce(made.length, (index) =>
      apiOf(index).send('revokePaymentSchedules', { body: { scheduleIds: [made[index]?.schedule.id ?? ''] } }),
    )
    const [answers] = await Promise.all([revokes, store.advance({ hours: 2 })])
    const { '200': revoked = 0, PAYMENT_SCHEDULE_ALREADY_PROCESSED: processed = 0 } = countOf(answers)
    assert.equal(revoked + processed, made.length, JSON.stringify(countOf(answers)))
    assert.equal(await chargesAtGateway(store), made.length - revoked)
  })

  test('of many cash receipts of one order, one is issued, and of many cancellations one cancels it', async () => {
    const { store, apiOf } = await storeOnBoth()
    const paymentId = newPaymentId()
    const body = receiptFor(store.channelKey, paymentId)
    const issued = await allAtOnce(20, (index) => apiOf(index).send('issueCashReceipt', { body }))
    assert.deepEqual(countOf(issued), { '200': 1, CASH_RECEIPT_ALREADY_ISSUED: 19 })
    const cancelled = await allAtOnce(20, (index) =>
      apiOf(index).send('cancelCashReceiptByPaymentId', { path: { paymentId } }),
    )
    assert.deepEqual(countOf(cancelled), { '200': 1, CASH_RECEIPT_NOT_ISSUED: 19 })
    const receipts = await naru.database.sql<{ state: string }[]>`
      select state from sandbox_cash_receipts where store_id = ${store.storeId}`
    assert.deepEqual([...receipts], [{ state: 'CANCELLED' }])
  })

  test('the books agree with the PG afterwards', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
