import assert from 'node:assert/strict'
import { after, describe } from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { day } from '../../kernel/clock.ts'
import { redateScheduled } from '../contracts/calendar/redate.ts'
import { findEffective } from '../entities/store.ts'
import { lookUpsWith } from '../lookups/providers.ts'
import { decidePartners } from '../partners/decide.ts'
import { schedulePartners } from '../partners/schedule-many.ts'
import { listSettlements } from '../settlements/list.ts'
import { type Market, market, today } from '../testing/market.ts'
import { unknownMerchant } from '../testing/unknown-merchant.ts'
import { listTransfers } from './list.ts'
import { transferColumns } from './rows.ts'
import { startDue } from './start.ts'
import { writeStarted } from './start-write.ts'
import { readSurroundings } from './surroundings.ts'
import type { OrderTransfer } from './transfer.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const count = 200
const partners = Array.from({ length: count }, (_, number) => `partner-${number}`)

describe('transfers of a merchant that statistics do not know are not compared each with each', async () => {
  const { place, counts } = await unknownMerchant(database, {
    // Of four hash partitions in the same one: statistics would have that of the unknown merchant empty, not the merchant unknown.
    known: () => filled('usual', partners.slice(0, 50)),
    unknown: () => filled('unknown', partners),
    count,
  })
  const { platform } = place.request()

  const page = { size: count }
  for (const filter of [
    {},
    { statuses: ['SETTLED' as const] },
    { partnerTags: ['many'] },
    { keyword: { productId: 'tea' }, contractIds: ['contract'] },
    { keyword: { partnerName: 'partner' } },
    { keyword: { partnerSettlementId: 'PST' } },
  ])
    counts(`a list: ${JSON.stringify(filter)}`, async (reader) => {
      const found = await listTransfers(reader, platform, { page, filter })
      assert.equal('page' in found && found.transferSummaries.length, count)
    })
  counts('a list of settlements', async (reader) => {
    const found = await listSettlements(reader, platform, { page, filter: { partnerTags: ['many'] } })
    assert.equal('page' in found && found.items.length, count)
  })
  counts('the versions that apply', async (reader) => {
    assert.equal((await findEffective(reader, platform, 'PARTNER', partners, today)).size, count)
  })
  counts('what a registration names', async (reader) => {
    const all = partners.map((partnerId) => ({ partnerId, additionalFeePolicyIds: [], discountSharePolicyIds: [] }))
    const read = await Promise.all(all.map((wanted) => readSurroundings(reader, platform, wanted)))
    assert.ok(read.every(({ find }, index) => find('PARTNER', partners[index] ?? '') && find('CONTRACT', 'contract')))
  })
  counts('dating transfers anew', async (reader) => {
    await sql`
      update platform_transfers set status = 'SCHEDULED', partner_settlement_id = null where merchant_id = 'unknown'`
    assert.equal(await redateScheduled(reader, 'unknown'), count)
  })
  counts('starting orders', async (reader) => {
    const orders = await sql<OrderTransfer[]>`
      select ${transferColumns(sql)} from platform_transfers t where merchant_id = 'unknown' order by transfer_id`
    const groups = orders.map((order) => ({
      order,
      transfers: [{ ...order, status: 'IN_PROCESS' as const, memo: null }],
    }))
    await sql`
      update platform_transfers set version = version + 1 where merchant_id = 'unknown' and partner_id = 'partner-7'`
    await writeStarted(reader, platform, groups, today)
    const left = await sql`
      select partner_id from platform_transfers where merchant_id = 'unknown' and status = 'SCHEDULED'`
    assert.deepEqual([...left], [{ partner_id: 'partner-7' }])
  })
  counts('starting cancellations', async (reader) => {
    await sql`update platform_transfers set status = 'IN_PROCESS' where merchant_id = 'unknown' and status = 'SCHEDULED'`
    await sql`
      insert into platform_transfers (merchant_id, is_for_test, transfer_id, store_id, type, status, partner_id, partner_version,
        contract_id, contract_version, setting_version, currency, settlement_start_date, settlement_date, payment_type,
        payment_store_id, payment_id, original_transfer_id, cancellation_id, settlement, settlement_tax_free, created_at)
      select merchant_id, is_for_test, 'cancel-' || transfer_id, store_id, 'ORDER_CANCEL', 'SCHEDULED', partner_id, 1,
        contract_id, 1, 1, currency, settlement_start_date, settlement_date, payment_type, payment_store_id, payment_id,
        transfer_id, 'cancellation', 0, 0, created_at
      from platform_transfers where merchant_id = 'unknown'`
    await startDue(reader, place.request(), today, (_, error) => assert.fail(String(error)))
    const left = await sql`select from platform_transfers where merchant_id = 'unknown' and status = 'SCHEDULED'`
    assert.equal(left.length, 0)
  })
  counts('approving partners', async (reader) => {
    const decided = await decidePartners(reader, place.request(), { partnerIds: partners, status: 'REJECTED' })
    assert.deepEqual(decided, { changed: count })
  })
  counts('a change of all partners', async (reader) => {
    const parts = { sql: reader, lookUpsOf: lookUpsWith(place.bank) }
    const change = { update: { memo: 'changed' }, appliedAt: new Date(place.clock.now + day).toISOString() }
    assert.deepEqual(await schedulePartners(parts, place.request(), change), {})
  })

  /** A merchant with these partners, each of whom has a settled order. */
  async function filled(name: string, ids: readonly string[]): Promise<Market> {
    const place = await market(sql, name)
    const cycle = { lagDays: 10, datePolicy: 'CALENDAR_DAY', method: { type: 'DAILY' } }
    const contract = { name: 'Contract', platformFee: { type: 'FIXED_RATE', rate: 0 }, settlementCycle: cycle }
    const content = { ...contract, platformFeeVatPayer: 'PARTNER', subtractPaymentVatAmount: false }
    await sql`
      with entity as (
        insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at)
        values (${name}, false, 'CONTRACT', 'contract', 1, ${sql.json(content)}, '2026-01-01', '2026-01-01') returning *
      )
      insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
      select merchant_id, is_for_test, kind, id, version, content, applied_at from entity`
    for (const partner of ids) {
      await place.partner(partner, { tags: ['many'] })
      await place.transfer({ partner, start: today })
    }
    await place.settle()
    await sql`
      update platform_transfers set detail = ${sql.json({ payment: { type: 'EXTERNAL', id: 'payment', currency: 'KRW' } })}
      where merchant_id = ${name}`
    await sql`
      insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
      select merchant_id, is_for_test, 'product:tea', created_at, transfer_id from platform_transfers
      where merchant_id = ${name}`
    return place
  }
})
