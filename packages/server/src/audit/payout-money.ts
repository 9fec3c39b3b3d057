import type { PlatformAccountTransferStatus, PlatformPayoutStatus } from '@naru/contract'
import type { Queryable } from '../db/connect.ts'
import { openingBalance } from '../gateways/sandbox/books/bank.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'
import { type Found, findings } from './found.ts'

const findForgottenWithdrawals = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'undecided-is-due',
    await sql<Found[]>`
      select store_id as "storeId", account_transfer_id as id, 'is ' || status || ', and nobody will look at it' as what
      from platform_account_transfers
      where status in ('PREPARED', 'SCHEDULED', 'PROCESSING', 'ASYNC_PROCESSING') and due_at is null order by 1, 2`,
  )

/** What the latest account transfer of a payout is while the payout is this. */
const transferStatuses = {
  CONFIRMED: ['CANCELLED'],
  SCHEDULED: ['SCHEDULED'],
  PREPARED: ['PREPARED'],
  PROCESSING: ['PROCESSING', 'ASYNC_PROCESSING'],
  STOPPED: ['STOPPED'],
  SUCCEEDED: ['SUCCEEDED'],
  FAILED: ['FAILED'],
  CANCELLED: ['CANCELLED', 'FAILED', 'STOPPED'],
} as const satisfies Readonly<Record<PlatformPayoutStatus, readonly PlatformAccountTransferStatus[]>>

/** A payout counts its orders, each of which is an account transfer; one that was paid elsewhere has none. */
const findWrongOrders = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'payout-is-ordered',
    await sql<Found[]>`
      select coalesce(p.store_id, a.store_id) as "storeId", coalesce(p.payout_id, a.payout_id) as id, case
          when p.payout_id is null then 'is not there, and was ordered'
          when a.count is distinct from p.attempt
            then 'was ordered ' || p.attempt || ' times; its account transfers are ' || coalesce(a.count, 0)
          else 'is ' || p.status || ' over ' || p.amount || '; its account transfer is ' || a.status || ' over ' || a.amount
        end as what
      from (select * from platform_payouts where attempt > 0) p full join (
        select merchant_id, is_for_test, payout_id, count(*)::integer as count, min(store_id) as store_id,
          (array_agg(status order by attempt desc))[1] as status, (array_agg(amount order by attempt desc))[1] as amount
        from platform_account_transfers where payout_id is not null group by 1, 2, 3
      ) a using (merchant_id, is_for_test, payout_id)
      where p.payout_id is null or a.count is distinct from p.attempt or a.amount <> p.amount
        or not (${sql.json(transferStatuses)}::jsonb -> p.status) ? a.status
      order by 1, 2`,
  )

const findWrongBulks = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'payout-is-ordered',
    await sql<Found[]>`
      select b.store_id as "storeId", b.bulk_account_transfer_id as id, 'counts ' || b.transfer_count || ' account transfers, '
        || b.open_count || ' of them open; there are ' || coalesce(a.count, 0) || ', and ' || coalesce(a.open, 0) as what
      from platform_bulk_account_transfers b left join (
        select merchant_id, is_for_test, bulk_account_transfer_id, count(*) as count,
          count(*) filter (where status in ('PREPARED', 'SCHEDULED', 'PROCESSING', 'ASYNC_PROCESSING')) as open
        from platform_account_transfers group by 1, 2, 3
      ) a using (merchant_id, is_for_test, bulk_account_transfer_id)
      where (b.transfer_count, b.open_count) <> (coalesce(a.count, 0), coalesce(a.open, 0)) order by 1, 2`,
  )

/** The bank did what was ordered, once each, and was asked for nothing else. */
const findUnordered = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'paid-out-once',
    await sql<Found[]>`
      select coalesce(min(a.store_id), min(e.merchant_id)) as "storeId", coalesce(a.payout_id, e.reference) as id,
        'left the bank ' || count(*) filter (where e.state = 'DONE') || ' times'
          || case when bool_or(a.account_transfer_id is null) then ', and nobody ordered it here' else '' end as what
      from sandbox_bank_entries e left join platform_account_transfers a on a.merchant_id = e.merchant_id
        and a.is_for_test = e.is_for_test and a.account_transfer_id = e.reference
      group by e.merchant_id, e.is_for_test, coalesce(a.payout_id, e.reference)
      having count(*) filter (where e.state = 'DONE') > 1 or bool_or(a.account_transfer_id is null) order by 1, 2`,
  )

/** The bank did everything that we show as succeeded. */
const findUnpaid = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'paid-out-is-at-the-bank',
    await sql<Found[]>`
      select a.store_id as "storeId", a.account_transfer_id as id,
        'is ' || a.status || ' over ' || a.amount || '; the bank has ' || coalesce(e.state || ' over ' || e.amount, 'nothing') as what
      from platform_account_transfers a
      join platform_bank_accounts b using (merchant_id, is_for_test, bank_account_id)
      left join sandbox_bank_entries e on e.merchant_id = a.merchant_id and e.is_for_test = a.is_for_test
        and e.reference = a.account_transfer_id
      where a.type = 'WITHDRAWAL' and b.adapter = 'sandbox' and a.amount > 0 and (
        (a.status = 'SUCCEEDED' and (e.state is distinct from 'DONE' or e.amount <> a.amount
          or e.account_number <> regexp_replace(a.deposit_account_number, '\\D', '', 'g')))
        or (a.status in ('FAILED', 'STOPPED', 'CANCELLED', 'PREPARED', 'SCHEDULED') and e.state in ('DONE', 'PENDING'))
      )
      order by 1, 2`,
  )

/** What is asked for leaves an account at once, and comes back where the bank refuses it after all. */
const findWrongBalances = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'bank-adds-up',
    await sql<Found[]>`
      select null as "storeId", 'The account ' || bank_account_id || ' of ' || merchant_id as id,
        'has ' || coalesce(a.balance::text, 'no row') || ' at the bank; its movements leave '
          || ${openingBalance}::bigint - coalesce(e.taken, 0) as what
      from sandbox_bank_accounts a full join (
        select merchant_id, is_for_test, bank_account_id, sum(amount) filter (where state <> 'REFUSED') as taken
        from sandbox_bank_entries group by 1, 2, 3
      ) e using (merchant_id, is_for_test, bank_account_id)
      where a.balance is distinct from ${openingBalance}::bigint - coalesce(e.taken, 0)
      order by 2`,
  )

export const payoutMoneyFinders: readonly Finder<Queryable>[] = [
  { of: 'Account transfers that wait', find: findForgottenWithdrawals },
  { of: 'Orders of payouts', find: findWrongOrders },
  { of: 'The counts of bulk account transfers', find: findWrongBulks },
  { of: 'What left the bank', find: findUnordered },
  { of: 'What was paid out at the bank', find: findUnpaid },
  { of: 'Balances at the bank', find: findWrongBalances },
]
