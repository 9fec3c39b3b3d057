import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { PlatformTransferFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { createTestDatabase } from '../../../test/support/database.ts'
import { emptyParts, wholeOfParts } from '../../../test/support/partitions.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { market } from '../testing/market.ts'
import { daysBeforeEntries } from './days-first.ts'
import { countKeys, matching, type TransferQuery } from './keys.ts'
import { selectPage } from './list.ts'
import { transferOrder } from './order.ts'
import { ofFewSettlements } from './rare-status.ts'
import { transferSearch } from './search.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

/** Lists depend on these: one that reads all transfers, or sorts them, takes longer the more there are. */
describe('a list of many transfers reads along the index', async () => {
  const place = await market(sql, 'plans')
  const { platform } = place.request()
  await fill()

  const range = { from: '2026-03-10', until: '2026-03-12' }
  const expected: readonly (readonly [PlatformTransferFilterInput, string])[] = [
    [{}, 'platform_transfers_by_creation'],
    [{ settlementDateRange: range }, 'platform_transfers_by_settlement_date'],
    [{ settlementStartDateRange: range }, 'platform_transfers_by_start_date'],
    [{ partnerTags: ['tenth'] }, 'platform_transfers_of_a_partner'],
    [{ contractIds: ['contract-1', 'contract-2'] }, 'platform_transfers_of_a_contract'],
    [{ discountSharePolicyIds: ['share-1'] }, 'platform_transfer_entries_pkey'],
    [{ additionalFeePolicyIds: ['fee-0', 'fee-1'] }, 'platform_transfer_entries_pkey'],
    [{ paymentMethodTypes: ['CARD', 'EASY_PAY'] }, 'platform_transfers_of_a_payment_method'],
    [{ channelKeys: ['channel-1'] }, 'platform_transfers_of_a_channel'],
    [{ types: ['ORDER', 'MANUAL'] }, 'platform_transfers_by_type'],
    [{ statuses: ['SCHEDULED'] }, 'platform_transfers_scheduled'],
    [{ statuses: ['SCHEDULED', 'IN_PROCESS'] }, 'platform_transfers_by_settlement_date'],
    [{ statuses: ['IN_PROCESS', 'SETTLED'] }, 'platform_transfers_started'],
    [{ statuses: ['PAID_OUT'] }, 'platform_transfers_started'],
    [{ userDefinedProperty: { key: 'shop', value: '7' } }, 'platform_transfer_entries_pkey'],
    [{ keyword: { all: 'memo' } }, 'platform_transfers_by_creation'],
    [{ keyword: { paymentId: 'payment-7' } }, 'platform_transfers_of_a_payment'],
    [{ keyword: { transferId: 'many-7' } }, 'platform_transfers_pkey'],
    [{ keyword: { transferMemo: 'memo' } }, 'platform_transfers_with_a_memo'],
    [{ keyword: { productId: 'product-7' } }, 'platform_transfer_entries_pkey'],
    [{ keyword: { productName: 'Tea' } }, 'platform_transfer_entries_pkey'],
    [{ keyword: { partnerId: 'partner-7' } }, 'platform_transfers_of_a_partner'],
    [{ keyword: { partnerName: '7' } }, 'platform_transfers_of_a_partner'],
    [{ keyword: { partnerMemo: '7' } }, 'platform_transfers_of_a_partner'],
    [{ keyword: { partnerSettlementId: 'pst-1' } }, 'platform_transfers_by_day_and_partner'],
    [{ keyword: { payoutId: 'payout-1' } }, 'platform_transfers_by_day_and_partner'],
    [{ keyword: { partnerId: 'partner-7' }, statuses: ['IN_PROCESS'] }, 'platform_transfers_by_day_and_partner'],
    [{ keyword: { partnerId: 'partner-7' }, statuses: ['PAID_OUT'] }, 'platform_transfers_by_day_and_partner'],
  ]

  for (const [filter, index] of expected)
    test(`${index.replace('platform_transfers_', '')}: ${JSON.stringify(filter)}`, async () => {
      const search = transferSearch(sql, platform, filter)
      assert.ok(!(search instanceof Refusal))
      const query: TransferQuery = { platform, search, order: transferOrder(sql, filter) }
      for (const statement of [selectPage(sql, query, { number: 2, size: 10 }), countKeys(sql, query, 1_000)]) {
        const scans = await scansOf(statement)
        assert.ok(
          scans.some((scan) => scan.index === index),
          JSON.stringify(scans),
        )
        const whole = scans.filter(({ type }) => type === 'Seq Scan' || type.startsWith('Bitmap'))
        assert.deepEqual(whole, [], 'reads a table in no order')
      }
    })

  test('a date of another century does not make every list by status go through all days since', async () => {
    await place.transfer({ partner: 'partner-1', date: '0001-01-01', start: '0001-01-01' })
    assert.equal(await place.settle('0001-01-01'), 1)
    const search = transferSearch(sql, platform, { statuses: ['SETTLED'] })
    assert.ok(!(search instanceof Refusal))
    const query: TransferQuery = { platform, search, order: transferOrder(sql) }
    const [{ count }] = await sql<[{ count: number }]>`${countKeys(sql, query, 100_000)}`
    const settled = (await place.transferStatuses()).filter((status) => status === 'SETTLED')
    assert.equal(count, settled.length)
    const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`
      explain (analyze, format json) ${countKeys(sql, query, 1_000)}`
    const rows = nodesOf(row['QUERY PLAN'][0].Plan).map(
      (node) => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0),
    )
    assert.ok(Math.max(...rows) < 100_000, `a step of the plan made ${Math.max(...rows)} rows of twenty days`)
  })

  test('what is rare is found without reading what is not, and all of it is found', async () => {
    const [{ partner }] = await sql<[{ partner: string }]>`
      update platform_partner_settlements set status = 'PAID_OUT', is_open = false, payout_id = 'payout', bulk_payout_id = 'run' where partner_settlement_id = (
        select min(partner_settlement_id) from platform_partner_settlements
      ) returning partner_id as partner`
    const statuses = ['PAID_OUT', 'IN_PAYOUT'] as const
    for (const filter of [
      { statuses: [...statuses] },
      { statuses: [...statuses], contractIds: ['contract-0', 'contract-1', 'contract-2', 'contract-3', 'contract-4'] },
      { statuses: [...statuses], channelKeys: ['channel-1'], partnerTags: ['tenth'] },
      { statuses: [...statuses], keyword: { partnerId: partner } },
      { statuses: [...statuses], keyword: { partnerName: 'partner' } },
      { statuses: [...statuses], keyword: { all: 'memo' } },
      { statuses: ['IN_PROCESS' as const], keyword: { partnerId: partner } },
      { statuses: ['SCHEDULED' as const, 'PAID_OUT' as const], keyword: { partnerId: partner } },
    ]) {
      const search = transferSearch(sql, platform, filter, await ofFewSettlements(sql, platform, filter))
      const plain = transferSearch(sql, platform, filter)
      assert.ok(!(search instanceof Refusal) && !(plain instanceof Refusal))
      const query: TransferQuery = { platform, search, order: transferOrder(sql) }
      const found = await sql<{ transferId: string }[]>`${selectPage(sql, query, { number: 0, size: 10_000 })}`
      const all = await sql<{ transferId: string }[]>`
        select transfer_id as "transferId" from platform_transfers t where ${matching(sql, platform, plain)}
        order by created_at desc, transfer_id desc`
      const ids = (rows: readonly { transferId: string }[]) => rows.map(({ transferId }) => transferId)
      assert.deepEqual(ids(found), ids(all), JSON.stringify(filter))
      const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`
        explain (analyze, format json) ${countKeys(sql, query, 1_000)}`
      const read = nodesOf(row['QUERY PLAN'][0].Plan)
        .filter((node) => node['Relation Name']?.startsWith('platform_transfers') && !('all' in (filter.keyword ?? {})))
        .reduce((sum, node) => sum + (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0), 0)
      assert.ok(read <= 1_000, `${JSON.stringify(filter)} read ${read} transfers`)
    }
  })

  test('of hundreds of settlements each is looked at once, and only the first ones for more', async () => {
    const [size, most] = [10, 1_000]
    for (const keyword of [{ partnerSettlementId: 'pst' }, { partnerName: 'partner' }]) {
      const search = transferSearch(sql, platform, { keyword })
      assert.ok(!(search instanceof Refusal))
      const query: TransferQuery = { platform, search, order: transferOrder(sql) }
      const page = await readsTransfers(selectPage(sql, query, { number: 0, size }))
      assert.ok(page <= most + size * size + size, `the page of ${JSON.stringify(keyword)} read ${page} transfers`)
      const counted = await readsTransfers(countKeys(sql, query, most))
      assert.ok(counted <= most + size * size, `the count of ${JSON.stringify(keyword)} read ${counted} transfers`)
      const found = await sql<{ transferId: string }[]>`${selectPage(sql, query, { number: 3, size })}`
      const all = await sql<{ transferId: string }[]>`
        select transfer_id as "transferId" from platform_transfers t where ${matching(sql, platform, search)}
        order by created_at desc, transfer_id desc limit ${size} offset ${3 * size}`
      assert.deepEqual(
        found.map(({ transferId }) => transferId),
        all.map(({ transferId }) => transferId),
      )
    }
  })

  test('what many transfers have is met along the days, and what few have is looked up', async () => {
    const fee = ['fee-1']
    for (const filter of [
      { additionalFeePolicyIds: fee, settlementDateRange: range },
      { additionalFeePolicyIds: ['fee-0', 'fee-1'], settlementDateRange: range },
      { additionalFeePolicyIds: fee, settlementStartDateRange: range, channelKeys: ['channel-1'] },
      { additionalFeePolicyIds: fee, settlementDateRange: { from: '2026-05-01', until: '2026-05-02' } },
      { keyword: { productId: 'product-7' }, additionalFeePolicyIds: fee, settlementDateRange: range },
      { keyword: { productId: 'product-none' }, settlementDateRange: range },
    ]) {
      const search = transferSearch(sql, platform, filter)
      assert.ok(!(search instanceof Refusal))
      const order = transferOrder(sql, filter)
      const areDaysFirst = await daysBeforeEntries(sql, platform, search, order)
      assert.ok(areDaysFirst)
      const query: TransferQuery = { platform, search, order, areDaysFirst }
      const all = await sql<{ transferId: string }[]>`
        select transfer_id as "transferId" from platform_transfers t where ${matching(sql, platform, search)}
        order by ${order.order}`
      // The last one is longer than what there is.
      for (const page of [
        { number: 0, size: 10 },
        { number: 3, size: 7 },
        { number: 0, size: 3_000 },
      ]) {
        const found = await sql<{ transferId: string }[]>`${selectPage(sql, query, page)}`
        assert.deepEqual(
          found.map(({ transferId }) => transferId),
          all.slice(page.number * page.size, (page.number + 1) * page.size).map(({ transferId }) => transferId),
          JSON.stringify({ filter, page }),
        )
      }
      const [{ count }] = await sql<[{ count: number }]>`${countKeys(sql, query, 400)}`
      assert.equal(count, Math.min(all.length, 400), JSON.stringify(filter))
    }
  })

  test('a list of days by what half of the transfers have reads few of them', async () => {
    const filter = { additionalFeePolicyIds: ['fee-1'], settlementDateRange: range }
    const search = transferSearch(sql, platform, filter)
    assert.ok(!(search instanceof Refusal))
    const order = transferOrder(sql, filter)
    const areDaysFirst = await daysBeforeEntries(sql, platform, search, order)
    assert.deepEqual([areDaysFirst?.(10), areDaysFirst?.(400)], [true, true])
    const query: TransferQuery = { platform, search, order, ...(areDaysFirst && { areDaysFirst }) }
    const page = await readsTransfers(selectPage(sql, query, { number: 0, size: 10 }))
    assert.ok(page <= 200, `the page read ${page} transfers`)
    const counted = await readsTransfers(countKeys(sql, query, 400))
    assert.ok(counted <= 2_500, `the count read ${counted} transfers`)
  })

  test('a text is looked for in few settlements, however many there are', async () => {
    const search = transferSearch(sql, platform, { keyword: { all: 'memo' } })
    assert.ok(!(search instanceof Refusal))
    const statement = countKeys(sql, { platform, search, order: transferOrder(sql) }, 1_000)
    const rows = await sql<{ 'QUERY PLAN': string }[]>`explain ${statement}`
    const hashed = rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('hashed SubPlan'))
    assert.deepEqual(hashed, [], 'all settlements are read first')
  })

  type Plan = {
    readonly 'Node Type': string
    readonly 'Relation Name'?: string
    readonly 'Index Name'?: string
    readonly 'Actual Rows'?: number
    readonly 'Actual Loops'?: number
    readonly Plans?: readonly Plan[]
  }

  function nodesOf(plan: Plan): readonly Plan[] {
    return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
  }

  /** How many transfers all the scans of a statement found. */
  async function readsTransfers(statement: Fragment): Promise<number> {
    const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`explain (analyze, format json) ${statement}`
    return nodesOf(row['QUERY PLAN'][0].Plan)
      .filter((node) => node['Relation Name']?.startsWith('platform_transfers'))
      .reduce((sum, node) => sum + (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0), 0)
  }

  /** How a statement reads the tables that grow with the transfers. */
  async function scansOf(statement: Fragment) {
    const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`explain (format json) ${statement}`
    const [wholes, empty] = await Promise.all([wholeOfParts(sql), emptyParts(sql)])
    const wholeOf = (name: string | undefined) => wholes.get(name ?? '') ?? name
    return nodesOf(row['QUERY PLAN'][0].Plan)
      .filter((plan) => !empty.has(plan['Relation Name'] ?? ''))
      .map((plan) => ({
        type: plan['Node Type'],
        table: wholeOf(plan['Relation Name']),
        index: wholeOf(plan['Index Name']),
      }))
      .filter(
        ({ type, table, index }) =>
          [table, index].some((name) => name?.startsWith('platform_transfer')) || type.startsWith('Bitmap'),
      )
  }

  async function fill(): Promise<void> {
    for (let partner = 0; partner < 50; partner++)
      await place.partner(`partner-${partner}`, { tags: partner % 10 === 3 ? ['tenth'] : [], memo: `memo ${partner}` })
    await sql`
      insert into platform_transfers (merchant_id, is_for_test, transfer_id, store_id, type, status, partner_id,
        partner_version, contract_id, contract_version, setting_version, currency, settlement_start_date, settlement_date,
        memo, payment_type, payment_store_id, payment_id, payment_method_type, channel_key, order_amount, payment,
        payment_supply, settlement, settlement_tax_free, search, created_at)
      select ${platform.merchantId}, ${platform.isForTest}::boolean, 'many-' || n, ${platform.store.storeId}, 'ORDER',
        case n % 50 when 1 then 'SCHEDULED' else 'IN_PROCESS' end, 'partner-' || n % 50, 1, 'contract-' || n % 5, 1, 1, 'KRW',
        to_char(date '2026-03-01' + n / 7 % 30, 'YYYY-MM-DD'), to_char(date '2026-03-02' + n / 7 % 30, 'YYYY-MM-DD'),
        case n % 3 when 0 then 'memo' end, 'EXTERNAL', ${platform.store.storeId}, 'payment-' || n,
        (array['CARD', 'TRANSFER', 'EASY_PAY'])[1 + n % 3], 'channel-' || n % 4, 10000, 10000, 10000, 8900, 0,
        array['product:product-' || n % 20, 'productName:Tea', 'discount:share-' || n % 3, 'fee:fee-' || n % 2,
          'property:shop=' || n % 20], timestamptz '2026-03-01' + n * interval '1 second'
      from generate_series(1, 20000) as n`
    await sql`
      update platform_transfers set status = 'ASSIGNED',
        partner_settlement_id = concat_ws('-', 'pst', settlement_date, partner_id, contract_id)
      where status = 'IN_PROCESS' and substr(transfer_id, 6)::integer % 4 <> 0`
    await sql`
      insert into platform_settlement_days (merchant_id, is_for_test, store_id, day)
      select distinct merchant_id, is_for_test, store_id, settlement_date from platform_transfers where status = 'ASSIGNED'`
    await sql`
      insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
      select merchant_id, is_for_test, entry, created_at, transfer_id from platform_transfers, unnest(search) as entry`
    await place.settle('2026-03-20')
    await sql`
      insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
      select distinct merchant_id, is_for_test, store_id, settlement_date, timestamptz '2099-01-01'
      from platform_transfers where status <> 'SETTLED'`
    await sql`vacuum analyze`
  }
})
