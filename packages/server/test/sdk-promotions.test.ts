import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, typeOf } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { newPromotion, promotionBody, statusOf } from './support/promotions.ts'

describe('promotions through the official SDK', async () => {
  const naru = await startNaru()

  test('a promotion reads as it was created', async () => {
    const store = await naru.newStore()
    const recoverOption = { type: 'NO_RECOVER' as const, spareBudget: { type: 'PERCENT' as const, percent: 10 } }
    const promotionId = await newPromotion(store, { maxDiscountAmount: 5_000, recoverOption })
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
    const promotionId = await newPromotion(store, { startAt: at(1), endAt: at(3) })
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
    const path = { promotionId: await newPromotion(store) }
    const terminated = await store.api.call('terminateSandboxPromotion', { path })
    assert.equal(terminated.status, 'TERMINATED')
    assert(terminated.terminatedAt)
    assert.deepEqual(await store.api.call('terminateSandboxPromotion', { path }), terminated)
    assert.equal(typeOf(await store.api.send('resumeSandboxPromotion', { path })), 'INVALID_REQUEST')
  })

  test("another store's promotion is not there", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const promotionId = await newPromotion(store)
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
})
