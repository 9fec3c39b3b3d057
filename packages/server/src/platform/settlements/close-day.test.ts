import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase } from '../../../test/support/database.ts'
import { findWrongSettlements } from '../../audit/transfers.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { type Market, market, today } from '../testing/market.ts'
import { deleteTransfer } from '../transfers/delete.ts'
import { closeDay } from './close-day.ts'
import { deleteSettlements } from './delete.ts'
import { setSettlementStatus } from './set-status.ts'
import { settleDay } from './settle.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

/** What the settlements of a market come to, which must be what its settled transfers come to. */
const totalOf = async (place: Market) => {
  const settlements = await place.settlements()
  const total = (field: 'settlement' | 'count') => settlements.reduce((sum, one) => sum + one[field], 0)
  return { settlement: total('settlement'), count: total('count') }
}

/** Each settlement is the sum of its transfers, each transfer in one settlement or none. */
const assertBooksOf = async (place: Market) => {
  assert.deepEqual(await totalOf(place), await place.settledSum())
  assert.deepEqual(await findWrongSettlements(sql), [])
}

const keptOf = async ({ merchantId }: Market) => [
  ...(await sql<{ status: string; version: number }[]>`
    select status, version from platform_transfers where merchant_id = ${merchantId} order by transfer_id`),
]

