import type { Sql } from '../../db/connect.ts'
import type { OwnAccount, PayoutBank } from '../../gateways/port/payout.ts'
import { realTime } from '../../kernel/clock.ts'
import type { Platform } from '../platform.ts'

/** The bank that a platform pays through, and its account there; `undefined` where it has none. */
export type BankOf = (platform: Platform) => PayoutBank | undefined

/**
 * The test platform pays through the sandbox bank, and so does everything of a sandbox store: nothing real is moved there.
 * A live store has no bank until there is an adapter for one; what is paid elsewhere is recorded with complete-payout.
 */
export const sandboxBankOf =
  (bank: PayoutBank): BankOf =>
  ({ isForTest, store }) =>
    isForTest || store.mode === 'SANDBOX' ? bank : undefined

/** The mock account of a platform. Its row is there for lists, which show each movement's account. */
export const ensureMockAccount = async (sql: Sql, { merchantId, isForTest, store }: Platform): Promise<OwnAccount> => {
  const account: OwnAccount = {
    id: isForTest ? 'mock-test' : 'mock-live',
    bank: 'KOOKMIN',
    number: '00000000000000',
    holder: store.name,
    isForTest,
  }
  await sql`
    insert into platform_bank_accounts (merchant_id, is_for_test, bank_account_id, adapter, provider, bank, account_number,
      holder, currency, created_at)
    values (${merchantId}, ${isForTest}, ${account.id}, 'sandbox', 'MOCK', ${account.bank}, ${account.number},
      ${account.holder}, 'KRW', ${realTime()})
    on conflict do nothing`
  return account
}
