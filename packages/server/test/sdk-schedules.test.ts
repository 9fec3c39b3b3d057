import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId, order, virtualAccount } from './support/requests.ts'

const minute = 60_000
const day = 24 * 60 * minute

describe('scheduled payments through the official SDK', async () => {
  const naru = await startNaru()

  const issue = async ({ portone, channelKey }: TestStore, number?: string): Promise<string> => {
    const { billingKeyInfo } = await portone.payment.billingKey.issueBillingKey({ channelKey, method: card(number) })
    return billingKeyInfo.billingKey
  }
  const charge = (billingKey: string, changes: { total?: number; taxFree?: number; channelKey?: string } = {}) => {
    const { total = 9_900, taxFree, channelKey } = changes
    return {
      ...monthly(billingKey),
      amount: { total, ...(taxFree === undefined ? {} : { taxFree }) },
      ...(channelKey === undefined ? {} : { channelKey }),
    }
  }
  const inTime = async (store: TestStore, milliseconds: number) =>
    new Date((await store.now()) + milliseconds).toISOString()

  const schedule = async (store: TestStore, billingKey: string, after = day) => {
    const paymentId = newPaymentId()
    const timeToPay = await inTime(store, after)
    const { schedule: made } = await store.portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId,
      payment: charge(billingKey),
      timeToPay,
    })
    return { paymentId, id: made.id, timeToPay }
  }
  const read = ({ portone }: TestStore, paymentScheduleId: string) =>
    portone.payment.paymentSchedule.getPaymentSchedule({ paymentScheduleId })

  test('a key is charged at once', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const paymentId = newPaymentId()
    const { payment: paid } = await store.portone.payment.payWithBillingKey({ paymentId, ...charge(billingKey) })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.deepEqual([payment.billingKey, payment.pgTxId], [billingKey, paid.pgTxId])
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await store.portone.payment.cancelPayment({ paymentId, reason: '환불' })
    await refuses(store.portone.payment.payWithBillingKey({ paymentId, ...charge(billingKey) }), 'ALREADY_PAID')
  })

  test('what a charge is refused for', async () => {
    const store = await naru.newStore()
    const { portone } = store
    const billingKey = await issue(store)
    const pay = (changes: Parameters<typeof charge>[1], key = billingKey) =>
      portone.payment.payWithBillingKey({ paymentId: newPaymentId(), ...charge(key, changes) })
    await refuses(pay({}, 'billing-key-nobody'), 'BILLING_KEY_NOT_FOUND')
    await refuses(pay({ channelKey: 'channel-key-nobody' }), 'CHANNEL_NOT_FOUND')
    await refuses(pay({ total: 0 }), 'INVALID_REQUEST')
    await refuses(pay({ total: 100, taxFree: 101 }), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
    await refuses(pay({ total: 990_002 }), 'PG_PROVIDER', 'SBX_INSUFFICIENT_FUNDS')
    await portone.payment.billingKey.deleteBillingKey({ billingKey })
    await refuses(pay({}), 'BILLING_KEY_ALREADY_DELETED')
  })

  test('a schedule is charged at its instant, once, and announced', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const { paymentId, id, timeToPay } = await schedule(store, billingKey)
    const waiting = await read(store, id)
    assert.deepEqual([waiting.status, 'timeToPay' in waiting && waiting.timeToPay], ['SCHEDULED', timeToPay])
    await refuses(store.portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    await store.advance({ days: 2 })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.deepEqual([payment.scheduleId, payment.billingKey, payment.paidAt], [id, billingKey, timeToPay])
    await store.webhooks.next('Transaction.Paid', { paymentId })
    const done = await read(store, id)
    assert(done.status === 'SUCCEEDED')
    assert.equal(done.completedAt, timeToPay)
    assert.equal((await store.portone.payment.getPaymentTransactions({ paymentId })).items.length, 1)
    await refuses(
      store.portone.payment.paymentSchedule.createPaymentSchedule({
        paymentId,
        payment: charge(billingKey),
        timeToPay: await inTime(store, day),
      }),
      'ALREADY_PAID_OR_WAITING',
    )
  })

  test('what an order may leave out is shown empty, and its result goes to its noticeUrls', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const origin = new URL(store.webhooks.url).origin
    const paymentId = newPaymentId()
    const { schedule: made } = await store.portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId,
      payment: { ...charge(billingKey, { taxFree: 1_100 }), noticeUrls: [`${origin}/monthly`] },
      timeToPay: await inTime(store, day),
    })
    const path = { paymentScheduleId: made.id }
    const { customData, isCulturalExpense, isEscrow, totalAmount, taxFreeAmount, vatAmount, customer } =
      await store.api.call('getPaymentSchedule', { path })
    assert.deepEqual(
      [customData, isCulturalExpense, isEscrow, totalAmount, taxFreeAmount, vatAmount, customer],
      ['', false, false, 9_900, 1_100, 800, {}],
    )
    await store.advance({ days: 2 })
    await store.webhooks.next('Transaction.Paid', { paymentId, path: '/monthly' })
    assert.equal(store.webhooks.received.filter(({ data }) => data.paymentId === paymentId).length, 1)
  })

  test('while the PG takes its time a schedule is PENDING: it holds its order and key, and cannot be revoked', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const billingKey = await issue(store)
    const { paymentId, id, timeToPay } = await schedule(store, billingKey, day)
    const body = { match: { operation: 'CHARGE_BILLING_KEY' as const }, steps: ['pending-paid-3600'] }
    await store.api.call('createSandboxScript', { body })
    await store.api.call('stopSandboxClock')
    await store.api.call('advanceSandboxClock', { body: { to: timeToPay } })
    const pending = await store.api.call('getPaymentSchedule', { path: { paymentScheduleId: id } })
    assert(pending.status === 'PENDING')
    assert.deepEqual([pending.startedAt, pending.completedAt], [timeToPay, timeToPay])
    await store.webhooks.next('Transaction.PayPending', { paymentId })
    const again = { paymentId, payment: charge(billingKey), timeToPay: await inTime(store, day) }
    await refuses(payment.paymentSchedule.createPaymentSchedule(again), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
    await refuses(
      payment.paymentSchedule.revokePaymentSchedules({ scheduleIds: [id] }),
      'PAYMENT_SCHEDULE_ALREADY_PROCESSED',
    )
    assert.deepEqual(await payment.paymentSchedule.revokePaymentSchedules({ billingKey }), { revokedScheduleIds: [] })
    await refuses(payment.billingKey.deleteBillingKey({ billingKey }), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
    await store.advance({ hours: 2 })
    const done = await store.api.call('getPaymentSchedule', { path: { paymentScheduleId: id } })
    assert(done.status === 'SUCCEEDED')
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await payment.billingKey.deleteBillingKey({ billingKey })
  })

  test('an order that waits for a deposit cannot be scheduled', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, { method: virtualAccount() }) })
    const scheduled = { paymentId, payment: charge(await issue(store)), timeToPay: await inTime(store, day) }
    await refuses(store.portone.payment.paymentSchedule.createPaymentSchedule(scheduled), 'ALREADY_PAID_OR_WAITING')
    await store.portone.payment.closeVirtualAccount({ paymentId })
    await store.portone.payment.paymentSchedule.createPaymentSchedule(scheduled)
  })

  test("another store's schedule is not there, and its key cannot be scheduled", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const billingKey = await issue(store)
    const { id } = await schedule(store, billingKey)
    await refuses(read(other, id), 'PAYMENT_SCHEDULE_NOT_FOUND')
    const { paymentSchedule } = other.portone.payment
    await refuses(paymentSchedule.revokePaymentSchedules({ scheduleIds: [id] }), 'PAYMENT_SCHEDULE_NOT_FOUND')
    await refuses(paymentSchedule.revokePaymentSchedules({ billingKey }), 'BILLING_KEY_NOT_FOUND')
    await refuses(schedule(other, billingKey), 'BILLING_KEY_NOT_FOUND')
    const foreign = { path: { paymentScheduleId: id }, query: { storeId: store.storeId } }
    assert.equal(typeOf(await other.api.send('getPaymentSchedule', foreign)), 'FORBIDDEN')
    const inside = { payment: { ...charge(billingKey), storeId: store.storeId }, timeToPay: await inTime(store, day) }
    const made = await naru.api.call('createPaymentSchedule', { path: { paymentId: newPaymentId() }, body: inside })
    assert.equal((await read(store, made.schedule.id)).status, 'SCHEDULED')
  })

  test('a declined run is failed for good; the order can be scheduled again', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store, '4000000000000341')
    const { paymentId, id } = await schedule(store, billingKey)
    await store.advance({ days: 3 })
    assert.equal((await read(store, id)).status, 'FAILED')
    await store.webhooks.next('Transaction.Failed', { paymentId })
    const good = await issue(store)
    const { schedule: again } = await store.portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId,
      payment: charge(good),
      timeToPay: await inTime(store, day),
    })
    assert.equal((await read(store, again.id)).status, 'SCHEDULED', 'the new one is answered, not the first')
    await store.advance({ days: 2 })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
  })

  test('a schedule that waits holds its order and its key', async () => {
    const store = await naru.newStore()
    const { portone } = store
    const billingKey = await issue(store)
    const { paymentId } = await schedule(store, billingKey)
    const timeToPay = await inTime(store, day)
    await refuses(
      portone.payment.paymentSchedule.createPaymentSchedule({ paymentId, payment: charge(billingKey), timeToPay }),
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
    )
    await refuses(
      portone.payment.payWithBillingKey({ paymentId, ...charge(billingKey) }),
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
    )
    await refuses(portone.payment.billingKey.deleteBillingKey({ billingKey }), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
  })

  test('what a schedule is refused for', async () => {
    const store = await naru.newStore()
    const { portone } = store
    const billingKey = await issue(store)
    const create = (payment: ReturnType<typeof charge>, timeToPay: string) =>
      portone.payment.paymentSchedule.createPaymentSchedule({ paymentId: newPaymentId(), payment, timeToPay })
    const tomorrow = await inTime(store, day)
    await refuses(create(charge('billing-key-nobody'), tomorrow), 'BILLING_KEY_NOT_FOUND')
    await refuses(create(charge(billingKey), await inTime(store, -minute)), 'INVALID_REQUEST')
    await refuses(create(charge(billingKey, { total: 10, taxFree: 11 }), tomorrow), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
    await refuses(read(store, 'nobody'), 'PAYMENT_SCHEDULE_NOT_FOUND')
    await portone.payment.billingKey.deleteBillingKey({ billingKey })
    await refuses(create(charge(billingKey), tomorrow), 'BILLING_KEY_ALREADY_DELETED')
  })

  test('revoking is all or nothing', async () => {
    const store = await naru.newStore()
    const { paymentSchedule } = store.portone.payment
    const billingKey = await issue(store)
    const [first, second, soon] = [
      await schedule(store, billingKey),
      await schedule(store, billingKey),
      await schedule(store, billingKey, minute),
    ]
    await store.advance({ hours: 1 })
    const all = [first.id, second.id, soon.id]
    await refuses(paymentSchedule.revokePaymentSchedules({ scheduleIds: all }), 'PAYMENT_SCHEDULE_ALREADY_PROCESSED')
    await refuses(
      paymentSchedule.revokePaymentSchedules({ scheduleIds: [first.id, 'nobody'] }),
      'PAYMENT_SCHEDULE_NOT_FOUND',
    )
    await refuses(paymentSchedule.revokePaymentSchedules({}), 'INVALID_REQUEST')
    await refuses(paymentSchedule.revokePaymentSchedules({ billingKey: 'nobody' }), 'BILLING_KEY_NOT_FOUND')
    const other = await issue(store)
    await refuses(
      paymentSchedule.revokePaymentSchedules({ billingKey: other, scheduleIds: [first.id] }),
      'INVALID_REQUEST',
    )
    assert.equal((await read(store, first.id)).status, 'SCHEDULED')
    const revoked = await paymentSchedule.revokePaymentSchedules({ billingKey })
    assert.deepEqual(new Set(revoked.revokedScheduleIds), new Set([first.id, second.id]))
    await refuses(
      paymentSchedule.revokePaymentSchedules({ scheduleIds: [first.id] }),
      'PAYMENT_SCHEDULE_ALREADY_REVOKED',
    )
    assert.deepEqual(await paymentSchedule.revokePaymentSchedules({ billingKey }), { revokedScheduleIds: [] })
    await store.advance({ days: 3 })
    await refuses(store.portone.payment.getPayment({ paymentId: first.paymentId }), 'PAYMENT_NOT_FOUND')
  })

  test('a clock that moves says of no schedule that it ran which was revoked meanwhile', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const made = await Promise.all(Array.from({ length: 40 }, () => schedule(store, billingKey)))
    const revoked: string[] = []
    const revoking = made.map(async ({ id, paymentId }) => {
      const { status } = await store.api.send('revokePaymentSchedules', { body: { scheduleIds: [id] } })
      if (status === 200) revoked.push(paymentId)
    })
    const [ran] = await Promise.all([store.advance({ days: 2 }), ...revoking])
    const charged = ran.filter(({ source }) => source === 'payment-schedule').map(({ id }) => id)
    assert.deepEqual([...charged, ...revoked].toSorted(), made.map(({ paymentId }) => paymentId).toSorted())
  })

  test('revoking by key, retried after a crash, answers what the first request revoked', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const { id } = await schedule(store, billingKey)
    const request = { body: { billingKey }, idempotencyKey: 'revoke-after-a-crash' }
    const revoked = await store.api.call('revokePaymentSchedules', request)
    assert.deepEqual(revoked.revokedScheduleIds, [id])
    // A server that dies before it keeps its answer leaves none.
    await naru.database.sql`delete from idempotency_keys`
    await store.advance({ minutes: 5 })
    assert.deepEqual(await store.api.call('revokePaymentSchedules', request), revoked)
    const another = { ...request, idempotencyKey: 'revoke-once-again' }
    assert.deepEqual(await store.api.call('revokePaymentSchedules', another), { revokedScheduleIds: [] })
  })

  test('the list filters by key, status and window, and sorts', async () => {
    const store = await naru.newStore()
    const { paymentSchedule } = store.portone.payment
    const [mine, other] = [await issue(store), await issue(store)]
    const soon = await schedule(store, mine, minute)
    const late = await schedule(store, mine, 10 * day)
    await schedule(store, other, 10 * day)
    await store.advance({ hours: 1 })
    const until = await inTime(store, 30 * day)
    const ids = async (filter: object, sort = {}) => {
      const found = await paymentSchedule.getPaymentSchedules({ filter: { until, ...filter }, sort })
      return found.items.map((item) => ('id' in item ? item.id : ''))
    }
    assert.deepEqual(await ids({ billingKey: mine }), [late.id, soon.id])
    assert.deepEqual(await ids({ billingKey: mine }, { by: 'TIME_TO_PAY', order: 'ASC' }), [soon.id, late.id])
    assert.deepEqual(await ids({ billingKey: mine, status: ['SUCCEEDED'] }), [soon.id])
    assert.deepEqual(await ids({ isForTest: false }), [])
    const past = await paymentSchedule.getPaymentSchedules({})
    assert.deepEqual([past.items.length, past.page.totalCount], [1, 1], 'without an end: what lies behind')
  })

  test("without a store the list is of the credential's own", async () => {
    const store = await naru.newStore()
    const own = await store.portone.payment.paymentSchedule.getPaymentSchedules({})
    assert.deepEqual(own.items, [])
    const { id } = await schedule(store, await issue(store), minute)
    await store.advance({ hours: 1 })
    const { paymentSchedule } = naru.portone.payment
    const ids = async (filter: object) =>
      (await paymentSchedule.getPaymentSchedules({ filter })).items.map((item) => ('id' in item ? item.id : ''))
    const until = await inTime(store, day)
    assert.deepEqual(await ids({ until }), [], 'the merchant has other stores')
    assert.deepEqual(await ids({ until, storeId: store.storeId }), [id])
  })

  test('by completion what waits comes last; by status a waiting one stands at the time it is planned for', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    const late = await schedule(store, billingKey, 20 * day)
    const waiting = await schedule(store, billingKey, 10 * day)
    const done = await schedule(store, billingKey, minute)
    await store.advance({ hours: 1 })
    const until = await inTime(store, 30 * day)
    const ids = async (by: 'COMPLETED_AT' | 'STATUS_TIMESTAMP', order: 'ASC' | 'DESC') => {
      const { items } = await store.api.call('getPaymentSchedules', {
        body: { filter: { until }, sort: { by, order } },
      })
      return items.map((item) => item.id)
    }
    for (const order of ['ASC', 'DESC'] as const) assert.equal((await ids('COMPLETED_AT', order))[0], done.id, order)
    assert.deepEqual(await ids('STATUS_TIMESTAMP', 'ASC'), [done.id, waiting.id, late.id])
  })

  test('an order that was pre-registered with another amount cannot be scheduled', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await store.portone.payment.preRegisterPayment({ paymentId, totalAmount: 100 })
    const scheduled = store.portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId,
      payment: charge(await issue(store)),
      timeToPay: await inTime(store, day),
    })
    await refuses(scheduled, 'INVALID_REQUEST')
  })

  test('two servers and a backlog: each schedule is charged once', async () => {
    const store = await naru.newStore()
    const billingKey = await issue(store)
    await store.api.call('stopSandboxClock')
    const made = []
    for (let index = 0; index < 40; index++) made.push(await schedule(store, billingKey, minute))
    const second = await naru.another()
    const ofSecond = second.clientsOf(store.apiSecret)
    await Promise.all([store.advance({ minutes: 2 }), ofSecond.api.call('getSandboxClock')])
    const { items } = await store.api.call('getSandboxLedger')
    assert.equal(items.filter(({ state }) => state === 'APPROVED').length, made.length)
    for (const { id } of made) assert.equal((await read(store, id)).status, 'SUCCEEDED')
    await second.close()
  })
})

describe('scheduled payments while no server runs', async () => {
  const naru = await startNaru()

  test('are made when one does again', async () => {
    const store = await naru.newStore()
    const { channelKey, api, storeId } = store
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card() } })
    const missed: string[] = []
    for (const hours of [1, 2, 3]) {
      const path = { paymentId: newPaymentId() }
      const timeToPay = new Date((await store.now()) + hours * 60 * minute).toISOString()
      await api.call('createPaymentSchedule', {
        path,
        body: { payment: monthly(billingKeyInfo.billingKey), timeToPay },
      })
      missed.push(path.paymentId)
    }
    await naru.close()
    await naru.database
      .sql`update stores set clock_offset = clock_offset + ${5 * 60 * minute} where store_id = ${storeId}`
    const again = await naru.another()
    for (const paymentId of missed) await store.webhooks.next('Transaction.Paid', { paymentId })
    const { items } = await again.clientsOf(store.apiSecret).api.call('getSandboxLedger')
    assert.deepEqual(
      items.map(({ state }) => state),
      ['APPROVED', 'APPROVED', 'APPROVED'],
    )
  })
})