const secondStore = async ({ merchantId }: Market): Promise<string> => {
  const storeId = `${merchantId}-second`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, is_representative, created_at)
    values (${storeId}, ${merchantId}, 'Second', 'SANDBOX', false, now())`
  return storeId
}

describe('closing a day', () => {
  test('settles what was assigned to it, and writes no transfer', async () => {
    const place = await market(sql, 'unwritten')
    for (const partner of ['a', 'b', 'b']) await place.transfer({ partner, settlement: 10, formulas: { margin: 2 } })
    await place.transfer({ date: '2026-03-03' })
    const before = await keptOf(place)
    assert.deepEqual(await place.transferStatuses(), ['IN_PROCESS', 'IN_PROCESS', 'IN_PROCESS', 'IN_PROCESS'])
    assert.equal(await place.settle(), 3)
    assert.deepEqual(await place.transferStatuses(), ['SETTLED', 'SETTLED', 'SETTLED', 'IN_PROCESS'])
    assert.deepEqual(await keptOf(place), before)
    const found = await place.settlements()
    assert.deepEqual(
      found.map(({ partner, count, settlement, formulas }) => [partner, count, settlement, formulas]),
      [
        ['a', 1, 10, { margin: 2 }],
        ['b', 2, 20, { margin: 4 }],
      ],
    )
    for (const { id } of found) assert.match(id, /^pst-[0-9A-HJKMNP-TV-Z]{26}$/)
    await assertBooksOf(place)
  })

  test('what comes after it waits without a name, and joins', async () => {
    const place = await market(sql, 'late')
    await place.transfer({ settlement: 1 })
    await place.settle()
    await place.transfer({ settlement: 2 })
    assert.deepEqual(
      (await keptOf(place)).map(({ status }) => status),
      ['ASSIGNED', 'IN_PROCESS'],
    )
    assert.deepEqual(await place.transferStatuses(), ['SETTLED', 'IN_PROCESS'])
    await place.settle()
    assert.deepEqual(
      (await place.settlements()).map(({ settlement, count }) => [settlement, count]),
      [[3, 2]],
    )
    await assertBooksOf(place)
  })

  test('goes on where it was cut off, a range of partners after the other', async () => {
    const place = await market(sql, 'slices')
    for (let index = 0; index < 30; index++) await place.transfer({ partner: `partner-${index % 9}`, settlement: 1 })
    const cut = new Error('the server stops')
    const first = closeDay(sql, place.request(), today, {
      sliceSize: 5,
      progress: (settled) => {
        if (settled > 10) throw cut
      },
    })
    await assert.rejects(first, cut)
    const { count } = await totalOf(place)
    assert.ok(count > 10 && count < 30, `${count} were settled`)
    await assertBooksOf(place)
    const told: number[] = []
    await closeDay(sql, place.request(), today, { sliceSize: 5, progress: (settled) => told.push(settled) })
    assert.ok(told.length > 1, 'in slices')
    assert.deepEqual(await totalOf(place), { settlement: 30, count: 30 })
    assert.equal((await place.settlements()).length, 9)
    await assertBooksOf(place)
  })

  test('by many at once has one outcome', async () => {
    for (let round = 0; round < 10; round++) {
      const place = await market(sql, `at-once-${round}`)
      for (let index = 0; index < 20; index++) await place.transfer({ partner: `partner-${index % 6}`, settlement: 1 })
      const settled = await Promise.all(
        Array.from({ length: 6 }, () => closeDay(sql, place.request(), today, { sliceSize: 4 })),
      )
      assert.equal(
        settled.reduce((one, other) => one + other),
        20,
      )
      assert.deepEqual(await totalOf(place), { settlement: 20, count: 20 })
    }
  })

  test('beside transfers that come has each of them in one settlement', async () => {
    for (let round = 0; round < 20; round++) {
      const place = await market(sql, `race-${round}`)
      await place.transfer({ settlement: 1 })
      const added = Array.from({ length: 12 }, (_, index) =>
        place.transfer({ settlement: 10, partner: index % 3 === 0 ? 'other' : 'partner' }),
      )
      const runs = Array.from({ length: 3 }, () => settleDay(sql, place.request(), today))
      await Promise.all([...added, ...runs])
      await assertBooksOf(place)
      // As the second pass a minute later.
      await place.settle()
      assert.deepEqual(await totalOf(place), { settlement: 121, count: 13 })
      await assertBooksOf(place)
    }
  })

  test('waits for a transfer that is being written, and has it', async () => {
    const place = await market(sql, 'in-flight')
    await place.transfer({ settlement: 1 })
    const [written, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const writing = sql.begin(async (transaction) => {
      await place.transfer({ settlement: 10 }, transaction)
      written.resolve()
      await mayCommit.promise
    })
    await written.promise
    let isOver = false
    const closing = closeDay(sql, place.request(), today).finally(() => {
      isOver = true
    })
    const isHeldUp = async () => {
      const [row] = await sql<[{ waiting: number }]>`
        select count(*) as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%platform_settlement_days%'`
      return row.waiting > 0
    }
    while (!isOver && !(await isHeldUp()));
    assert.equal(isOver, false)
    mayCommit.resolve()
    await Promise.all([writing, closing])
    assert.deepEqual(await totalOf(place), { settlement: 11, count: 2 })
    await assertBooksOf(place)
  })

  test('beside deletions counts nothing that is deleted', async () => {
    for (let round = 0; round < 20; round++) {
      const place = await market(sql, `deletions-${round}`)
      const ids = await Promise.all(Array.from({ length: 8 }, () => place.transfer({ settlement: 1 })))
      const [deleted] = await Promise.all([
        Promise.all(ids.slice(0, 5).map((id) => deleteTransfer(sql, place.request(), id))),
        closeDay(sql, place.request(), today, { sliceSize: 1 }),
        closeDay(sql, place.request(), today, { sliceSize: 1 }),
      ])
      assert.deepEqual(
        deleted.filter((outcome) => outcome instanceof Refusal),
        [],
      )
      await place.settle()
      assert.deepEqual(await totalOf(place), { settlement: 3, count: 3 })
      await assertBooksOf(place)
    }
  })

  test('that stopped before its sums leaves transfers that can be deleted', async () => {
    const place = await market(sql, 'stopped')
    const [first = ''] = [await place.transfer({ settlement: 1 }), await place.transfer({ settlement: 2 })]
    await sql`update platform_settlement_days set status = 'CLOSED' where merchant_id = 'stopped'`
    assert.deepEqual(await place.transferStatuses(), ['IN_PROCESS', 'IN_PROCESS'])
    assert.deepEqual(await deleteTransfer(sql, place.request(), first), {})
    await place.settle()
    assert.deepEqual(await totalOf(place), { settlement: 2, count: 1 })
    await assertBooksOf(place)
  })

  test('takes with it what was there before transfers were assigned', async () => {
    const place = await market(sql, 'upgraded')
    await place.transfer({ settlement: 1, isNamed: false })
    await sql`
      update platform_transfers set status = 'SETTLED', partner_settlement_id = 'pst-old' where merchant_id = 'upgraded'`
    await sql`
      insert into platform_partner_settlements (merchant_id, is_for_test, partner_settlement_id, store_id, type, status,
        status_updated_at, is_open, partner_id, partner_version, contract_id, contract_version, settlement_date, currency,
        start_date_from, start_date_until, transfer_count, order_amount, payment, payment_supply, settlement,
        settlement_tax_free, created_at)
      select merchant_id, is_for_test, partner_settlement_id, store_id, type, 'PAYOUT_PREPARED', created_at, true, partner_id, 1,
        contract_id, 1, settlement_date, currency, settlement_start_date, settlement_start_date, 1, order_amount, payment,
        payment_supply, settlement, 0, created_at
      from platform_transfers where merchant_id = 'upgraded'`
    await place.transfer({ settlement: 10, isNamed: false })
    await place.transfer({ settlement: 100 })
    await place.transfer({ settlement: 1_000, partner: 'other' })
    await place.transfer({ settlement: 10_000, partner: 'other', isNamed: false })
    assert.equal(await place.settle(), 4)
    assert.deepEqual(
      (await place.settlements()).map(({ id, settlement, count }) => [id === 'pst-old', settlement, count]),
      [
        [true, 111, 3],
        [false, 11_000, 2],
      ],
    )
    await assertBooksOf(place)
  })
})

