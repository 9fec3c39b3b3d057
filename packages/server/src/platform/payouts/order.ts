import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { sortableId } from '../../kernel/ids.ts'
import { noteStoresOf } from '../../workers/due-work.ts'
import type { PlatformRequest } from '../platform.ts'
import { movingPayouts, platformOf } from './move.ts'
import type { PayoutMoveName } from './status.ts'

/** Which payouts of a bulk payout are meant: all that can, or these. */
export type Chosen = { readonly bulkPayoutId: string; readonly payoutIds?: readonly string[] | undefined }

/** Payouts that one statement moves: with their transfers a second's work at most. */
const chunkSize = 200

const whichOf = (sql: Sql, { bulkPayoutId, payoutIds }: Chosen) =>
  payoutIds === undefined
    ? sql`p.bulk_payout_id = ${bulkPayoutId}`
    : sql`p.bulk_payout_id = ${bulkPayoutId} and p.payout_id = any(${[...payoutIds]}::text[])`

export type Ordering = Chosen & {
  readonly move: 'execute' | 'schedule' | 'retry'
  readonly actor: string
  readonly bankAccountId: string
  /** When the money is to leave; absent: at once. */
  readonly scheduledAt?: Instant | undefined
}

/**
 * Orders payouts to be paid: each gets a withdrawal of its own, whose id is the reference that the bank sees. In chunks;
 * where it is cut off, the payouts that are left can be ordered again. Returns how many were ordered.
 */
export const orderPayouts = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  ordering: Ordering,
): Promise<number> => {
  const { move, actor, bankAccountId, scheduledAt, bulkPayoutId } = ordering
  const bulkId = `bat-${sortableId()}`
  const isScheduled = scheduledAt !== undefined
  let total = 0
  for (;;) {
    const limited = sql`p.payout_id in (
      select payout_id from platform_payouts p
      where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, ordering)} and ${orderable(sql, move)}
      order by payout_id limit ${chunkSize}
    )`
    const sets = sql`, attempt = p.attempt + 1, fail_reason = null, scheduled_at = ${scheduledAt ?? null}::timestamptz`
    const ordered = await sql`
      with ${movingPayouts(sql, { platform, move, which: limited, sets, now, actor })},
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
      )
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
      from moved`
    total += ordered.count
    if (ordered.count === 0) return total
  }
}

const orderable = (sql: Sql, move: Ordering['move']) =>
  move === 'retry'
    ? // Settlements that were taken up by another bulk payout meanwhile are paid there.
      sql`p.status in ('FAILED', 'STOPPED') and not exists (
        select from platform_partner_settlements s
        where s.merchant_id = p.merchant_id and s.is_for_test = p.is_for_test and s.payout_id = p.payout_id
          and s.bulk_payout_id <> p.bulk_payout_id
      )`
    : sql`p.status = 'CONFIRMED'`

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
    from moved
    where ${platformOf(sql, platform, 'a')} and a.payout_id = moved.payout_id and a.attempt = moved.attempt
      and a.status = 'SCHEDULED'`
  return moved.count
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
      from moved
      where ${platformOf(sql, platform, 'a')} and a.payout_id = moved.payout_id and a.attempt = moved.attempt
        and a.status = ${from}
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
