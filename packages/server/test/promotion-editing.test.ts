import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EditSandboxPromotionBody } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import type { Queryable } from '../src/db/connect.ts'
import { typeOf } from './support/api.ts'
import { untilSomebodyWaits } from './support/database.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPromotion, tenPercent } from './support/promotions.ts'
import { newPaymentId, order } from './support/requests.ts'

const hour = 3_600_000
const halfOff = { partitions: [{ amountFrom: 20_000, scheme: { type: 'PERCENT' as const, percent: 50 } }] }

describe('editing promotions', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  const after = async (store: TestStore, hours: number) => new Date((await store.now()) + hours * hour).toISOString()

  const edit = ({ api }: TestStore, promotionId: string, body: EditSandboxPromotionBody) =>
    api.call('editSandboxPromotion', { path: { promotionId }, body })

  /** What is wrong with an edit, as the merchant reads it. */
  const refusal = async ({ api }: TestStore, promotionId: string, body: EditSandboxPromotionBody) => {
    const answer = await api.send('editSandboxPromotion', { path: { promotionId }, body })
    assert.equal(typeOf(answer), 'INVALID_REQUEST', answer.text)
    const { message }: { message?: string } = JSON.parse(answer.text)
    return message ?? ''
  }

  const journaled = async (promotionId: string) =>
    (await sql<{ type: string }[]>`select type from journal where stream_id = ${promotionId} order by version`).map(
      ({ type }) => type,
    )

  test('a scheduled promotion takes new terms, once however often they are sent', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { startAt: await after(store, 1), maxDiscountAmount: 500 })
    const body = {
      name: 'Summer',
      discountPolicy: halfOff,
      totalBudget: 50_000,
      currency: 'USD' as const,
      startAt: await after(store, 2),
      endAt: await after(store, 3),
      cardCompany: 'LOTTE_CARD' as const,
      recoverOption: { type: 'NO_RECOVER' as const },
    }
    const edited = await edit(store, promotionId, body)
    const { type, id, storeId, spentAmount, status, createdAt, ...terms } = edited
    assert.deepEqual(terms, body)
    assert.deepEqual([type, id, storeId, spentAmount, status], ['CARD', promotionId, store.storeId, 0, 'SCHEDULED'])
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => edit(store, promotionId, body))), [edited, edited, edited])
    assert.deepEqual(await journaled(promotionId), ['PromotionCreated', 'PromotionEdited'])
    assert.deepEqual(await store.portone.payment.promotion.getPromotion({ promotionId }), edited)
  })

  test('each status lets go of its own fields, and a refusal names the field and what to do', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const later = await after(store, 10)
    assert.equal((await edit(store, promotionId, { name: 'Summer', endAt: later })).endAt, later)
    assert.match(
      await refusal(store, promotionId, { totalBudget: 1 }),
      /^totalBudget cannot be changed .* create one with the new terms/,
    )
    await store.api.call('pauseSandboxPromotion', { path: { promotionId } })
    assert.match(
      await refusal(store, promotionId, { startAt: later }),
      /^startAt cannot be changed .* Resume the promotion first/,
    )
    assert.equal((await edit(store, promotionId, { name: 'Autumn' })).name, 'Autumn')
    assert.match(await refusal(store, promotionId, {}), /^Give at least one of name, discountPolicy/)
    assert.match(await refusal(store, promotionId, { endAt: await after(store, -1) }), /^endAt must be later than/)
    await store.api.call('terminateSandboxPromotion', { path: { promotionId } })
    assert.match(await refusal(store, promotionId, { name: 'Winter' }), /has ended/)
  })

  test('fields that nobody knows are ignored: neither kept nor taken for a change', async () => {
    const store = await naru.newStore()
    const { partitions } = tenPercent
    const strange = { partitions: partitions.map((each) => ({ ...each, of: 'mine' })), more: 'of it' }
    const promotionId = await newPromotion(store, { discountPolicy: strange })
    const { discountPolicy } = await edit(store, promotionId, { name: 'Spring' })
    assert.deepEqual(discountPolicy, tenPercent)
    await edit(store, promotionId, { discountPolicy: strange })
    assert.deepEqual(await journaled(promotionId), ['PromotionCreated'])
  })

  test("another store's promotion is not there", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const path = { promotionId: await newPromotion(store) }
    const answer = await other.api.send('editSandboxPromotion', { path, body: { name: 'Mine' } })
    assert.equal(typeOf(answer), 'PROMOTION_NOT_FOUND')
  })

  test('a payment keeps the discount it has, and gives it back to the edited budget', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store)
    const paymentId = newPaymentId()
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, { total: 30_000 }), promotionId })
    const soon = await after(store, 1)
    assert.equal((await edit(store, promotionId, { startAt: soon })).status, 'SCHEDULED')
    assert.match(
      await refusal(store, promotionId, { totalBudget: 2_999 }),
      /^totalBudget must not be less than the 3000/,
    )
    assert.match(await refusal(store, promotionId, { currency: 'USD' }), /^currency cannot be changed/)
    const edited = await edit(store, promotionId, { totalBudget: 3_000, discountPolicy: halfOff })
    assert.deepEqual([edited.totalBudget, edited.spentAmount], [3_000, 3_000])
    const cancel = { paymentId, reason: 'one back', amount: 10_000 }
    await store.portone.payment.cancelPayment(cancel)
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
    assert.deepEqual(
      items.map(({ amount, cancelledAmount }) => [amount, cancelledAmount]),
      [[27_000, 9_000]],
    )
    const { spentAmount } = await edit(store, promotionId, { name: 'Spring again' })
    assert.equal(spentAmount, 2_000)
  })

  test('a budget that a payment takes while it is lowered is not overspent', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, { startAt: await after(store, 1) })
    let refused: Promise<string> | undefined
    await sql.begin(async (transaction) => {
      await takeBudget(transaction, store, promotionId, 3_000)
      refused = refusal(store, promotionId, { totalBudget: 2_000 })
      await untilSomebodyWaits(sql)
    })
    assert.match((await refused) ?? '', /^totalBudget must not be less than the 3000/)
    assert.equal((await edit(store, promotionId, { totalBudget: 3_000 })).spentAmount, 3_000)
  })

  const takeBudget = (transaction: Queryable, { storeId }: TestStore, promotionId: string, amount: number) => {
    const dueAt = '2099-01-01T00:00:00Z'
    const usage = { promotion_id: promotionId, transaction_id: `of-${promotionId}`, payment_id: 'p' }
    const holds = [{ place: 0, ...usage, amount, as_of: 0, due_at: dueAt }]
    return transaction`select hold_budgets_of_store(${storeId}, ${sql.json(holds)})`
  }

  test('the books agree afterwards', async () => {
    const { findings } = await audit(sql)
    assert.deepEqual(findings, [])
  })
})
