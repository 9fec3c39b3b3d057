import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { PayoutBank } from '../../gateways/port/payout.ts'
import type { StoreClock } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { shownTotal } from '../sums.ts'
import { ensureMockAccount } from './bank-account.ts'
import { soleSettlement } from './net.ts'
import { orderableStatuses, unpaidStatuses } from './status.ts'

export type Balance = {
  readonly bankAccountId: string
  readonly balance: Amount
  /** Scheduled, queued, or at a bank that has not said what became of it. */
  readonly ordered: Amount
  /** Settled in won and not ordered yet, as `owedTo` says. */
  readonly owed: Amount
  /** How many orders were made to the account before it was read. */
  readonly orders: number
}

/** What is in a platform's account and what will be taken of it; `undefined` where the bank does not say. */
export const readBalance = async (
  sql: Sql,
  platform: Platform,
  bank: PayoutBank,
  clock: StoreClock,
): Promise<Balance | undefined> => {
  const account = await ensureMockAccount(sql, platform)
  // Before the bank is asked: what it is told meanwhile counts twice rather than not at all.
  const [row] = await sql<[{ orders: number; ordered: Amount; owed: Amount }]>`
    select
      (select orders from platform_bank_accounts
       where ${ofPlatform(sql, platform)} and bank_account_id = ${account.id}) as orders,
      (select ${shownTotal(sql, sql`sum(amount)`)} from platform_account_transfers
       where ${ofPlatform(sql, platform)} and status in ('PREPARED', 'SCHEDULED', 'PROCESSING')) as ordered,
      (select ${shownTotal(sql, sql`sum(owed)`)} from (${owedTo(sql, platform)}) each_of_them) as owed`
  const answer = await bank.balance({ merchantId: platform.merchantId, account, clock })
  if (answer.kind !== 'succeeded') return undefined
  return { bankAccountId: account.id, balance: answer.value.amount, ...row }
}

/**
 * What each partner waits for. A payout that is not ordered counts with what it will take from the account, whether it was stopped
 * or has failed: its VAT is added and its income tax withheld already. A settlement in no payout counts as it is, because only
 * generating decides on its taxes. Who owes more than it is owed pays nothing into the account, so that its debt makes what the
 * others wait for no smaller. Nor does it make a payout smaller that exists, or that pays one settlement alone. What is left out
 * for good is not owed.
 */
const owedTo = (sql: Sql, platform: Platform): Fragment => sql`
  select greatest(0, sum(case when type = 'ORDER_CANCEL' then -settlement else settlement end)) as owed
  from platform_partner_settlements s
  where ${ofPlatform(sql, platform)} and currency = 'KRW' and status = any(${[...unpaidStatuses]}::text[])
  group by partner_id, ${soleSettlement(sql)}
  union all
  select amount from platform_payouts
  where ${ofPlatform(sql, platform)} and currency = 'KRW' and status = any(${[...orderableStatuses]}::text[])`
