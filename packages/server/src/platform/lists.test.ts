import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Sql } from '../db/connect.ts'
import { generatePayouts } from './payouts/generate.ts'
import { listPayouts } from './payouts/list.ts'
import { listAccountTransfers } from './payouts/list-account-transfers.ts'
import { orderPayouts } from './payouts/order.ts'
import { prepareBulkPayout } from './payouts/prepare.ts'
import { listSettlements } from './settlements/list.ts'
import { market, today } from './testing/market.ts'
import { countingRows } from './testing/rows-handled.ts'
import { listTransfers } from './transfers/list.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

/** So many of each there are, of which a page must not read a good part, whatever the filter. */
const count = 30_000

describe('a page of a long list reads no more than it shows and counts', async () => {
  const place = await market(sql, 'lists')
  const { platform } = place.request()
  await fill()
  const counting = countingRows(database.url)
  after(() => counting[Symbol.asyncDispose]())

  const reads = (
    what: string,
    list: (sql: Sql) => Promise<{ page: { totalCount: number } } | object>,
    expected: number,
  ) =>
    test(what, async () => {
      const found: object[] = []
      const handled = await counting.handledBy(async (reader) => found.push(await list(reader)))
      assert.deepEqual(
        found.map((one) => 'page' in one && one.page),
        [{ number: 0, size: 10, totalCount: expected }],
        JSON.stringify(found),
      )
      assert.ok(handled < count / 2, `${handled} of ${count} rows`)
    })

  const many = 1_010
  const range = { from: '2026-03-02T00:00:00Z', until: '2026-03-03T00:00:00Z' }
  const days = { from: '2026-03-03', until: '2026-03-04' }
  reads('payouts', (reader) => listPayouts(reader, platform, {}), many)
  for (const [filter, expected] of [
    [{ criteria: {}, statuses: ['FAILED', 'STOPPED'] }, 10],
    [{ criteria: { timestampRange: range }, statuses: ['FAILED'] }, 10],
    [{ criteria: { timestampRange: range }, partnerIds: ['partner-17', 'partner-18'] }, 60],
    [{ criteria: { timestampRange: range }, partnerIds: ['partner-0'], statuses: ['FAILED'] }, 10],
  ] as const)
    reads(
      `payouts ${JSON.stringify(filter)}`,
      (reader) => listPayouts(reader, platform, { filter: mutable(filter) }),
      expected,
    )
  reads('movements', (reader) => listAccountTransfers(reader, platform, {}), many)
  reads(
    'movements that failed',
    (reader) => listAccountTransfers(reader, platform, { filter: { statuses: ['FAILED'] } }),
    10,
  )
  for (const [filter, expected] of [
    [{ statuses: ['PAYOUT_FAILED', 'PAYOUT_WITHHELD'] }, 10],
    [{ settlementDates: [days.from, days.until] }, many],
    [{ settlementDates: [days.from], statuses: ['PAYOUT_FAILED'] }, 0],
    [{ partnerIds: ['partner-7'], settlementDates: [days.from, days.until] }, 8],
  ] as const)
    reads(
      `settlements ${JSON.stringify(filter)}`,
      (reader) => listSettlements(reader, platform, { filter: mutable(filter) }),
      expected,
    )
  for (const [filter, expected] of [
    [{ keyword: { partnerId: 'busy' }, settlementDateRange: days }, many],
    [{ keyword: { partnerId: 'busy' }, settlementDateRange: days, statuses: ['IN_PROCESS'] }, many],
    [{ keyword: { partnerId: 'none' }, settlementDateRange: { from: '2001-01-01', until: '2090-01-01' } }, 0],
    [{ statuses: ['PAID_OUT'], settlementDateRange: { from: '2026-03-20', until: '2090-01-01' } }, 0],
  ] as const)
    reads(
      `transfers ${JSON.stringify(filter)}`,
      (reader) => listTransfers(reader, platform, { filter: mutable(filter) }),
      expected,
    )

  /** A filter as the compiler wants it. */
  function mutable<Value>(value: Value): Mutable<Value> {
    return structuredClone(value) as Mutable<Value>
  }

  async function fill(): Promise<void> {
    await place.partner('one')
    await place.partner('busy')
    await place.transfer({ partner: 'one', type: 'MANUAL' })
    await place.settle()
    const bulk = { bulkPayoutId: 'run', actor: 'test' }
    await prepareBulkPayout(sql, place.request(), { ...bulk, name: 'run', settlementDates: [today] })
    await generatePayouts(sql, place.request(), 'run', 'test')
    await sql`
      insert into platform_bank_accounts (merchant_id, is_for_test, bank_account_id, adapter, provider, bank, account_number,
        currency, created_at)
      values ('lists', false, 'account', 'sandbox', 'MOCK', 'KOOKMIN', '1', 'KRW', now())`
    await orderPayouts(sql, place.request(), {
      ...bulk,
      move: 'execute',
      account: { bankAccountId: 'account', orders: 0 },
    })
    const at = "created_at + n * interval '1 second'"
    const partner = "case when n <= 10 then 'partner-0' else 'partner-' || n % 1000 end"
    const is = (rare: string, usual: string) => `case when n <= 10 then '${rare}' else '${usual}' end`
    const payout = { payout_id: "'po-' || n", bulk_payout_id: "'bulk-' || n", created_at: at, partner_id: partner }
    await copy('platform_payouts', { ...payout, status: is('FAILED', 'SUCCEEDED') })
    const movement = { account_transfer_id: "'act-' || n", payout_id: "'po-' || n", due_at: 'null', created_at: at }
    await copy('platform_account_transfers', { ...movement, status: is('FAILED', 'SUCCEEDED') })
    const settlement = {
      partner_settlement_id: "'pst-' || n",
      created_at: at,
      partner_id: partner,
      payout_id: "'po-' || n",
    }
    const date = "to_char(date '2026-03-02' + n / 1000 % 8, 'YYYY-MM-DD')"
    await copy('platform_partner_settlements', {
      ...{ ...settlement, settlement_date: date },
      status: is('PAYOUT_FAILED', 'PAID_OUT'),
    })
    await sql`
      insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
      select merchant_id, is_for_test, kind, 'partner-' || n, version, content, applied_at
      from platform_versions, generate_series(0, 999) as n where merchant_id = 'lists' and id = 'one'`
    await sql`
      insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at,
        connection_status)
      select merchant_id, is_for_test, kind, 'partner-' || n, version, content, applied_at, created_at, connection_status
      from platform_entities, generate_series(0, 999) as n where merchant_id = 'lists' and id = 'one'`
    const [paid] = await sql<{ id: string }[]>`
      select transfer_id as id from platform_transfers where merchant_id = 'lists'`
    await copy(
      'platform_transfers',
      {
        ...{ transfer_id: "'trs-' || n", partner_id: "'busy'", created_at: at, partner_settlement_id: 'null' },
        ...{ status: "'IN_PROCESS'", settlement_date: date },
      },
      `transfer_id = '${paid?.id}'`,
    )
    await sql`
      insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
      select distinct merchant_id, is_for_test, store_id, settlement_date, now() from platform_transfers
      where merchant_id = 'lists'`
    await sql`vacuum analyze`
  }

  /** As many copies of the one row that a table has, with other values in some columns. */
  async function copy(table: string, changed: Readonly<Record<string, string>>, which = 'true'): Promise<void> {
    const columns = await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns where table_name = ${table} and is_generated = 'NEVER'`
    const names = columns.map(({ name }) => name)
    await sql.unsafe(`
      insert into ${table} (${names.join(', ')})
      select ${names.map((name) => changed[name] ?? name).join(', ')} from ${table}, generate_series(1, ${count}) as n
      where ${which}`)
  }
})

type Mutable<Value> = Value extends string | number | boolean
  ? Value
  : Value extends readonly (infer Item)[]
    ? Mutable<Item>[]
    : { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
