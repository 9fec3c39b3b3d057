import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, inParallel, inTurn, untilExecuted } from './support/parallel.ts'
import { newPromotion } from './support/promotions.ts'
import { newPaymentId, order } from './support/requests.ts'
import { scaled } from './support/scale.ts'

const discount = 1_000

describe('many payments on the last of a budget, on two servers', async () => {
  const naru = await startNaru()
  const second = await naru.another()

  /** Pays so many orders at once, every other one through the second server, and says how many were discounted. */
  const payAtOnce = async (store: TestStore, count: number, promotionId: string, testCode?: string) => {
    const apiOf = inTurn([store.api, second.clientsOf(store.apiSecret).api])
    const orders = await allAtOnce(count, async (index) => {
      const path = { paymentId: newPaymentId() }
      const body = { ...order(store.channelKey), promotionId }
      const request = { path, body, ...(testCode === undefined ? {} : { testCode }) }
      const { status, text } = await untilExecuted(() => apiOf(index).send('payInstantly', request))
      assert.equal(status, testCode === undefined ? 200 : 502, text)
      const { amount } = await store.api.call('getPayment', { path })
      assert.equal(amount.paid, amount.total - amount.discount)
      return { ...path, discount: amount.discount }
    })
    const granted = orders.filter((each) => each.discount === discount).length
    return { ids: orders.map(({ paymentId }) => paymentId), granted }
  }

  const budgetOf = async ({ api }: TestStore, promotionId: string) => {
    const { items } = await api.call('listSandboxPromotions')
    const found = items.find(({ id }) => id === promotionId)
    assert(found)
    return { spent: found.spentAmount, status: found.status }
  }

  test('many at once: as many discounts as the budget has, not one more and not one less', async () => {
    const [payments, discounts] = [scaled(100, 500), scaled(20, 100)]
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: discounts * discount })
    const { ids, granted } = await payAtOnce(store, payments, promotionId)
    assert.equal(granted, discounts)
    assert.deepEqual(await budgetOf(store, promotionId), { spent: discounts * discount, status: 'BUDGET_EXHAUSTED' })
    const { items } = await store.api.call('getSandboxLedger', { query: {} })
    assert(items.length > 0)
    const [charged] = await naru.database.sql<{ amount: number; count: number }[]>`
      select sum(amount)::int as amount, count(*)::int as count from sandbox_transactions where store_id = ${store.storeId}`
    assert.deepEqual(charged, { amount: payments * 10_000 - discounts * discount, count: ids.length })
  })

  test('payments that fail at the PG give theirs back, and leave the whole budget to those that come after', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 20 * discount })
    await payAtOnce(store, 50, promotionId, 'decline')
    assert.equal((await budgetOf(store, promotionId)).spent, 0)
    assert.equal((await payAtOnce(store, 50, promotionId)).granted, 20)
  })

  test('cancels and payments at once: what is held is what the paid orders were discounted', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 20 * discount })
    const { ids } = await payAtOnce(store, 20, promotionId)
    const cancels = inParallel(ids, ids.length, async (paymentId) => {
      await store.api.call('cancelPayment', { path: { paymentId }, body: { reason: '단순 변심' } })
    })
    const [{ granted }] = await Promise.all([payAtOnce(store, 40, promotionId), cancels])
    assert.equal((await budgetOf(store, promotionId)).spent, granted * discount)
    assert.equal((await payAtOnce(store, 20 - granted, promotionId)).granted, 20 - granted)
  })

  test('the books agree with the PG afterwards', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
