import type { Sql } from '../db/connect.ts'

/**
 * Forgets everything that happened in a sandbox store and sets its clock to real time, in one transaction: a test that
 * reads meanwhile sees all of it or nothing.
 */
export const resetStore = async (sql: Sql, storeId: string): Promise<void> => {
  await sql.begin(async (transaction) => {
    const [store] = await transaction`
      update stores set clock_offset = 0, clock_stopped_at = null, clock_target = null, clock_lease_until = null,
        follows_scripts = false
      where store_id = ${storeId} and mode = 'SANDBOX' returning 1`
    if (!store) throw new Error(`store ${storeId} is not a sandbox store`)
    for (const table of tables) await transaction`delete from ${transaction(table)} where store_id = ${storeId}`
  })
}

/** In the order their foreign keys allow. */
const tables = [
  'webhooks',
  'sandbox_script_calls',
  'sandbox_scripts',
  'sandbox_notifications',
  'sandbox_cancellations',
  'sandbox_fulfilments',
  'sandbox_authentications',
  'sandbox_billing_authorizations',
  'sandbox_transactions',
  'payment_schedules',
  'billing_keys',
  'sandbox_billing_keys',
  'payments',
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
