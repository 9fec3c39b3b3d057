import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, inTurn } from './support/parallel.ts'
import { gatewayOf, newPromotion, spentOf } from './support/promotions.ts'
import { card, monthly, newPaymentId } from './support/requests.ts'

const total = 10_000
const discount = 1_000
/** A line to the PG that loses the first charge of each transaction whose order has this name. */
const lostOnce = '끊긴 결제'

describe('promotions on scheduled payments', async () => {
  const lost = new Set<string>()
  const losing = (gateway: Gateway): Gateway => ({
    ...gateway,
    chargeBillingKey: async (context, charge) => {
      if (charge.orderName !== lostOnce || lost.has(context.reference))
        return await gateway.chargeBillingKey(context, charge)
      lost.add(context.reference)
      return { kind: 'unknown', reason: 'the request was never sent' }
    },
  })
  const naru = await startNaru({ aroundGateway: losing })
  const second = await naru.another()

  const issue = async ({ api, channelKey }: TestStore, number?: string) =>
    (await api.call('issueBillingKey', { body: { channelKey, method: card(number) } })).billingKeyInfo.billingKey

  type Wanted = { readonly amount?: number; readonly orderName?: string; readonly card?: string }
  const inAnHour = async (store: TestStore) => new Date((await store.now()) + 3_600_000).toISOString()

  const schedule = async (store: TestStore, promotionId: string, wanted: Wanted = {}): Promise<string> => {
    const paymentId = newPaymentId()
    const { amount = total, orderName = '월간 구독' } = wanted
    const payment = { ...monthly(await issue(store, wanted.card)), amount: { total: amount }, orderName, promotionId }
    await store.portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId,
      payment,
      timeToPay: await inAnHour(store),
    })
    return paymentId
  }

  const read = async ({ portone }: TestStore, paymentId: string) => {
    const payment = await portone.payment.getPayment({ paymentId })
    assert('amount' in payment)
    return payment
  }
  const amountsOf = async (store: TestStore, paymentId: string) => {
    const { amount, status } = await read(store, paymentId)
    return { status, discount: amount.discount, paid: amount.paid }
  }
  test('the discount is worked out when the schedule runs, and a cancellation gives it back', async () => {
    const store = await naru.newStore()
    const startAt = new Date((await store.now()) + 1_800_000).toISOString()
    const promotionId = await newPromotion(store, { startAt })
    const paymentId = await schedule(store, promotionId)
    assert.equal(await spentOf(store, promotionId), 0)
    await store.advance({ hours: 2 })
    assert.deepEqual(await amountsOf(store, paymentId), { status: 'PAID', discount, paid: total - discount })
    assert.equal((await read(store, paymentId)).promotionId, promotionId)
    assert.equal(await spentOf(store, promotionId), discount)
    // What is left is below the partition: by RELEASE it loses the discount.
    await store.portone.payment.cancelPayment({ paymentId, reason: '환불', amount: 2_000 })
    assert.deepEqual(await gatewayOf(store, paymentId), [[total - discount, 2_000 - discount]])
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a promotion that ended, is exhausted or does not reach so low gives no discount and no error', async () => {
    const store = await naru.newStore()
    const ended = await newPromotion(store, { endAt: new Date((await store.now()) + 1_800_000).toISOString() })
    const exhausted = await newPromotion(store, { totalBudget: discount - 1 })
    const running = await newPromotion(store)
    const paid = [
      { paymentId: await schedule(store, ended), amount: total },
      { paymentId: await schedule(store, exhausted), amount: total },
      { paymentId: await schedule(store, running, { amount: total - 1 }), amount: total - 1 },
    ]
    await store.advance({ hours: 2 })
    for (const { paymentId, amount } of paid) {
      assert.deepEqual(await amountsOf(store, paymentId), { status: 'PAID', discount: 0, paid: amount })
      assert.equal((await read(store, paymentId)).promotionId, undefined)
      assert.deepEqual(await gatewayOf(store, paymentId), [[amount, 0]])
    }
  })

  test('what an immediate payment is refused for fails the schedule, without asking the PG or holding budget', async () => {
    const store = await naru.newStore()
    const cases = [
      ['NARU_PROMOTION_PAY_METHOD_DOES_NOT_MATCH', await newPromotion(store, { cardCompany: 'HYUNDAI_CARD' })],
      [
        'NARU_DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT',
        await newPromotion(store, {
          discountPolicy: { partitions: [{ amountFrom: 0, scheme: { type: 'AMOUNT', amount: total } }] },
        }),
      ],
      ['NARU_INVALID_REQUEST', 'promotion-nobody'],
    ] as const
    for (const [pgCode, promotionId] of cases) {
      const paymentId = await schedule(store, promotionId)
      await store.advance({ hours: 2 })
      const payment = await read(store, paymentId)
      assert(payment.status === 'FAILED')
      assert.equal(payment.failure.pgCode, pgCode)
      assert.deepEqual(await gatewayOf(store, paymentId), [])
      await store.webhooks.next('Transaction.Failed', { paymentId })
      if (promotionId !== 'promotion-nobody') assert.equal(await spentOf(store, promotionId), 0)
    }
  })

  test('a charge that is declined gives its discount back', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const paymentId = await schedule(store, promotionId, { card: '4000000000000341' })
    await store.advance({ hours: 2 })
    assert.deepEqual(await amountsOf(store, paymentId), { status: 'FAILED', discount, paid: total - discount })
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a charge that is made once more, because the first never reached the PG, is the discounted one', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const paymentId = await schedule(store, promotionId, { orderName: lostOnce })
    await store.advance({ hours: 2 })
    assert.deepEqual(await amountsOf(store, paymentId), { status: 'PAID', discount, paid: total - discount })
    assert.deepEqual(await gatewayOf(store, paymentId), [[total - discount, 0]])
    assert.equal(await spentOf(store, promotionId), discount)
  })

  test('many due at once share out the last of a budget to the full, on two servers', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const promotionId = await newPromotion(store, { totalBudget: 7 * discount })
    const apiOf = inTurn([store.api, second.clientsOf(store.apiSecret).api])
    const billingKey = await issue(store)
    const timeToPay = await inAnHour(store)
    const made = await allAtOnce(40, async (index) => {
      const path = { paymentId: newPaymentId() }
      const payment = { ...monthly(billingKey), amount: { total }, promotionId }
      const { schedule } = await apiOf(index).call('createPaymentSchedule', { path, body: { payment, timeToPay } })
      return { ...path, id: schedule.id }
    })
    await store.advance({ hours: 2 })
    const paid = await allAtOnce(made.length, (index) => amountsOf(store, made[index]?.paymentId ?? ''))
    assert(paid.every(({ status }) => status === 'PAID'))
    assert.equal(paid.filter((each) => each.discount === discount).length, 7)
    assert.equal(await spentOf(store, promotionId), 7 * discount)
  })

  test('revoked and due at once: what was not charged holds no budget', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const promotionId = await newPromotion(store)
    const apiOf = inTurn([store.api, second.clientsOf(store.apiSecret).api])
    const billingKey = await issue(store)
    const timeToPay = await inAnHour(store)
    const made = await allAtOnce(20, (index) =>
      apiOf(index).call('createPaymentSchedule', {
        path: { paymentId: newPaymentId() },
        body: { payment: { ...monthly(billingKey), amount: { total }, promotionId }, timeToPay },
      }),
    )
    const revokes = allAtOnce(made.length, (index) =>
      apiOf(index).send('revokePaymentSchedules', { body: { scheduleIds: [made[index]?.schedule.id ?? ''] } }),
    )
    const [answers] = await Promise.all([revokes, store.advance({ hours: 2 })])
    const charged = made.length - answers.filter(({ status }) => status === 200).length
    assert.equal(await spentOf(store, promotionId), charged * discount)
  })

  test('the books agree with the PG afterwards', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
