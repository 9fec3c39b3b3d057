import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/support/database.ts'
import { ensureMockAccount } from '../platform/payouts/bank-account.ts'
import { generatePayouts } from '../platform/payouts/generate.ts'
import { orderPayouts } from '../platform/payouts/order.ts'
import { prepareBulkPayout } from '../platform/payouts/prepare.ts'
import { runWithdrawal } from '../platform/payouts/send.ts'
import { market, today } from '../platform/testing/market.ts'
import { findPayoutFaults } from './payouts.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

test('every planted fault of a payout is found, and nothing else', async () => {
  const place = await market(sql, 'market')
  await place.partner('partner')
  await place.transfer()
  await place.settle()
  const by = { bulkPayoutId: 'run', actor: 'approver' }
  await prepareBulkPayout(sql, place.request(), { ...by, name: 'run', settlementDates: [today] })
  await generatePayouts(sql, place.request(), 'run', 'approver')
  const { id: bankAccountId } = await ensureMockAccount(sql, place.request().platform)
  const account = { bankAccountId, orders: 0 }
  await orderPayouts(sql, place.request(), { ...by, move: 'execute', account })
  const parts = { sql, log: pino({ level: 'silent' }), bankOf: () => place.bank, clockOf: place.clockOf }
  for (const id of await place.due()) await runWithdrawal(parts, place.request().platform, id)
  assert.deepEqual(await findPayoutFaults(sql), [])

  const again = sql`
    insert into sandbox_bank_entries select (jsonb_populate_record(null::sandbox_bank_entries,
      to_jsonb(e) || '{"entry_id": "again"}')).* from sandbox_bank_entries e`
  const refusedOfNobody = sql`
    insert into sandbox_bank_entries select (jsonb_populate_record(null::sandbox_bank_entries,
      to_jsonb(e) || '{"entry_id": "refused", "reference": "unknown", "state": "REFUSED", "bank_code": "NO"}')).*
    from sandbox_bank_entries e`
  const faults = [
    [sql`update platform_payout_events set version = 9 where version = 2`, 'payout-has-a-history'],
    [sql`update platform_payout_events set status = 'STOPPED' where version = 3`, 'payout-has-a-history'],
    [sql`update platform_partner_settlements set settlement = settlement + 1`, 'payout-is-the-sum'],
    [sql`update platform_partner_settlements set status = 'IN_PAYOUT'`, 'payout-is-followed'],
    [sql`update platform_bulk_payouts set ended_count = 0`, 'bulk-payout-is-the-sum'],
    [again, 'paid-out-once'],
    [sql`update sandbox_bank_entries set reference = 'unknown'`, 'paid-out-once'],
    [sql`update sandbox_bank_entries set amount = amount + 1`, 'paid-out-is-at-the-bank'],
    [sql`update sandbox_bank_accounts set balance = balance + 1`, 'bank-adds-up'],
    [sql`delete from sandbox_bank_accounts`, 'bank-adds-up'],
    [sql`delete from sandbox_bank_entries`, 'bank-adds-up'],
    [refusedOfNobody, 'paid-out-once'],
    [sql`delete from platform_account_transfers`, 'payout-is-ordered'],
    [sql`update platform_account_transfers set status = 'FAILED'`, 'payout-is-ordered'],
    [sql`update platform_account_transfers set amount = amount - 1`, 'payout-is-ordered'],
    [sql`delete from platform_payouts`, 'payout-is-ordered'],
    [sql`update platform_bulk_account_transfers set transfer_count = 2`, 'payout-is-ordered'],
    [sql`update platform_bulk_account_transfers set open_count = 1`, 'payout-is-ordered'],
  ] as const
  for (const [fault, rule] of faults) {
    const found = await sql
      .begin(async (transaction) => {
        await transaction`${fault}`
        throw new Planted(await findPayoutFaults(transaction))
      })
      .catch((error: unknown) => (error instanceof Planted ? error.found : Promise.reject(error)))
    assert.ok(
      found.some((one) => one.rule === rule),
      `${rule} was not found`,
    )
  }
})

class Planted extends Error {
  readonly found: Awaited<ReturnType<typeof findPayoutFaults>>
  constructor(found: Planted['found']) {
    super('planted')
    this.found = found
  }
}
