import type { Sql } from '../db/connect.ts'
import { forgetStore } from '../db/kept.ts'
import { once } from '../db/lease.ts'
import { untilNotOvertaken } from '../db/overtaken.ts'
import type { TransactionSql } from '../db/transaction.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Store } from '../merchants/store.ts'
import { clockMoved } from '../workers/due-work.ts'

/**
 * Forgets everything that happened in a sandbox store and sets its clock to real time, in one transaction: a test that
 * reads meanwhile sees all of it or nothing. What is under way belongs to another epoch and writes nothing any more; answers kept
 * for retries are forgotten, except that of the request to reset, which `requestKey` names.
 *
 * With the representative store partner settlement is forgotten as well, where the credential is the merchant's: it belongs
 * to the merchant, and a secret of a single store has no access to it. The live platform of a merchant that has a live store
 * stays in any case.
 */
export const resetStore = async (
  sql: Sql,
  { merchantId, storeId }: Pick<Store, 'merchantId' | 'storeId'>,
  { requestKey, scope }: { readonly requestKey: string | undefined; readonly scope: Principal['scope'] },
): Promise<void> => {
  const reset = (sql: Sql) =>
    sql.begin(async (transaction) => {
      // Waits for writers under way and blocks new ones; see `writeAll`.
      await transaction`select from stores where store_id = ${storeId} for update`
      const [store] = await transaction<{ isRepresentative: boolean }[]>`
      update stores set clock_offset = 0, clock_stopped_at = null, clock_target = null, clock_lease_until = null,
        clock_leased_by = null, follows_scripts = false, epoch = epoch + 1
      where store_id = ${storeId} and mode = 'SANDBOX' returning is_representative as "isRepresentative"`
      if (!store) throw new Error(`store ${storeId} is not a sandbox store`)
      for (const table of tables) await transaction`delete from ${transaction(table)} where store_id = ${storeId}`
      // Not the reset's own key: a retry must not forget what was done since.
      await transaction`
      delete from idempotency_keys
      where merchant_id = ${merchantId} and store_id = ${storeId} and request_key <> ${requestKey ?? ''}`
      if (store.isRepresentative && scope === 'MERCHANT') await forgetPlatforms(transaction, merchantId)
      // Last, as whoever writes what falls due notes it last.
      await transaction`with ${clockMoved(transaction, storeId)} select`
    })
  // A retry may arrive after the reset. What was done since must stay.
  await once(sql, 'store reset', (sql) => untilNotOvertaken(`the reset of ${storeId}`, () => reset(sql)))
  forgetStore(sql, storeId)
}

const forgetPlatforms = async (sql: TransactionSql, merchantId: string): Promise<void> => {
  const [live] = await sql`select from stores where merchant_id = ${merchantId} and mode = 'LIVE' limit 1`
  const which = live ? sql`and is_for_test` : sql``
  for (const table of platformTables) await sql`delete from ${sql(table)} where merchant_id = ${merchantId} ${which}`
}

/**
 * In the order their foreign keys allow. All that have a store_id, except its configuration and `due_work`, whose notes may be of
 * the merchant's platform: a test holds them together.
 */
export const tables = [
  'webhooks',
  'checkout_attempts',
  'payment_sessions',
  'sandbox_script_calls',
  'sandbox_scripts',
  'sandbox_notifications',
  'sandbox_cancellations',
  'sandbox_fulfilments',
  'sandbox_windows',
  'sandbox_codes',
  'sandbox_authentications',
  'sandbox_billing_authorizations',
  'sandbox_transactions',
  'payment_schedules',
  'billing_keys',
  'sandbox_billing_keys',
  'payments',
  'payments_under_way',
  'cash_receipts',
  'cash_receipt_identities',
  'sandbox_cash_receipts',
  'reconciliation_rows',
  'reconciliation_files',
  'identity_verifications',
  'sandbox_identities',
  'promotion_usages',
  'promotions',
  'journal',
] as const

/**
 * Partner settlement is the merchant's, and starts afresh with its representative store. Stays what an operator has set up:
 * bank accounts, who may let payouts go, and the corrected calendar.
 *
 * In the order in which statements take their rows: the other way round each of them could wait for a reset that waits for it.
 */
const platformTables = [
  'platform_entities',
  'platform_versions',
  'platform_settlement_days',
  'platform_payments',
  'platform_cancellations',
  'platform_transfers',
  'platform_transfer_entries',
  'platform_partner_settlements',
  'platform_bulk_payouts',
  'platform_payouts',
  'platform_payout_events',
  'platform_bulk_account_transfers',
  'platform_account_transfers',
  'platform_bulk_tasks',
  'platform_verifications',
  'platform_days',
  'sandbox_bank_entries',
  'sandbox_bank_accounts',
] as const
