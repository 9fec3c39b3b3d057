import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CreateSandboxPromotionBody } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { gatewayOf, spentOf } from './support/promotions.ts'
import { card, monthly, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const tenPercent = { partitions: [{ amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } }] }

/** 10 % from ₩10,000 on with the cards that tests use, unless a test says otherwise. */
const promotionBody = (wanted: Partial<CreateSandboxPromotionBody> = {}): CreateSandboxPromotionBody => ({
  name: 'Spring',
  discountPolicy: tenPercent,
  totalBudget: 100_000,
  endAt: '2099-01-01T00:00:00Z',
  cardCompany: 'SHINHAN_CARD',
  ...wanted,
})

describe('promotions through the official SDK', async () => {
  const naru = await startNaru()

  const create = async ({ api }: TestStore, wanted: Partial<CreateSandboxPromotionBody> = {}) =>
    (await api.call('createSandboxPromotion', { body: promotionBody(wanted) })).id

  const statusOf = async ({ portone }: TestStore, promotionId: string) => {
    const promotion = await portone.payment.promotion.getPromotion({ promotionId })
    assert(promotion.type === 'CARD')
    return promotion.status
  }

  test('a promotion reads as it was created', async () => {
    const store = await naru.newStore()
    const recoverOption = { type: 'NO_RECOVER' as const, spareBudget: { type: 'PERCENT' as const, percent: 10 } }
    const promotionId = await create(store, { maxDiscountAmount: 5_000, recoverOption })
    const promotion = await store.portone.payment.promotion.getPromotion({ promotionId })
    assert(promotion.type === 'CARD')
    const { createdAt: _, startAt: __, ...rest } = promotion
    assert.deepEqual(rest, {
      ...promotionBody({ maxDiscountAmount: 5_000, recoverOption }),
      type: 'CARD',
      id: promotionId,
      storeId: store.storeId,
      spentAmount: 0,
      currency: 'KRW',
      endAt: '2099-01-01T00:00:00.000Z',
      status: 'IN_PROGRESS',
    })
    assert.deepEqual((await store.api.call('listSandboxPromotions')).items, [promotion])
  })

  test('a promotion begins, pauses, resumes and ends by the clock of its store', async () => {
    const store = await naru.newStore()
    const { now } = await store.api.call('stopSandboxClock')
    const at = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString()
    const promotionId = await create(store, { startAt: at(1), endAt: at(3) })
    const path = { promotionId }
    assert.equal(await statusOf(store, promotionId), 'SCHEDULED')
    assert.equal((await store.api.call('pauseSandboxPromotion', { path })).status, 'PAUSED')
    await store.advance({ hours: 1 })
    assert.equal((await store.api.call('pauseSandboxPromotion', { path })).status, 'PAUSED')
    assert.equal((await store.api.call('resumeSandboxPromotion', { path })).status, 'IN_PROGRESS')
    await store.advance({ hours: 2 })
    assert.equal(await statusOf(store, promotionId), 'COMPLETED')
    assert.equal(typeOf(await store.api.send('pauseSandboxPromotion', { path })), 'INVALID_REQUEST')
  })

  test('a terminated promotion stays terminated', async () => {
    const store = await naru.newStore()
    const path = { promotionId: await create(store) }
    const terminated = await store.api.call('terminateSandboxPromotion', { path })
    assert.equal(terminated.status, 'TERMINATED')
    assert(terminated.terminatedAt)
    assert.deepEqual(await store.api.call('terminateSandboxPromotion', { path }), terminated)
    assert.equal(typeOf(await store.api.send('resumeSandboxPromotion', { path })), 'INVALID_REQUEST')
  })

  test("another store's promotion is not there", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const promotionId = await create(store)
    await refuses(other.portone.payment.promotion.getPromotion({ promotionId }), 'PROMOTION_NOT_FOUND')
    for (const id of ['pauseSandboxPromotion', 'resumeSandboxPromotion', 'terminateSandboxPromotion'] as const)
      assert.equal(typeOf(await other.api.send(id, { path: { promotionId } })), 'PROMOTION_NOT_FOUND')
    assert.deepEqual((await other.api.call('listSandboxPromotions')).items, [])
    await store.api.call('resetSandboxStore')
    await refuses(store.portone.payment.promotion.getPromotion({ promotionId }), 'PROMOTION_NOT_FOUND')
  })

  test('terms that make no sense are refused', async () => {
    const store = await naru.newStore()
    for (const wanted of [
      { name: ' ' },
      { name: 'n'.repeat(201) },
      { totalBudget: 0 },
      { totalBudget: Number.MAX_SAFE_INTEGER },
      { endAt: '2001-01-01T00:00:00Z' },
      { startAt: '2099-01-02T00:00:00Z' },
      { discountPolicy: { partitions: [] } },
      { recoverOption: { type: 'NO_RECOVER' as const, spareBudget: { type: 'AMOUNT' as const, amount: -1 } } },
      { recoverOption: { type: 'NO_RECOVER' as const, spareBudget: { type: 'PERCENT' as const, percent: 1_001 } } },
    ]) {
      const answer = await store.api.send('createSandboxPromotion', { body: promotionBody(wanted) })
      assert.equal(typeOf(answer), 'INVALID_REQUEST', JSON.stringify(wanted))
    }
  })

  const pay = async ({ portone, channelKey }: TestStore, promotionId: string, wanted: Order = {}) => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted), promotionId })
    return paymentId
  }

  const amountOf = async ({ portone }: TestStore, paymentId: string) => {
    const payment = await portone.payment.getPayment({ paymentId })
    assert('amount' in payment)
    const { total, discount, paid, cancelled } = payment.amount
    return { total, discount, paid, cancelled }
  }

  const steps = {
    partitions: [
      { amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } },
      { amountFrom: 50_000, scheme: { type: 'PERCENT' as const, percent: 20 } },
    ],
  }
  const reason = 'changed my mind'

  test('a discounted payment is charged less, and says so', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = await pay(store, promotionId, { amount: { total: 10_000, taxFree: 9_500 } })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.equal(payment.promotionId, promotionId)
    assert.deepEqual(await amountOf(store, paymentId), { total: 10_000, discount: 1_000, paid: 9_000, cancelled: 0 })
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 0]])
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a lost dispute takes all of a discounted order, and the budget gets its discount back', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store, { recoverOption: { type: 'RECOVER' } })
    const paymentId = await pay(store, promotionId, { amount: { total: 10_000 } })
    const path = { paymentId }
    await store.api.call('disputeSandboxPayment', { path, body: { as: 'OPEN' } })
    await store.api.call('disputeSandboxPayment', { path, body: { as: 'LOST' } })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert.equal(payment.status, 'CANCELLED')
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 9_000]])
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a payment goes on without a discount where the promotion does not run or the order is too small', async () => {
    const store = await naru.newStore()
    const paused = await create(store)
    await store.api.call('pauseSandboxPromotion', { path: { promotionId: paused } })
    const poor = await create(store, { totalBudget: 999 })
    const small = await create(store)
    const foreign = await create(store, { currency: 'USD' })
    const later = await create(store, { startAt: '2098-01-01T00:00:00Z' })
    for (const [promotionId, total] of [
      [paused, 10_000],
      [poor, 10_000],
      [small, 9_999],
      [foreign, 10_000],
      [later, 10_000],
    ] as const) {
      const paymentId = await pay(store, promotionId, { total })
      assert.deepEqual(await amountOf(store, paymentId), { total, discount: 0, paid: total, cancelled: 0 })
      assert.equal(await spentOf(store, promotionId), 0)
      const payment = await store.portone.payment.getPayment({ paymentId })
      assert(payment.status === 'PAID' && payment.promotionId === undefined)
    }
  })

  test('the last of a budget goes to as many as it is enough for, all at once', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store, { totalBudget: 5_000 })
    const paymentIds = await Promise.all(Array.from({ length: 20 }, () => pay(store, promotionId)))
    const amounts = await Promise.all(paymentIds.map((paymentId) => amountOf(store, paymentId)))
    assert.equal(amounts.filter(({ discount }) => discount === 1_000).length, 5)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
    const paymentId = paymentIds[amounts.findIndex(({ discount }) => discount > 0)] ?? ''
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await statusOf(store, promotionId), 'IN_PROGRESS')
  })

  test('a declined payment gives its discount back at once', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    await refuses(pay(store, promotionId, { method: card('4000000000000002') }), 'PG_PROVIDER', 'SBX_DECLINED')
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a payment that is refused for its state holds nothing, and leaves nothing in the books of budgets', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const promotionId = await create(store)
    const pending = newPaymentId()
    const unfinished = { path: { paymentId: pending }, body: order(store.channelKey), testCode: 'pending-paid-60' }
    await store.api.call('payInstantly', unfinished)
    const expected = newPaymentId()
    await payment.preRegisterPayment({ paymentId: expected, totalAmount: 20_000 })
    const { billingKeyInfo } = await payment.billingKey.issueBillingKey({
      channelKey: store.channelKey,
      method: card(),
    })
    const scheduled = newPaymentId()
    const charge = monthly(billingKeyInfo.billingKey)
    const timeToPay = '2098-01-01T00:00:00Z'
    await payment.paymentSchedule.createPaymentSchedule({ paymentId: scheduled, payment: charge, timeToPay })
    const paid = await pay(store, promotionId)
    const usages = () => naru.database.sql`
      select payment_id, held_amount from promotion_usages where store_id = ${store.storeId}`
    const before = await usages()
    assert.equal(before.length, 1)
    for (const [paymentId, type] of [
      [paid, 'ALREADY_PAID'],
      [pending, 'ALREADY_PAID'],
      [expected, 'INVALID_REQUEST'],
      [scheduled, 'PAYMENT_SCHEDULE_ALREADY_EXISTS'],
    ] as const) {
      const discounted = { promotionId, amount: { total: 10_000 } }
      await refuses(payment.payInstantly({ paymentId, ...order(store.channelKey, discounted) }), type)
      await refuses(payment.payWithBillingKey({ paymentId, ...charge, ...discounted }), type)
      // What stands in the way of the payment is said before what is wrong with its promotion.
      const unknown = order(store.channelKey, { promotionId: 'no-such-promotion' })
      await refuses(payment.payInstantly({ paymentId, ...unknown }), type)
    }
    assert.deepEqual(await usages(), before)
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('of several payments of one order at once exactly one keeps its discount', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = newPaymentId()
    const discounted = { path: { paymentId }, body: order(store.channelKey, { promotionId }) }
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.api.send('payInstantly', discounted)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.equal(answers.filter((answer) => typeOf(answer) === 'ALREADY_PAID').length, 7)
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 0]])
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a lost answer keeps the discount held until it is known', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = newPaymentId()
    const body = { ...order(store.channelKey), promotionId }
    await store.api.call('payInstantly', { path: { paymentId }, body, testCode: 'doubt-approved' })
    assert.deepEqual(await amountOf(store, paymentId), { total: 10_000, discount: 1_000, paid: 9_000, cancelled: 0 })
    assert.equal(await spentOf(store, promotionId), 1_000)
    const failed = { path: { paymentId: newPaymentId() }, body, testCode: 'doubt-failed' }
    assert.equal(typeOf(await store.api.send('payInstantly', failed)), 'PG_PROVIDER')
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a lost answer to a refund gives the discount back once it is known', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = await pay(store, promotionId)
    await store.api.call('cancelPayment', { path: { paymentId }, body: { reason }, testCode: 'cancel-doubt-done' })
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 9_000]])
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('the same request again is one payment and one discount', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const request = { path: { paymentId: newPaymentId() }, body: { ...order(store.channelKey), promotionId } }
    const send = () => store.api.call('payInstantly', { ...request, idempotencyKey: `once-${promotionId}` })
    assert.deepEqual(await send(), await send())
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a budget that was not told of a failure before a crash is told by the due loop', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = newPaymentId()
    const declined = { ...order(store.channelKey, { method: card('4000000000000002') }), promotionId }
    await refuses(store.portone.payment.payInstantly({ paymentId, ...declined }), 'PG_PROVIDER', 'SBX_DECLINED')
    const { sql } = naru.database
    // As if the server had died between the outcome and telling the budget. Due a second from now, or the loop would be
    // there before the test has looked.
    const { now } = await store.api.call('stopSandboxClock')
    const dueAt = new Date(Date.parse(now) + 1_000).toISOString()
    await sql`update promotions set spent_amount = 1000 where promotion_id = ${promotionId}`
    await sql`update promotion_usages set held_amount = 1000, as_of = 0 where promotion_id = ${promotionId}`
    await sql`delete from journal where store_id = ${store.storeId} and stream_id = ${paymentId} and type = 'PromotionSettled'`
    await sql`
      update payments set version = version - 1, due_at = ${dueAt}::timestamptz,
        state = jsonb_set(state, '{attempts,0,promotion,heldAmount}', '1000')
      where store_id = ${store.storeId} and payment_id = ${paymentId}`
    assert.equal(await spentOf(store, promotionId), 1_000)
    await store.advance({ seconds: 1 })
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('budget that a crash left held is given back after half an hour', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = await pay(store, promotionId)
    const { now } = await store.api.call('stopSandboxClock')
    const dueAt = new Date(Date.parse(now) + 1_800_000).toISOString()
    const orphan = [{ place: 0, store_id: store.storeId, promotion_id: promotionId, transaction_id: 'never-begun' }]
    const wanted = orphan.map((hold) => ({ ...hold, payment_id: 'p', amount: 700, as_of: 0, due_at: dueAt }))
    await naru.database.sql`select hold_promotion_budgets(${naru.database.sql.json(wanted)})`
    assert.equal(await spentOf(store, promotionId), 1_700)
    await store.advance({ minutes: 31 })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal((await amountOf(store, paymentId)).discount, 1_000)
  })

  test('what cannot be discounted is refused', async () => {
    const store = await naru.newStore()
    const lotte = await create(store, { cardCompany: 'LOTTE_CARD' })
    const shinhan = await create(store)
    const whole = { partitions: [{ amountFrom: 0, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] }
    const free = await create(store, { discountPolicy: whole })
    await refuses(pay(store, lotte), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
    await refuses(pay(store, shinhan, { method: virtualAccount() }), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
    await refuses(pay(store, free, { total: 1_000 }), 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT')
    await refuses(pay(store, 'no-such-promotion'), 'INVALID_REQUEST')
    const other = await naru.newStore()
    await refuses(pay(other, shinhan), 'INVALID_REQUEST')
    const body = { ...order(store.channelKey), promotionId: shinhan }
    const window = await store.api.send('authenticateSandboxPayment', { path: { paymentId: newPaymentId() }, body })
    assert.equal(typeOf(window), 'INVALID_REQUEST')
    for (const promotionId of [lotte, shinhan, free]) assert.equal(await spentOf(store, promotionId), 0)
  })

  for (const [option, refunds, spent] of [
    ['RETAIN', [16_000, 28_000, 4_000], [8_000, 1_000, 0]],
    ['RELEASE', [12_000, 31_000, 5_000], [4_000, 0, 0]],
  ] as const)
    test(`cancelling step by step in order terms refunds what was paid (${option})`, async () => {
      const store = await naru.newStore()
      const promotionId = await create(store, { discountPolicy: steps })
      const paymentId = await pay(store, promotionId, { total: 60_000 })
      assert.deepEqual(await gatewayOf(store, paymentId), [[48_000, 0]])
      let [left, refunded] = [60_000, 0]
      for (const [index, amount] of [20_000, 35_000, 5_000].entries()) {
        const { cancellation } = await store.portone.payment.cancelPayment({
          paymentId,
          reason,
          amount,
          currentCancellableAmount: left,
          promotionDiscountRetainOption: option,
        })
        assert(cancellation.status === 'SUCCEEDED')
        assert.equal(cancellation.totalAmount, amount)
        left -= amount
        refunded += refunds[index] ?? 0
        assert.deepEqual(await gatewayOf(store, paymentId), [[48_000, refunded]])
        assert.equal(await spentOf(store, promotionId), spent[index])
      }
      assert.deepEqual(await amountOf(store, paymentId), {
        total: 60_000,
        discount: 12_000,
        paid: 48_000,
        cancelled: 60_000,
      })
      const { items } = await store.portone.payment.getAllPaymentEventsByCursor({ storeId: store.storeId })
      const moved = items.map(({ paymentEvent }) => ('eventAmount' in paymentEvent ? paymentEvent.eventAmount : 0))
      assert.deepEqual(moved, [48_000, ...refunds.map((refund) => -refund)])
    })

  test('a cancellation that would cost more discount than it refunds is refused', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = await pay(store, promotionId)
    const cancel = (body: object) => store.portone.payment.cancelPayment({ paymentId, reason, ...body })
    await refuses(cancel({ amount: 500 }), 'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT')
    await cancel({ amount: 500, promotionDiscountRetainOption: 'RETAIN' })
    await refuses(cancel({ amount: 500 }), 'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED')
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 450]])
    await cancel({})
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 9_000]])
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('nothing is asked of the gateway where the discount that goes is worth the refund', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const paymentId = await pay(store, promotionId)
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason, amount: 1_000 })
    assert(cancellation.status === 'SUCCEEDED')
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 0]])
    assert.equal(await spentOf(store, promotionId), 0)
    await store.webhooks.next('Transaction.PartialCancelled', { paymentId })
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 9_000]])
  })

  test('an exhausted promotion runs again with what a cancellation gives back', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store, { totalBudget: 1_000 })
    const paymentId = await pay(store, promotionId)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await statusOf(store, promotionId), 'IN_PROGRESS')
    assert.deepEqual(await gatewayOf(store, await pay(store, promotionId)), [[9_000, 0]])
  })

  test('a promotion that recovers nothing keeps what it spent', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store, { totalBudget: 1_000, recoverOption: { type: 'NO_RECOVER' } })
    const paymentId = await pay(store, promotionId)
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
  })

  test('a payment with a billing key is discounted by the company of its card', async () => {
    const store = await naru.newStore()
    const promotionId = await create(store)
    const { billingKeyInfo } = await store.portone.payment.billingKey.issueBillingKey({
      channelKey: store.channelKey,
      method: card(),
      customer: { id: 'shopper' },
    })
    const { billingKey } = billingKeyInfo
    const charge = (wanted: { promotionId: string }) => {
      const paymentId = newPaymentId()
      const amount = { total: 10_000 }
      const charged = { paymentId, billingKey, orderName: 'A book', amount, currency: 'KRW' as const, ...wanted }
      return store.portone.payment.payWithBillingKey(charged).then(() => paymentId)
    }
    assert.deepEqual(await gatewayOf(store, await charge({ promotionId })), [[9_000, 0]])
    assert.equal(await spentOf(store, promotionId), 1_000)
    const lotte = await create(store, { cardCompany: 'LOTTE_CARD' })
    await refuses(charge({ promotionId: lotte }), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
  })

  test('the books agree with the gateway afterwards', async () => {
    const { findings } = await audit(naru.database.sql)
    assert.deepEqual(findings, [])
  })
})
