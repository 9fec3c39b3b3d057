import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase, untilSomebodyWaits } from '../../../test/support/database.ts'
import { type GivenTransfer, type Market, market, today } from '../testing/market.ts'
import { countingRows } from '../testing/rows-handled.ts'
import { largestAmount } from '../transfers/arithmetic/largest-amount.ts'
import { settleTransfer } from './settle.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const many = 400

/** Settles so many transfers, and handles no more rows than a part of what comparing each with each would. */
const settlesAll = async (settle: Market['settle']): Promise<void> => {
  await using counting = countingRows(database.url)
  const handled = await counting.handledBy(async (reader) => assert.equal(await settle(today, undefined, reader), many))
  assert.ok(handled < 100 * many, `${handled} rows for ${many} transfers`)
}

for (const isNamed of [true, false])
  describe(`a settlement run over transfers ${isNamed ? 'that are assigned to their settlements' : 'without a name'}`, () => {
    const placeOf = async (name: string) => {
      const place = await market(sql, `${name}-${isNamed}`)
      return { ...place, transfer: (given: GivenTransfer = {}) => place.transfer({ isNamed, ...given }) }
    }

    test('sums transfers of one partner, contract, type, date and currency', async () => {
      const { transfer: add, settle, settlements } = await placeOf('sums')
      await add({ settlement: 100, start: '2026-02-20', formulas: { margin: 5 } })
      await add({ settlement: 20, formulas: { margin: 7, bonus: 1 } })
      await add({ settlement: 3, partner: 'other' })
      await add({ settlement: 4, contract: 'other' })
      await add({ settlement: 5, type: 'ORDER_CANCEL' })
      await add({ settlement: 6, date: '2026-03-01' })
      await add({ settlement: 7, date: '2026-03-03' })
      assert.equal(await settle(), 6)
      const found = await settlements()
      assert.deepEqual(
        found.map(({ settlement, count }) => [settlement, count]),
        [
          [3, 1],
          [4, 1],
          [5, 1],
          [6, 1],
          [120, 2],
        ],
      )
      const summed = found.at(-1)
      assert.deepEqual(
        [summed?.from, summed?.until, summed?.formulas],
        ['2026-02-20', '2026-03-01', { bonus: 1, margin: 12 }],
      )
      assert.equal(await settle(), 0)
    })

    test('later transfers join the settlement while it is open, and found another once it is not', async () => {
      const { transfer: add, settle, settlements, merchantId } = await placeOf('joins')
      await add({ settlement: 1, formulas: { margin: 1 } })
      await settle()
      await add({ settlement: 2, formulas: { margin: 2 } })
      await settle()
      assert.deepEqual(
        (await settlements()).map(({ settlement, formulas }) => [settlement, formulas]),
        [[3, { margin: 3 }]],
      )
      await sql`
      update platform_partner_settlements set status = 'PAYOUT_WITHHELD', is_open = false where merchant_id = ${merchantId}`
      await add({ settlement: 10 })
      await settle()
      assert.deepEqual(
        (await settlements()).map(({ settlement }) => settlement),
        [3, 10],
      )
    })

    test('transfers that are settled alone share nothing', async () => {
      const { transfer: add, settle, settlements } = await placeOf('alone')
      await add({ settlement: 1, alone: true })
      await add({ settlement: 2, alone: true })
      await add({ settlement: 3 })
      await settle()
      assert.deepEqual(
        (await settlements()).map(({ settlement, isOpen }) => [settlement, isOpen]),
        [
          [1, false],
          [2, false],
          [3, true],
        ],
      )
    })

    test('what adds up to more than one settlement can hold is settled in several, and nobody else waits', async () => {
      const { transfer: add, addLike, settle, settlements, merchantId } = await placeOf('absurd')
      await addLike(await add({ partner: 'absurd', type: 'MANUAL', settlement: largestAmount }), 8_199)
      await add({ partner: 'usual', type: 'MANUAL', settlement: 5 })
      assert.equal(await settle(), 8_201)
      await add({ partner: 'absurd', type: 'MANUAL', settlement: largestAmount, isNamed: false })
      await add({ partner: 'usual', type: 'MANUAL', settlement: 6, isNamed: false })
      assert.equal(await settle(), 2)
      assert.deepEqual(
        (await settlements()).map(({ settlement, count }) => [settlement, count]),
        [
          [11, 2],
          [largestAmount, 1],
          [200 * largestAmount, 200],
          [8_000 * largestAmount, 8_000],
        ],
      )
      assert.equal(
        (await sql`select from platform_transfers where merchant_id = ${merchantId} and status = 'IN_PROCESS'`).count,
        0,
      )
    })

    test('hundreds of settlements, of which statistics know nothing, are not compared each with each', async () => {
      const { transfer: add, addLike, settle, settlements } = await placeOf('hundreds')
      await addLike(await add({ settlement: 1, formulas: { margin: 2 } }), many - 1, 'partner_id')
      await settlesAll(settle)
      await addLike(await add({ settlement: 10, formulas: { margin: 20 }, isNamed: false }), many - 1, 'partner_id')
      await settlesAll(settle)
      const found = await settlements()
      assert.equal(found.length, many)
      for (const { settlement, count, formulas } of found)
        assert.deepEqual([settlement, count, formulas], [11, 2, { margin: 22 }])
    })

    test('nor are hundreds of transfers that are settled alone', async () => {
      const { transfer: add, addLike, settle, settlements } = await placeOf('hundreds-alone')
      await addLike(await add({ settlement: 1, alone: true, type: 'MANUAL' }), many - 1, 'transfer_id')
      await settlesAll(settle)
      assert.equal((await settlements()).filter(({ isOpen, count }) => !isOpen && count === 1).length, many)
    })

    test('a sum of user-defined formulas stays exact as well', async () => {
      const { transfer: add, addLike, settle, settlements } = await placeOf('formulas')
      await addLike(await add({ settlement: 1, formulas: { margin: largestAmount } }), 8_000)
      assert.equal(await settle(), 8_001)
      assert.deepEqual(
        (await settlements()).map(({ formulas }) => formulas),
        [{ margin: largestAmount }, { margin: 8_000 * largestAmount }],
      )
    })

    test('runs at once on several servers settle each transfer once', async () => {
      const { transfer: add, settle, settlements } = await placeOf('parallel')
      for (let index = 0; index < 60; index++) await add({ partner: `partner-${index % 7}`, settlement: 1 })
      const settled = await Promise.all(Array.from({ length: 8 }, () => settle()))
      assert.equal(
        settled.reduce((one, other) => one + other),
        60,
      )
      const found = await settlements()
      assert.equal(found.length, 7)
      assert.equal(
        found.reduce((total, { settlement }) => total + settlement, 0),
        60,
      )
    })
  })

test('a transfer that another run settles first is left to it', async () => {
  const place = await market(sql, 'overtaken')
  const transferId = await place.transfer({ isNamed: false, partner: 'a' })
  await place.transfer({ isNamed: false, partner: 'b' })
  let second: Promise<number> | undefined
  await sql.begin(async (transaction) => {
    await settleTransfer(transaction, place.request(), { transferId, settlementDate: today })
    second = place.settle()
    await untilSomebodyWaits(sql)
  })
  assert.equal(await second, 1)
  assert.deepEqual(
    (await place.settlements()).map(({ partner, count }) => [partner, count]),
    [
      ['a', 1],
      ['b', 1],
    ],
  )
})
