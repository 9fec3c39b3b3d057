import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { amountOf, gatewayOf, newPromotion, payWith, spentOf, statusOf } from './support/promotions.ts'
import { card, monthly, newPaymentId, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('paying with promotions through the official SDK', async () => {
  const naru = await startNaru()

  test('a discounted payment is charged less, and says so', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const paymentId = await payWith(store, promotionId, { amount: { total: 10_000, taxFree: 9_500 } })
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'PAID')
    assert.equal(payment.promotionId, promotionId)
    assert.deepEqual(await amountOf(store, paymentId), { total: 10_000, discount: 1_000, paid: 9_000, cancelled: 0 })
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 0]])
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a lost dispute takes all of a discounted order, and the budget gets its discount back', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { recoverOption: { type: 'RECOVER' } })
    const paymentId = await payWith(store, promotionId, { amount: { total: 10_000 } })
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
    const paused = await newPromotion(store)
    await store.api.call('pauseSandboxPromotion', { path: { promotionId: paused } })
    const poor = await newPromotion(store, { totalBudget: 999 })
    const small = await newPromotion(store)
    const foreign = await newPromotion(store, { currency: 'USD' })
    const later = await newPromotion(store, { startAt: '2098-01-01T00:00:00Z' })
    for (const [promotionId, total] of [
      [paused, 10_000],
      [poor, 10_000],
      [small, 9_999],
      [foreign, 10_000],
      [later, 10_000],
    ] as const) {
      const paymentId = await payWith(store, promotionId, { total })
      assert.deepEqual(await amountOf(store, paymentId), { total, discount: 0, paid: total, cancelled: 0 })
      assert.equal(await spentOf(store, promotionId), 0)
      const payment = await store.portone.payment.getPayment({ paymentId })
      assert(payment.status === 'PAID' && payment.promotionId === undefined)
    }
  })

  test('the last of a budget goes to as many as it is enough for, all at once', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 5_000 })
    const paymentIds = await Promise.all(Array.from({ length: 20 }, () => payWith(store, promotionId)))
    const amounts = await Promise.all(paymentIds.map((paymentId) => amountOf(store, paymentId)))
    assert.equal(amounts.filter(({ discount }) => discount === 1_000).length, 5)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
    const paymentId = paymentIds[amounts.findIndex(({ discount }) => discount > 0)] ?? ''
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await statusOf(store, promotionId), 'IN_PROGRESS')
  })

  test('a declined payment gives its discount back at once', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    await refuses(payWith(store, promotionId, { method: card('4000000000000002') }), 'PG_PROVIDER', 'SBX_DECLINED')
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a declined payment that is approved after all is in the budget, also where others have its discount by then', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 1_000 })
    const late = newPaymentId()
    const body = { ...order(store.channelKey), promotionId }
    await store.api.send('payInstantly', { path: { paymentId: late }, body, testCode: 'late-success' })
    const other = await payWith(store, promotionId)
    await store.advance({ seconds: 15 })
    for (const paymentId of [late, other]) assert.equal((await amountOf(store, paymentId)).discount, 1_000)
    assert.equal(await spentOf(store, promotionId), 2_000)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
    await store.portone.payment.cancelPayment({ paymentId: other, reason })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal((await amountOf(store, await payWith(store, promotionId))).discount, 0)
    await store.portone.payment.cancelPayment({ paymentId: late, reason })
    assert.equal(await spentOf(store, promotionId), 0)
    assert.equal((await amountOf(store, await payWith(store, promotionId))).discount, 1_000)
  })

  test('a payment that is refused for its state holds nothing, and leaves nothing in the books of budgets', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const promotionId = await newPromotion(store)
    const pending = newPaymentId()
    const unfinished = { path: { paymentId: pending }, body: order(store.channelKey), testCode: 'pending-paid-86400' }
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
    const paid = await payWith(store, promotionId)
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
    const promotionId = await newPromotion(store)
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
    const promotionId = await newPromotion(store)
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
    const promotionId = await newPromotion(store)
    const paymentId = await payWith(store, promotionId)
    await store.api.call('cancelPayment', { path: { paymentId }, body: { reason }, testCode: 'cancel-doubt-done' })
    assert.deepEqual(await gatewayOf(store, paymentId), [[9_000, 9_000]])
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('the same request again is one payment and one discount', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const request = { path: { paymentId: newPaymentId() }, body: { ...order(store.channelKey), promotionId } }
    const send = () => store.api.call('payInstantly', { ...request, idempotencyKey: `once-${promotionId}` })
    assert.deepEqual(await send(), await send())
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('a budget that was not told of a failure before a crash is told by the due loop', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
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
      update payments set version = version - 1, due_at = ${dueAt}::timestamptz
      where store_id = ${store.storeId} and payment_id = ${paymentId}`
    assert.equal(await spentOf(store, promotionId), 1_000)
    await store.advance({ seconds: 1 })
    assert.equal(await spentOf(store, promotionId), 0)
  })

  test('budget that a crash left held is given back after half an hour', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const paymentId = await payWith(store, promotionId)
    const { now } = await store.api.call('stopSandboxClock')
    const dueAt = new Date(Date.parse(now) + 1_800_000).toISOString()
    const orphan = [{ place: 0, promotion_id: promotionId, transaction_id: 'never-begun' }]
    const wanted = orphan.map((hold) => ({ ...hold, payment_id: 'p', amount: 700, as_of: 0, due_at: dueAt }))
    await naru.database.sql`select hold_budgets_of_store(${store.storeId}, ${naru.database.sql.json(wanted)})`
    assert.equal(await spentOf(store, promotionId), 1_700)
    await store.advance({ minutes: 31 })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal((await amountOf(store, paymentId)).discount, 1_000)
  })

  test('what cannot be discounted is refused', async () => {
    const store = await naru.newStore()
    const lotte = await newPromotion(store, { cardCompany: 'LOTTE_CARD' })
    const shinhan = await newPromotion(store)
    const whole = { partitions: [{ amountFrom: 0, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] }
    const free = await newPromotion(store, { discountPolicy: whole })
    await refuses(payWith(store, lotte), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
    await refuses(payWith(store, shinhan, { method: virtualAccount() }), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
    await refuses(payWith(store, free, { total: 1_000 }), 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT')
    await refuses(payWith(store, 'no-such-promotion'), 'INVALID_REQUEST')
    const other = await naru.newStore()
    await refuses(payWith(other, shinhan), 'INVALID_REQUEST')
    const body = { ...order(store.channelKey), promotionId: shinhan }
    const window = await store.api.send('authenticateSandboxPayment', { path: { paymentId: newPaymentId() }, body })
    assert.equal(typeOf(window), 'INVALID_REQUEST')
    for (const promotionId of [lotte, shinhan, free]) assert.equal(await spentOf(store, promotionId), 0)
  })

  test('a payment with a billing key is discounted by the company of its card', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
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
    const lotte = await newPromotion(store, { cardCompany: 'LOTTE_CARD' })
    await refuses(charge({ promotionId: lotte }), 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH')
  })

  test('the books agree with the gateway afterwards', async () => {
    const { findings } = await audit(naru.database.sql)
    assert.deepEqual(findings, [])
  })
})
