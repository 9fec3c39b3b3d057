import type { RemitAdminBalanceBody } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { noteDue } from '../../workers/due-work.ts'
import { type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { type Ordering, spendFrom } from './order.ts'

export type Remittance = Omit<RemitAdminBalanceBody, 'secondFactor'> & {
  readonly account: Ordering['account']
  /** Who let the money go. */
  readonly actor: string
}

/**
 * Orders a withdrawal that pays no partner. It goes the way of payouts' withdrawals from here. Returns its id; `undefined`
 * where somebody else ordered from the account since its balance was read: then nothing was ordered.
 */
export const orderRemittance = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  { account, actor, bank, accountNumber, accountHolder, amount, withdrawalMemo, depositMemo }: Remittance,
): Promise<string | undefined> => {
  const id = sortablePlatformId('act')
  const [ordered] = await sql`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_account_transfers', at: now }])}),
    spending as (${spendFrom(sql, platform, account)})
    insert into platform_account_transfers (merchant_id, is_for_test, account_transfer_id, store_id, bank_account_id, type,
      withdrawal_type, status, status_updated_at, currency, amount, deposit_bank, deposit_account_number,
      deposit_account_holder, withdrawal_memo, deposit_memo, document_id, created_at, updated_at, due_at)
    select ${platform.merchantId}, ${platform.isForTest}, ${id}, ${platform.store.storeId}, ${account.bankAccountId}, 'WITHDRAWAL',
      'REMIT', 'PREPARED', ${now}::timestamptz, 'KRW', ${amount}, ${bank}, ${accountNumber}, ${accountHolder},
      ${withdrawalMemo ?? null}, ${depositMemo ?? null}, ${actor}, ${now}::timestamptz, ${now}::timestamptz,
      ${now}::timestamptz
    from spending returning account_transfer_id`
  return ordered === undefined ? undefined : id
}
