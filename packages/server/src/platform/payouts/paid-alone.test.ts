import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase, untilSomebodyWaits } from '../../../test/support/database.ts'
import { findPayoutFaults } from '../../audit/payouts.ts'
import { connect } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { setSettlementStatus } from '../settlements/set-status.ts'
import { type GivenTransfer, type Market, market, start, today } from '../testing/market.ts'
import { readBalance } from './balance.ts'
import { completePayout } from './complete.ts'
import { generatePayouts } from './generate.ts'
import { cancelPayouts, type Ordering, orderPayouts } from './order.ts'
import { prepareBulkPayout, selectSettlements } from './prepare.ts'

const database = await createTestDatabase()
after(async () => {
  assert.deepEqual(await findPayoutFaults(database.sql), [])
  await database[Symbol.asyncDispose]()
})
const { sql } = database
const actor = 'approver'

const prepare = ({ request }: Market, bulkPayoutId: string) =>
  prepareBulkPayout(sql, request(), { bulkPayoutId, name: bulkPayoutId, settlementDates: [today], actor })

const generate = ({ request }: Market, bulkPayoutId: string) => generatePayouts(sql, request(), bulkPayoutId, actor)

const order = async ({ request, bank, clockOf }: Market, given: Partial<Ordering> = {}): Promise<number> => {
  const account = await readBalance(sql, request().platform, bank, await clockOf())
  if (account === undefined) assert.fail('the bank does not say what is there')
  const ordering = { bulkPayoutId: 'run', move: 'execute', actor, account, ...given } as const
  return (await orderPayouts(sql, request(), ordering)).ordered
}

const manual = (settlement: number, given: GivenTransfer = {}): GivenTransfer => ({
  type: 'MANUAL',
  settlement,
  ...given,
})
const alone = (settlement: number, given: GivenTransfer = {}) => manual(settlement, { alone: true, ...given })

/** A market with one partner and what it was given, settled. */
const settled = async (
  name: string,
  given: readonly GivenTransfer[],
  type: 'WHT_PAYER' | 'NON_WHT_PAYER' = 'NON_WHT_PAYER',
) => {
  const place = await market(sql, name)
  await place.partner('partner', { type: { type } })
  for (const transfer of given) await place.transfer(transfer)
  await place.settle()
  return place
}

/** What each payout pays of how much, and of how many settlements. */
const payoutsOf = async ({ merchantId }: Market, bulkPayoutId = 'run') => {
  const rows = await sql<{ settlement: number; amount: number; tax: number; count: number; status: string }[]>`
    select settlement_amount as settlement, amount, income_tax + local_income_tax as tax, status,
      (select count(*)::integer from platform_partner_settlements s
       where s.merchant_id = p.merchant_id and s.payout_id = p.payout_id) as count
    from platform_payouts p where merchant_id = ${merchantId} and bulk_payout_id = ${bulkPayoutId}
    order by settlement_amount, payout_id`
  return rows.map(({ settlement, amount, tax, count, status }) => [settlement, amount, tax, count, status])
}

const idsOf = async (place: Market, ...amounts: readonly number[]): Promise<readonly string[]> =>
  (await place.settlements()).filter(({ settlement }) => amounts.includes(settlement)).map(({ id }) => id)

