import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { sortableId } from '../../kernel/ids.ts'
import { noteStoresOf } from '../../workers/due-work.ts'
import { byKey } from '../among.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { shownTotal } from '../sums.ts'
import type { Balance } from './balance.ts'
import { type Chosen, whichOf } from './chosen.ts'
import { movingPayouts, platformOf } from './move.ts'
import { paysPayee } from './payee.ts'
import { canRetry, type NewAccount, payingNewAccount } from './retry.ts'
import type { PayoutMoveName } from './status.ts'

/** Payouts that one statement moves: with their transfers a second's work at most. */
const chunkSize = 200

export type Ordering = Chosen & {
  readonly move: 'execute' | 'schedule' | 'retry'
  readonly actor: string
  /** What they are paid from, as it was read before they were ordered. */
  readonly account: Pick<Balance, 'bankAccountId' | 'orders'>
  /** Accounts that partners have been given since, where it is a retry. */
  readonly newAccounts?: readonly NewAccount[] | undefined
  /** When the money is to leave; absent: at once. */
  readonly scheduledAt?: Instant | undefined
}

/**
 * Orders payouts to be paid: each gets a withdrawal of its own, whose id is the reference that the bank sees. In chunks, of the
 * caller's transaction. Those that `findLeftOut` names are left out.
 * Returns how many were ordered, and whether that is all of them: not where somebody else ordered from the account meanwhile,
 * which may not have enough any more.
 */
export const orderPayouts = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  ordering: Ordering,
): Promise<{ readonly ordered: number; readonly isWhole: boolean }> => {
  const { move, actor, account, scheduledAt, bulkPayoutId } = ordering
  const { bankAccountId } = account
  const bulkId = `bat-${sortableId()}`
  const isScheduled = scheduledAt !== undefined
  let total = 0
  for (let orders = account.orders; ; orders++) {
    const limited = sql`
      exists (select from spending) and ${byKey(sql, sql`select payout_id, status from next`).has(sql`p.payout_id`)}`
    const sets = sql`, attempt = p.attempt + 1, fail_reason = null, scheduled_at = ${scheduledAt ?? null}::timestamptz
      ${move === 'retry' ? payingNewAccount(sql, platform) : sql``}`
    const [done] = await sql<[{ isCurrent: boolean; ordered: number }]>`
      with spending as (${spendFrom(sql, platform, { bankAccountId, orders })}), next as materialized (
        select p.payout_id, p.status from platform_payouts p
        where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, ordering)} and ${orderable(sql, platform, ordering)}
        order by p.payout_id limit ${chunkSize}
      ),
      ${movingPayouts(sql, { platform, move, which: limited, sets, now, actor })},
      noted as (${noteStoresOf(sql, 'platform_account_transfers', sql`moved`)}), bulk as (
        insert into platform_bulk_account_transfers as b (merchant_id, is_for_test, bulk_account_transfer_id, store_id,
          bulk_payout_id, bank_account_id, creator_id, status, status_updated_at, scheduled_at, created_at, updated_at,
          transfer_count, open_count)
        select ${platform.merchantId}, ${platform.isForTest}, ${bulkId}, ${platform.store.storeId}, ${bulkPayoutId},
          ${bankAccountId}, ${actor}, ${isScheduled ? 'SCHEDULED' : 'PREPARED'}, ${now}::timestamptz,
          ${scheduledAt ?? null}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, count(*), count(*)
        from moved having count(*) > 0
        on conflict (merchant_id, is_for_test, bulk_account_transfer_id) do update
          set transfer_count = b.transfer_count + excluded.transfer_count,
            open_count = b.open_count + excluded.open_count,
            status = case when b.status = 'COMPLETED' then 'ONGOING' else b.status end
      ), withdrawals as (
      insert into platform_account_transfers (merchant_id, is_for_test, account_transfer_id, store_id, bank_account_id,
        type, withdrawal_type, status, status_updated_at, currency, amount, deposit_bank, deposit_account_number,
        deposit_account_holder, withdrawal_memo, deposit_memo, bulk_account_transfer_id, bulk_payout_id, payout_id, attempt,
        partner_id, scheduled_at, created_at, updated_at, due_at)
      select moved.merchant_id, moved.is_for_test,
        'act-' || upper(substr(md5(moved.payout_id || '/' || moved.attempt), 1, 26)), moved.store_id, ${bankAccountId},
        'WITHDRAWAL', 'PARTNER_PAYOUT', ${isScheduled ? 'SCHEDULED' : 'PREPARED'}, ${now}::timestamptz, moved.currency,
        moved.amount, moved.bank, moved.account_number, moved.account_holder, moved.withdrawal_memo, moved.deposit_memo,
        ${bulkId}, moved.bulk_payout_id, moved.payout_id, moved.attempt, moved.partner_id,
        ${scheduledAt ?? null}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, ${scheduledAt ?? now}::timestamptz
      from moved
      )
      select exists (select from spending) as "isCurrent", (select count(*)::integer from moved) as ordered`
    total += done.ordered
    if (!done.isCurrent || done.ordered < chunkSize) return { ordered: total, isWhole: done.isCurrent }
  }
}

