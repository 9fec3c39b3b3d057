import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { connect } from '../db/connect.ts'
import { hold, spentOf } from './budget.ts'

describe("a promotion's budget", async () => {
  const database = await createTestDatabase()
  const another = connect(database.url)
  after(async () => {
    await another.end({ timeout: 1 })
    await database[Symbol.asyncDispose]()
  })
  const { sql } = database
  const storeId = 'store-1'

  let made = 0
  const promotionOf = async (budget: number): Promise<string> => {
    made += 1
    const promotionId = `promotion-${made}`
    await sql`
      insert into promotions (store_id, promotion_id, version, state, effective_budget, created_at)
      values (${storeId}, ${promotionId}, 1, '{}', ${budget}, now())`
    return promotionId
  }
  const holdOf = (promotionId: string, transaction: number | string, amount: number, asOf = 0) => ({
    storeId,
    promotionId,
    transactionId: `${promotionId}/${transaction}`,
    paymentId: `payment-${transaction}`,
    amount,
    asOf,
  })

  it('is never overspent and never refused while there is enough, with 500 at once on two servers', async () => {
    const promotionId = await promotionOf(100_000)
    const granted = await Promise.all(
      Array.from({ length: 500 }, (_, index) => hold(index % 2 ? sql : another, holdOf(promotionId, index, 1_000))),
    )
    assert.equal(granted.filter((isGranted) => isGranted).length, 100)
    assert.equal(await spentOf(sql, storeId, promotionId), 100_000)
    const [sum] =
      await sql`select sum(held_amount)::bigint as held from promotion_usages where promotion_id = ${promotionId}`
    assert.equal(Number(sum?.held), 100_000)
  })

  it('grants a smaller amount after refusing a larger one', async () => {
    const promotionId = await promotionOf(1_000)
    const granted: boolean[] = []
    for (const [index, amount] of [900, 200, 100, 1].entries())
      granted.push(await hold(sql, holdOf(promotionId, index, amount)))
    assert.deepEqual(granted, [true, false, true, false])
    assert.equal(await spentOf(sql, storeId, promotionId), 1_000)
  })

  it('is held once, however often the same is said', async () => {
    const promotionId = await promotionOf(1_000)
    const once = holdOf(promotionId, 1, 600)
    assert.deepEqual(await Promise.all([hold(sql, once), hold(sql, once), hold(another, once)]), [true, true, true])
    assert.equal(await spentOf(sql, storeId, promotionId), 600)
  })

  it('comes back when it is released, and follows the newest word', async () => {
    const promotionId = await promotionOf(1_000)
    assert.equal(await hold(sql, holdOf(promotionId, 1, 1_000, 1)), true)
    assert.equal(await hold(sql, holdOf(promotionId, 1, 400, 5)), true)
    assert.equal(await hold(sql, holdOf(promotionId, 1, 900, 3)), true)
    assert.equal(await spentOf(sql, storeId, promotionId), 400)
    assert.equal(await hold(sql, holdOf(promotionId, 2, 601)), false)
    assert.equal(await hold(sql, holdOf(promotionId, 1, 0, 6)), true)
    assert.equal(await spentOf(sql, storeId, promotionId), 0)
  })

  it('counts what a shopper has already, although it is exceeded, and grants nothing more until that has come back', async () => {
    const promotionId = await promotionOf(1_000)
    const owed = (asOf: number, amount: number) => ({ ...holdOf(promotionId, 1, amount, asOf), isOwed: true })
    assert.equal(await hold(sql, holdOf(promotionId, 2, 1_000)), true)
    assert.deepEqual(await Promise.all([hold(sql, owed(5, 600)), hold(another, owed(5, 600))]), [true, true])
    assert.equal(await spentOf(sql, storeId, promotionId), 1_600)
    assert.equal(await hold(sql, holdOf(promotionId, 3, 1)), false)
    assert.equal(await hold(sql, owed(6, 100)), true)
    assert.equal(await hold(sql, holdOf(promotionId, 2, 0, 6)), true)
    assert.equal(await spentOf(sql, storeId, promotionId), 100)
    assert.deepEqual(
      [await hold(sql, holdOf(promotionId, 4, 901)), await hold(sql, holdOf(promotionId, 4, 900))],
      [false, true],
    )
    const [row] = await sql`select exceeded_by from promotions where promotion_id = ${promotionId}`
    assert.equal(Number(row?.exceeded_by), 0)
  })

  it('of a promotion that is gone grants nothing', async () => {
    assert.equal(await hold(sql, holdOf('no-such-promotion', 1, 1)), false)
  })

  it('is guarded by the database itself', async () => {
    const promotionId = await promotionOf(1_000)
    const overspend = sql`update promotions set spent_amount = 1001 where promotion_id = ${promotionId}`.execute()
    await assert.rejects(overspend, /never_spend_more_than_the_budget/)
  })
})