describe('manual transfers that are paid each by itself', () => {
  test('have a payout and a tax of their own; the others of the partner have one together', async () => {
    const given = [alone(333), alone(333), alone(333), manual(999), { settlement: 8_900 }]
    const place = await settled('alone', given, 'WHT_PAYER')
    await prepare(place, 'run')
    assert.deepEqual(await generate(place, 'run'), { generated: 4, unpaid: [] })
    assert.deepEqual(await payoutsOf(place), [
      [333, 333, 0, 1, 'CONFIRMED'],
      [333, 333, 0, 1, 'CONFIRMED'],
      [333, 333, 0, 1, 'CONFIRMED'],
      [9_899, 9_589, 310, 2, 'CONFIRMED'],
    ])
    assert.equal(await order(place), 4)
    assert.deepEqual(
      (await sql`select amount from platform_account_transfers where merchant_id = 'alone' order by amount`).map(
        ({ amount }) => amount,
      ),
      [333, 333, 333, 9_589],
    )
  })

  test('set nothing off, which the refusal says; and what is owed says so too', async () => {
    const place = await settled('owing', [alone(333), manual(-100)])
    const owed = async () => (await readBalance(sql, place.request().platform, place.bank, await place.clockOf()))?.owed
    assert.equal(await owed(), 333)
    await prepare(place, 'run')
    const refused = await generate(place, 'run')
    assert.ok(refused instanceof Refusal)
    assert.match(
      refused.body.message ?? '',
      /partner \(-100 KRW\)\. Manual transfers that are paid each by itself set nothing off/,
    )
    await selectSettlements(sql, place.request(), 'run', false, await idsOf(place, -100))
    assert.deepEqual(await generate(place, 'run'), { generated: 1, unpaid: [] })
    assert.deepEqual(await payoutsOf(place), [[333, 333, 0, 1, 'CONFIRMED']])
    assert.equal(await owed(), 333)
  })

  test('stay so when they are withheld, given up, and set back', async () => {
    const place = await settled('set-back', [alone(1), alone(2), alone(3)])
    await prepare(place, 'run')
    await generate(place, 'run')
    await cancelPayouts(sql, place.request(), { bulkPayoutId: 'run', actor })
    const [one = ''] = await idsOf(place, 1)
    for (const status of ['PAYOUT_WITHHELD', 'PAYOUT_EXCLUDED', 'PAYOUT_PREPARED'] as const)
      await setSettlementStatus(sql, place.request(), [one], status, { actor })
    await prepare(place, 'again')
    assert.deepEqual(await generate(place, 'again'), { generated: 3, unpaid: [] })
    assert.deepEqual(
      (await payoutsOf(place, 'again')).map(([amount]) => amount),
      [1, 2, 3],
    )
  })

  test('are left out together with their partner, who is named once', async () => {
    const place = await settled('rejected', [alone(1), alone(2)])
    await place.partner('pending', { status: 'PENDING' })
    for (const given of [alone(5), alone(6), manual(7)]) await place.transfer({ ...given, partner: 'pending' })
    await place.settle()
    await prepare(place, 'run')
    assert.deepEqual(await generate(place, 'run'), { generated: 2, unpaid: ['pending'] })
  })

  test('are recorded one by one where they were paid elsewhere', async () => {
    const place = await settled(
      'elsewhere',
      [alone(333), alone(333), manual(100), alone(7, { currency: 'USD' })],
      'WHT_PAYER',
    )
    const partnerSettlementIds = (await place.settlements()).map(({ id }) => id)
    const completion = { bulkPayoutId: 'run', name: 'run', partnerSettlementIds, completedAt: start, actor }
    const done = await completePayout(sql, place.request(), completion)
    assert.ok(!(done instanceof Refusal))
    assert.deepEqual([done.payoutCount, done.partnerSettlementCount], [4, 4])
    assert.deepEqual(
      (await payoutsOf(place)).map(([amount]) => amount),
      [7, 100, 333, 333],
    )
  })

  test('leave what is paid together its whole limit', async () => {
    const most = 8_000_000_000_000_000
    const place = await settled('limit', [alone(5), manual(most), alone(6)])
    await prepare(place, 'run')
    assert.deepEqual(await generate(place, 'run'), { generated: 3, unpaid: [] })
    await cancelPayouts(sql, place.request(), { bulkPayoutId: 'run', actor })
  })

  test('are paid once each by servers that generate at once', async () => {
    const place = await settled('at-once', [])
    await place.addLike(await place.transfer(alone(10)), 499, 'transfer_id')
    await place.settle()
    await prepare(place, 'run')
    await Promise.all(Array.from({ length: 4 }, () => generate(place, 'run')))
    const paid = await payoutsOf(place)
    assert.equal(paid.length, 500)
    assert.ok(paid.every(([settlement, , , count]) => settlement === 10 && count === 1))
  })

  test('that were registered under an earlier version are marked where they may still be paid', async () => {
    const place = await settled('earlier', [
      alone(1),
      alone(2),
      alone(3, { partner: 'paid' }),
      manual(4),
      { settlement: 5 },
    ])
    await setSettlementStatus(sql, place.request(), await idsOf(place, 2, 4), 'PAYOUT_WITHHELD', { actor })
    await place.transfer(manual(6))
    await place.settle()
    await sql`update platform_partner_settlements set is_paid_alone = false where merchant_id = 'earlier'`
    await sql`
      update platform_partner_settlements set status = 'PAID_OUT', payout_id = 'po-earlier'
      where merchant_id = 'earlier' and settlement = 3`
    const text = await readFile(new URL('../../db/migrations/0113_settlements_paid_alone.sql', import.meta.url), 'utf8')
    await sql.unsafe(/^with unpaid as[^;]*/m.exec(text)?.[0] ?? assert.fail('the statement is not there'))
    const marked = await sql<{ settlement: number }[]>`
      select settlement from platform_partner_settlements where merchant_id = 'earlier' and is_paid_alone order by 1`
    assert.deepEqual(
      marked.map(({ settlement }) => settlement),
      [1, 2],
    )
  })
})

