import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { amountOf, gatewayOf, newPromotion, payWith, spentOf, statusOf } from './support/promotions.ts'

const steps = {
  partitions: [
    { amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } },
    { amountFrom: 50_000, scheme: { type: 'PERCENT' as const, percent: 20 } },
  ],
}
const reason = 'changed my mind'

describe('cancelling discounted payments through the official SDK', async () => {
  const naru = await startNaru()

  for (const [option, refunds, spent] of [
    ['RETAIN', [16_000, 28_000, 4_000], [8_000, 1_000, 0]],
    ['RELEASE', [12_000, 31_000, 5_000], [4_000, 0, 0]],
  ] as const)
    test(`cancelling step by step in order terms refunds what was paid (${option})`, async () => {
      const store = await naru.newStore()
      const promotionId = await newPromotion(store, { discountPolicy: steps })
      const paymentId = await payWith(store, promotionId, { total: 60_000 })
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
    const promotionId = await newPromotion(store)
    const paymentId = await payWith(store, promotionId)
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
    const promotionId = await newPromotion(store)
    const paymentId = await payWith(store, promotionId)
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
    const promotionId = await newPromotion(store, { totalBudget: 1_000 })
    const paymentId = await payWith(store, promotionId)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await statusOf(store, promotionId), 'IN_PROGRESS')
    assert.deepEqual(await gatewayOf(store, await payWith(store, promotionId)), [[9_000, 0]])
  })

  test('a promotion that recovers nothing keeps what it spent', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 1_000, recoverOption: { type: 'NO_RECOVER' } })
    const paymentId = await payWith(store, promotionId)
    await store.portone.payment.cancelPayment({ paymentId, reason })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal(await statusOf(store, promotionId), 'BUDGET_EXHAUSTED')
  })

  test('the books agree with the gateway afterwards', async () => {
    const { findings } = await audit(naru.database.sql)
    assert.deepEqual(findings, [])
  })
})