/** Counts an order to an account; no row where somebody else ordered since its balance was read. */
export const spendFrom = (
  sql: Sql,
  platform: Platform,
  { bankAccountId, orders }: Ordering['account'],
): Fragment => sql`
  update platform_bank_accounts m set orders = m.orders + 1
  where ${platformOf(sql, platform, 'm')} and m.bank_account_id = ${bankAccountId} and m.orders = ${orders}
  returning m.orders`

type Orderable = Chosen & Pick<Ordering, 'move' | 'newAccounts'>

/** How many payouts would be ordered, and what that would take from the account: nothing, where nothing is left after tax. */
export const amountToOrder = async (
  sql: Sql,
  platform: Platform,
  chosen: Orderable,
): Promise<{ readonly count: number; readonly amount: number }> => {
  const [row] = await sql<[{ count: number; amount: number }]>`
    select count(*) as count, ${shownTotal(sql, sql`sum(p.amount)`)} as amount from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, chosen)} and ${orderable(sql, platform, chosen)}`
  return row
}

/** Which payouts `p` may be ordered so. */
const orderable = (sql: Sql, platform: Platform, { move, newAccounts = [], ...chosen }: Orderable): Fragment =>
  move === 'retry'
    ? canRetry(sql, platform, chosen, newAccounts)
    : sql`p.status = 'CONFIRMED' and ${paysPayee(sql, platform)}`

/** Gives payouts that are scheduled another time. Returns how many. */
export const reschedulePayouts = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  chosen: Chosen & { readonly actor: string; readonly scheduledAt: Instant },
): Promise<number> => {
  const { scheduledAt, actor } = chosen
  const which = whichOf(sql, chosen)
  const sets = sql`, scheduled_at = ${scheduledAt}::timestamptz`
  const moved = await sql`
    with ${movingPayouts(sql, { platform, move: 'reschedule', which, sets, now, actor })},
    noted as (${noteStoresOf(sql, 'platform_account_transfers', sql`moved`)})
    update platform_account_transfers a set scheduled_at = ${scheduledAt}::timestamptz,
      due_at = ${scheduledAt}::timestamptz, version = a.version + 1, updated_at = ${now}::timestamptz, leased_until = null
    where ${platformOf(sql, platform, 'a')} and ${isOrderOfMoved(sql)} and a.status = 'SCHEDULED'`
  return moved.count
}

/** Whether an account transfer `a` is what a payout of the CTE `moved` was ordered by the last time. */
const isOrderOfMoved = (sql: Sql): Fragment => {
  const moved = byKey(sql, sql`select payout_id, attempt from moved`)
  return sql`${moved.has(sql`a.payout_id`)} and a.attempt::text = ${moved.valueOf(sql`a.payout_id`)}`
}

const withdrawn = {
  stop: { from: 'PREPARED', to: 'STOPPED' },
  cancelSchedule: { from: 'SCHEDULED', to: 'CANCELLED' },
} as const satisfies Readonly<Partial<Record<PayoutMoveName, { from: string; to: string }>>>

/**
 * Takes an order back before the bank is told: stops what is queued, cancels what is scheduled. The bank is told by a
 * statement that takes the same row, so either it is told or this succeeds. Returns how many.
 */
export const withdrawOrders = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  move: keyof typeof withdrawn,
  chosen: Chosen & { readonly actor: string },
): Promise<number> => {
  const { from, to } = withdrawn[move]
  const which = whichOf(sql, chosen)
  const sets = move === 'cancelSchedule' ? sql`, scheduled_at = null` : sql``
  const [row] = await sql<[{ count: number }]>`
    with ${movingPayouts(sql, { platform, move, which, sets, now, actor: chosen.actor })}, withdrawn as (
      update platform_account_transfers a set status = ${to}, version = a.version + 1,
        status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, due_at = null, leased_until = null
      where ${platformOf(sql, platform, 'a')} and ${isOrderOfMoved(sql)} and a.status = ${from}
      returning a.bulk_account_transfer_id
    ), closed as (
      update platform_bulk_account_transfers b set open_count = b.open_count - w.count, updated_at = ${now}::timestamptz,
        status = case when b.open_count = w.count then 'COMPLETED' else b.status end,
        status_updated_at = case when b.open_count = w.count then ${now}::timestamptz else b.status_updated_at end
      from (select bulk_account_transfer_id, count(*)::integer as count from withdrawn group by 1) w
      where ${platformOf(sql, platform, 'b')} and b.bulk_account_transfer_id = w.bulk_account_transfer_id
    )
    select count(*) from moved`
  return row.count
}

/** Gives payouts up; their settlements can be paid by another bulk payout. Returns how many. */
export const cancelPayouts = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  chosen: Chosen & { readonly actor: string },
): Promise<number> => {
  const which = whichOf(sql, chosen)
  const [row] = await sql<[{ count: number }]>`
    with ${movingPayouts(sql, { platform, move: 'cancel', which, now, actor: chosen.actor })}
    select count(*) from moved`
  return row.count
}