describe('a server that died while it generated', () => {
  test('leaves what the next one goes on with: nothing is paid twice, and it comes to an end', async () => {
    const place = await settled('died', [manual(1)])
    await place.addLike(await place.transfer(alone(10)), 299, 'transfer_id')
    await place.settle()
    await prepare(place, 'run')
    await selectSettlements(sql, place.request(), 'run', false, await idsOf(place, 1))
    const [last] = await sql<[{ id: string }]>`
      select max(partner_settlement_id) as id from platform_partner_settlements
      where merchant_id = 'died' and is_paid_alone`
    await dieBeyond(place, last.id)
    assert.equal((await payoutsOf(place)).length, 200)
    assert.equal(await place.bulk('run'), 'PREPARING')
    const [first] = await sql<[{ id: string }]>`
      select min(payout_id) as id from platform_payouts where merchant_id = 'died'`
    await cancelPayouts(sql, place.request(), { bulkPayoutId: 'run', payoutIds: [first.id], actor })
    assert.deepEqual(await generate(place, 'run'), { generated: 300, unpaid: ['partner'] })
    await prepare(place, 'again')
    assert.deepEqual(
      await generate(place, 'again'),
      { generated: 2, unpaid: [] },
      'what was given up, and what was left out',
    )
  })

  /** Generates on a connection that PostgreSQL ends where it comes to this settlement. */
  const dieBeyond = async (place: Market, settlementId: string) => {
    const dying = connect(database.url)
    await sql.begin(async (holder) => {
      await holder`
        select from platform_partner_settlements
        where merchant_id = ${place.merchantId} and partner_settlement_id = ${settlementId} for update`
      const generating = assert.rejects(generatePayouts(dying, place.request(), 'run', actor))
      await untilSomebodyWaits(sql)
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      await generating
    })
    await dying.end({ timeout: 1 })
  }
})

test('whatever is registered, payouts come to what their settlements are, and what is paid alone is', async () => {
  let count = 0
  const transfers = fc.array(
    fc.record({
      partner: fc.constantFrom('a', 'b'),
      settlement: fc.integer({ min: 1, max: 100_000 }),
      alone: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(transfers, async (given) => {
      count += 1
      const place = await market(sql, `property-${count}`)
      for (const id of ['a', 'b']) await place.partner(id, { type: { type: 'WHT_PAYER' } })
      for (const transfer of given) await place.transfer({ ...transfer, type: 'MANUAL' })
      await place.settle()
      await prepare(place, 'run')
      await Promise.all([generate(place, 'run'), generate(place, 'run')])
      const paid = await payoutsOf(place)
      const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
      assert.equal(sum(paid.map(([settlement]) => Number(settlement))), sum(given.map(({ settlement }) => settlement)))
      const together = new Set(given.filter((one) => !one.alone).map(({ partner }) => partner)).size
      assert.equal(paid.length, given.filter((one) => one.alone).length + together)
    }),
    { numRuns: 20 },
  )
})
