import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { partitionsOf } from '../../../test/support/partitions.ts'
import { market } from '../testing/market.ts'
import { generatePayouts } from './generate.ts'
import { stalePayouts } from './give-up.ts'
import { prepareBulkPayout } from './prepare.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const payouts = 500

test('failed payouts are looked up by their settlements, however many payouts there are and whatever the statistics say', async () => {
  // Nobody counts the rows: PostgreSQL takes these tables for empty, as it does in the first minutes of a large run.
  for (const table of ['platform_partner_settlements', 'platform_payouts'])
    for (const stored of await partitionsOf(sql, table))
      await sql`alter table ${sql(stored)} set (autovacuum_enabled = off)`
  const place = await market(sql, 'stale')
  await place.partner('one')
  await place.transfer({ partner: 'one' })
  await place.settle()
  await prepareBulkPayout(sql, place.request(), {
    bulkPayoutId: 'run',
    name: 'run',
    settlementDates: ['2026-03-02'],
    actor: 'test',
  })
  await generatePayouts(sql, place.request(), 'run', 'test')
  await copy('platform_payouts', { payout_id: "'po-' || n", partner_id: "'partner-' || n" })
  await copy('platform_partner_settlements', { partner_settlement_id: "'pst-' || n", payout_id: "'po-' || n" })

  const ids = Array.from({ length: payouts }, (_, index) => `pst-${index + 1}`)
  const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number } }] }]>`
    explain (analyze, buffers, format json) with ${stalePayouts(sql, place.request().platform, ids)} select from stale`
  const read = row['QUERY PLAN'][0].Plan['Shared Hit Blocks']
  assert.ok(read < 10 * payouts, `read ${read} pages for ${payouts} settlements`)
})

/** Copies the one row that a table has, with other values in some columns. */
const copy = async (table: string, changed: Readonly<Record<string, string>>): Promise<void> => {
  const columns = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_name = ${table} and is_generated = 'NEVER'`
  const names = columns.map(({ name }) => name)
  await sql.unsafe(`
    insert into ${table} (${names.join(', ')})
    select ${names.map((name) => changed[name] ?? name).join(', ')} from ${table}, generate_series(1, ${payouts}) as n`)
}