describe('two stores of a merchant with different clocks', () => {
  test('share a settlement while it is open', async () => {
    const place = await market(sql, 'two-stores')
    const store = await secondStore(place)
    await place.transfer({ settlement: 1 })
    await place.transfer({ settlement: 10, store })
    await place.transfer({ settlement: 100, store, partner: 'other' })
    await place.settle()
    assert.deepEqual(await place.transferStatuses(), ['SETTLED', 'IN_PROCESS', 'IN_PROCESS'])
    await assertBooksOf(place)
    await place.settle(today, store)
    assert.deepEqual(
      (await place.settlements()).map(({ settlement, count }) => [settlement, count]),
      [
        [11, 2],
        [100, 1],
      ],
    )
    await assertBooksOf(place)
  })

  test('have one each where the first is held back, and none has the name of one that was deleted', async () => {
    const place = await market(sql, 'two-names')
    const store = await secondStore(place)
    await place.transfer({ settlement: 1 })
    await place.transfer({ settlement: 10, store })
    await place.transfer({ settlement: 2, partner: 'other' })
    await place.transfer({ settlement: 20, store, partner: 'other' })
    await place.settle()
    const [held, deleted] = await place.settlements()
    assert.ok(held && deleted)
    await setSettlementStatus(sql, place.request(), [held.id], 'PAYOUT_WITHHELD', { actor: 'test' })
    assert.deepEqual(await deleteSettlements(sql, place.request(), [deleted.id]), {})
    await place.settle(today, store)
    const found = await place.settlements()
    assert.deepEqual(
      found.map(({ settlement, status }) => [settlement, status]),
      [
        [1, 'PAYOUT_WITHHELD'],
        [10, 'PAYOUT_PREPARED'],
        [20, 'PAYOUT_PREPARED'],
      ],
    )
    assert.ok(found.every(({ id }) => id !== deleted.id))
    await assertBooksOf(place)
  })

  test('at once', async () => {
    for (let round = 0; round < 10; round++) {
      const place = await market(sql, `both-${round}`)
      const store = await secondStore(place)
      for (let index = 0; index < 12; index++)
        await place.transfer({ settlement: 1, partner: `partner-${index % 4}`, ...(index % 3 === 0 ? { store } : {}) })
      await Promise.all([place.settle(), place.settle(today, store), place.settle(), place.settle(today, store)])
      assert.deepEqual(await totalOf(place), { settlement: 12, count: 12 })
      assert.equal((await place.settlements()).length, 4)
      await assertBooksOf(place)
    }
  })
})

test('whatever happens in whatever order, settlements are the sums of the transfers that are settled', async () => {
  let count = 0
  const days = ['2026-03-01', today, '2026-03-03'] as const
  const some = fc.nat({ max: 3 })
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('add' as const), some, some) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('settle' as const), some, some) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), some, some) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('deleteSettlement' as const), some, some) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('hold' as const), some, some) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('free' as const), some, some) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (rounds) => {
      const place = await market(sql, `random-${count++}`)
      const second = await secondStore(place)
      const added: string[] = []
      const run = async ([what, one, other]: (typeof rounds)[number][number]): Promise<unknown> => {
        const request = place.request(one % 2 === 0 ? undefined : second)
        const day = days[other % days.length] ?? today
        const settlements = what === 'add' || what === 'settle' ? [] : await place.settlements()
        const settlement = settlements[other % Math.max(settlements.length, 1)]?.id
        switch (what) {
          case 'add': {
            const store = one % 2 === 0 ? {} : { store: second }
            const given = {
              partner: `partner-${other % 2}`,
              date: day,
              settlement: 10 ** (one % 3),
              isNamed: one !== 2,
            }
            return added.push(await place.transfer({ ...given, ...store }))
          }
          case 'settle':
            return await settleDay(sql, request, day)
          case 'delete':
            return await deleteTransfer(sql, request, added[(one * 4 + other) % Math.max(added.length, 1)] ?? '')
          case 'deleteSettlement':
            return settlement && (await deleteSettlements(sql, request, [settlement]))
          case 'hold':
            return (
              settlement &&
              (await setSettlementStatus(sql, request, [settlement], 'PAYOUT_WITHHELD', { actor: 'test' }))
            )
          case 'free':
            return (
              settlement &&
              (await setSettlementStatus(sql, request, [settlement], 'PAYOUT_PREPARED', { actor: 'test' }))
            )
        }
      }
      // Those of one round come at once.
      for (const round of rounds) {
        await Promise.all(round.map(run))
        assert.deepEqual(await totalOf(place), await place.settledSum())
      }
      for (const day of days) {
        await settleDay(sql, place.request(), day)
        await settleDay(sql, place.request(second), day)
      }
      const statuses = await place.transferStatuses()
      assert.ok(statuses.every((status) => status === 'SETTLED'))
      assert.deepEqual(await totalOf(place), await place.settledSum())
    }),
    { numRuns: 25 },
  )
  assert.deepEqual(await findWrongSettlements(sql), [])
})
