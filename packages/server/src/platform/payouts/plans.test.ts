import assert from 'node:assert/strict'
import { after, describe } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import type { Sql } from '../../db/connect.ts'
import { day } from '../../kernel/clock.ts'
import { lookUpsWith } from '../lookups/providers.ts'
import { setSettlementStatus } from '../settlements/set-status.ts'
import { type Market, market, today } from '../testing/market.ts'
import { unknownMerchant } from '../testing/unknown-merchant.ts'
import { readBalance } from './balance.ts'
import { completePayout } from './complete.ts'
import { generatePayouts } from './generate.ts'
import { amountToOrder, cancelPayouts, orderPayouts, reschedulePayouts, withdrawOrders } from './order.ts'
import { prepareBulkPayout } from './prepare.ts'
import { confirmNewAccounts } from './retry.ts'
import { runWithdrawal } from './send.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const count = 200
const actor = 'test'
const tomorrow = '2026-03-03'
const bulk = { bulkPayoutId: 'run', actor }

describe('payouts of a merchant that statistics do not know are not compared each with each', async () => {
  const { place, counts } = await unknownMerchant(database, {
    known: async () => {
      const known = await filled('known', 2)
      await prepare(known)
      await generatePayouts(sql, known.request(), 'run', actor)
      await orderPayouts(sql, known.request(), { ...bulk, move: 'execute', account: await accountOf(known) })
    },
    unknown: () => filled('unknown', count),
    count,
  })
  const { platform } = place.request()

  counts('selecting settlements', (reader) => prepare(place, reader))
  counts('generating', (reader) => generatePayouts(reader, place.request(), 'run', actor))
  counts('adding up', (reader) => amountToOrder(reader, platform, { ...bulk, move: 'execute' }))
  counts('scheduling', async (reader) =>
    orderPayouts(reader, place.request(), {
      ...bulk,
      move: 'schedule',
      account: await accountOf(place),
      scheduledAt: place.clock.now + day,
    }),
  )
  counts('rescheduling', (reader) =>
    reschedulePayouts(reader, place.request(), { ...bulk, scheduledAt: place.clock.now + 2 * day }),
  )
  counts('cancelling a schedule', (reader) => withdrawOrders(reader, place.request(), 'cancelSchedule', bulk))
  counts('executing', async (reader) =>
    orderPayouts(reader, place.request(), { ...bulk, move: 'execute', account: await accountOf(place) }),
  )
  counts('one withdrawal', async (reader) => {
    const [id = ''] = await place.due()
    const { bank, clockOf } = place
    await runWithdrawal({ sql: reader, log: pino({ level: 'silent' }), bankOf: () => bank, clockOf }, platform, id)
    assert.equal((await place.booked()).length, 1)
  })
  counts('reading the account', (reader) => accountOf(place, reader))
  counts('stopping', (reader) => withdrawOrders(reader, place.request(), 'stop', bulk))
  counts('retrying with new accounts', async (reader) => {
    await sql`
      update platform_entities set version = 2, content = jsonb_set(content, '{account,number}', '"220987654321"')
      where merchant_id = ${place.merchantId}`
    const { confirmed } = await confirmNewAccounts(reader, lookUpsWith(place.bank)(platform), platform, bulk)
    assert.equal(confirmed.length, count - 1)
    const retry = { ...bulk, move: 'retry', account: await accountOf(place), newAccounts: confirmed } as const
    assert.equal((await orderPayouts(reader, place.request(), retry)).ordered, count - 1)
    const [{ changed }] = await sql<[{ changed: number }]>`
      select count(*) as changed from platform_payouts where merchant_id = 'unknown' and account_number = '220987654321'`
    assert.equal(changed, count - 1)
  })
  counts('giving up', async (reader) => {
    await withdrawOrders(sql, place.request(), 'stop', bulk)
    await sql`update platform_payouts set status = 'FAILED' where merchant_id = 'unknown' and status = 'STOPPED'`
    const failed = await sql<{ id: string }[]>`
      update platform_partner_settlements set status = 'PAYOUT_FAILED' where merchant_id = 'unknown' and status = 'IN_PAYOUT'
      returning partner_settlement_id as id`
    const half = failed.slice(0, count / 2).map(({ id }) => id)
    const changed = await setSettlementStatus(reader, place.request(), half, 'PAYOUT_PREPARED', { actor })
    assert.deepEqual(changed, { changed: count / 2 })
  })
  counts('cancelling', (reader) => cancelPayouts(reader, place.request(), bulk))
  counts('recording what was paid elsewhere', async (reader) => {
    const rows = await sql<{ id: string }[]>`
      select partner_settlement_id as id from platform_partner_settlements
      where merchant_id = 'unknown' and settlement_date = ${tomorrow}`
    const partnerSettlementIds = rows.map(({ id }) => id)
    const completion = { bulkPayoutId: 'elsewhere', name: 'elsewhere', partnerSettlementIds, actor }
    const done = await completePayout(reader, place.request(), { ...completion, completedAt: place.clock.now })
    assert.equal('payoutCount' in done && done.payoutCount, count)
  })

  /** A merchant with so many partners, of whom each is owed a settlement of today and one of tomorrow. */
  async function filled(name: string, partners: number): Promise<Market> {
    const place = await market(sql, name)
    for (let number = 0; number < partners; number++) {
      const partner = `partner-${number}`
      await place.partner(partner)
      for (const date of [today, tomorrow]) await place.transfer({ partner, date })
    }
    await place.settle(tomorrow)
    return place
  }

  async function prepare(place: Market, writer: Sql = sql): Promise<void> {
    await prepareBulkPayout(writer, place.request(), {
      bulkPayoutId: 'run',
      name: 'run',
      settlementDates: [today],
      actor,
    })
  }

  async function accountOf({ request, bank, clockOf }: Market, reader: Sql = sql) {
    return (
      (await readBalance(reader, request().platform, bank, await clockOf())) ?? assert.fail('the bank says nothing')
    )
  }
})
