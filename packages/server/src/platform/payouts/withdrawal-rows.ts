import type { Bank, Currency, PlatformAccountTransferStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { intent } from '../../doubt/inquiry.ts'
import type { BankTransfer } from '../../gateways/port/payout.ts'
import type { Instant } from '../../kernel/clock.ts'
import { seeEpoch } from '../../kernel/work.ts'
import { noteDue } from '../../workers/due-work.ts'
import type { Platform } from '../platform.ts'
import { isApproved, movingPayouts, platformOf } from './move.ts'
import { paysItsPayee } from './payee.ts'

/** A withdrawal as the bank is told of it. */
export type Withdrawal = {
  readonly id: string
  readonly status: PlatformAccountTransferStatus
  readonly payoutId: string | null
  readonly currency: Currency
  readonly amount: number
  readonly bank: Bank
  readonly accountNumber: string
  readonly holder: string
  readonly withdrawalMemo: string | null
  readonly depositMemo: string | null
  readonly intendedAt: Instant | null
  readonly inquiries: number
  readonly dueAt: Instant | null
}

const columns = (sql: Sql) => sql`
  a.account_transfer_id as id, a.status, a.payout_id as "payoutId", a.currency, a.amount, a.deposit_bank as bank,
  a.deposit_account_number as "accountNumber", a.deposit_account_holder as holder,
  a.withdrawal_memo as "withdrawalMemo", a.deposit_memo as "depositMemo", a.intended_at as "intendedAt", a.inquiries,
  a.due_at as "dueAt"`

/** With the store's epoch: a world that is reset meanwhile takes its withdrawals along, and the bank must hear of none. */
const intended = async (
  { store: { storeId } }: Platform,
  rows: PromiseLike<readonly (Withdrawal & { readonly epoch: number })[]>,
): Promise<Withdrawal | undefined> => {
  const [sent] = await rows
  if (sent) seeEpoch(storeId, sent.epoch)
  return sent
}

const epoch = (sql: Sql, { store }: Platform): Fragment =>
  sql`(select epoch from stores where store_id = ${store.storeId}) as epoch`

export const findWithdrawal = async (sql: Sql, platform: Platform, id: string): Promise<Withdrawal | undefined> => {
  const [found] = await sql<Withdrawal[]>`
    select ${columns(sql)} from platform_account_transfers a
    where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id}`
  return found
}

/**
 * The intent: payout and withdrawal go to PROCESSING together, if the payout is still to be paid by this withdrawal. It is
 * due again when a crash would have kept us from writing the answer down.
 */
export const writeIntent = (
  sql: Sql,
  platform: Platform,
  id: string,
  now: Instant,
): Promise<Withdrawal | undefined> => {
  const which = sql`${isWaiting(sql, platform, id)} and ${paysItsPayee(sql)}`
  const { nextAt } = intent(now)
  const rows = sql<(Withdrawal & { epoch: number })[]>`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_account_transfers', at: nextAt }])}), ${movingPayouts(sql, { platform, move: 'send', which, now })}, sent as (
      update platform_account_transfers a set status = 'PROCESSING', version = a.version + 1,
        intended_at = ${now}::timestamptz, status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
        due_at = ${nextAt}::timestamptz, leased_until = null
      from moved
      where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id} and a.payout_id = moved.payout_id
        and a.attempt = moved.attempt and a.status in ('PREPARED', 'SCHEDULED')
      returning a.*
    ), begun as (
      update platform_bulk_account_transfers b set status = 'ONGOING', status_updated_at = ${now}::timestamptz,
        updated_at = ${now}::timestamptz
      from sent
      where ${platformOf(sql, platform, 'b')} and b.bulk_account_transfer_id = sent.bulk_account_transfer_id
        and b.status in ('PREPARED', 'SCHEDULED')
    )
    select ${columns(sql)}, ${epoch(sql, platform)} from sent a`
  return intended(platform, rows)
}

/** Whether a payout `p` waits for this withdrawal to be told to the bank. */
const isWaiting = (sql: Sql, platform: Platform, id: string): Fragment => sql`(p.payout_id, p.attempt) = (
  select payout_id, attempt from platform_account_transfers
  where merchant_id = ${platform.merchantId} and is_for_test = ${platform.isForTest} and account_transfer_id = ${id}
    and status in ('PREPARED', 'SCHEDULED')
)`

/**
 * Fails a payout that waits for the bank although its partner is no longer approved, or has another account. It can be retried:
 * once the partner is approved, and to the other account.
 */
export const refuseToSend = async (sql: Sql, platform: Platform, id: string, now: Instant): Promise<void> => {
  await refuseWhere(sql, platform, id, { condition: sql`not ${isApproved(sql)}`, reason: notApproved, now })
  await refuseWhere(sql, platform, id, { condition: sql`not ${paysItsPayee(sql)}`, reason: otherAccount, now })
}

type Refusing = { readonly condition: Fragment; readonly reason: string; readonly now: Instant }

const refuseWhere = async (
  sql: Sql,
  platform: Platform,
  id: string,
  { condition, reason, now }: Refusing,
): Promise<void> => {
  const which = sql`${isWaiting(sql, platform, id)} and ${condition}`
  const sets = sql`, fail_reason = ${reason}`
  await sql`
    with ${movingPayouts(sql, { platform, move: 'refuse', which, sets, now, reason })}, decided as (
      update platform_account_transfers a set status = 'FAILED', version = a.version + 1, fail_reason = ${reason},
        status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, due_at = null, leased_until = null
      from moved
      where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id} and a.payout_id = moved.payout_id
        and a.attempt = moved.attempt and a.status in ('PREPARED', 'SCHEDULED')
      returning a.bulk_account_transfer_id
    )
    ${closingBulk(sql, platform, now)}`
}

/** In Korean, as the bank's reasons are that stand beside it. */
const notApproved = '승인되지 않은 파트너여서 송금하지 않았습니다. 파트너를 승인한 뒤 지급을 재시도해 주세요'
const otherAccount =
  '지급을 요청한 뒤 파트너의 계좌가 바뀌어 송금하지 않았습니다. 지급을 재시도하면 새 계좌의 예금주를 확인하고 송금합니다'

/** A bulk account transfer follows the transfer of `decided`, the last of which completes it. */
const closingBulk = (sql: Sql, platform: Platform, now: Instant): Fragment => sql`
  update platform_bulk_account_transfers b set open_count = b.open_count - 1, updated_at = ${now}::timestamptz,
    status = case when b.open_count = 1 then 'COMPLETED' else b.status end,
    status_updated_at = case when b.open_count = 1 then ${now}::timestamptz else b.status_updated_at end
  from decided
  where ${platformOf(sql, platform, 'b')} and b.bulk_account_transfer_id = decided.bulk_account_transfer_id`

/** The intent of a withdrawal that pays no partner: there is no payout that anybody could take back. */
export const writeRemittanceIntent = (
  sql: Sql,
  platform: Platform,
  id: string,
  now: Instant,
): Promise<Withdrawal | undefined> => {
  const { nextAt } = intent(now)
  const rows = sql<(Withdrawal & { epoch: number })[]>`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_account_transfers', at: nextAt }])})
    update platform_account_transfers a set status = 'PROCESSING', version = a.version + 1,
      intended_at = ${now}::timestamptz, status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
      due_at = ${nextAt}::timestamptz, leased_until = null
    where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id} and a.payout_id is null
      and a.status = 'PREPARED'
    returning ${columns(sql)}, ${epoch(sql, platform)}`
  return intended(platform, rows)
}

export type Decided =
  | { readonly status: 'SUCCEEDED'; readonly transfer: BankTransfer }
  | { readonly status: 'FAILED'; readonly reason: string }

export const failed = (reason: string): Decided => ({ status: 'FAILED', reason })

/** The bank's word. Whoever hears it first writes it; a second time it changes nothing. */
export const writeOutcome = async (
  sql: Sql,
  platform: Platform,
  { id, payoutId }: Withdrawal,
  decided: Decided,
  now: Instant,
): Promise<void> => {
  const transfer = decided.status === 'SUCCEEDED' ? decided.transfer : undefined
  const reason = decided.status === 'FAILED' ? decided.reason : undefined
  const ofAttempt = sql`
    select attempt from platform_account_transfers
    where merchant_id = ${platform.merchantId} and is_for_test = ${platform.isForTest} and account_transfer_id = ${id}`
  await sql`
    with ${movingPayouts(sql, {
      platform,
      move: decided.status === 'SUCCEEDED' ? 'succeed' : 'fail',
      which: sql`p.payout_id = ${payoutId} and p.attempt = (${ofAttempt})`,
      sets: sql`, fail_reason = ${reason ?? null}`,
      now,
      reason,
    })}, decided as (
      update platform_account_transfers a set status = ${decided.status}, version = a.version + 1,
        status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
        traded_at = ${transfer?.transferredAt ?? null}::timestamptz, balance = ${transfer?.balance ?? null},
        fail_reason = ${reason ?? null}, due_at = null, leased_until = null
      where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id}
        and a.status in ('PROCESSING', 'ASYNC_PROCESSING')
      returning a.bulk_account_transfer_id
    )
    ${closingBulk(sql, platform, now)}`
}

type Doubt = {
  readonly status: PlatformAccountTransferStatus
  readonly dueAt: Instant
  readonly inquiries?: number
}

/** Not known yet: when to ask next. */
export const writeDoubt = async (
  sql: Sql,
  platform: Platform,
  { id }: Withdrawal,
  { status, dueAt, inquiries = 0 }: Doubt,
  now: Instant,
): Promise<void> => {
  await sql`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_account_transfers', at: dueAt }])})
    update platform_account_transfers a set version = a.version + 1, inquiries = greatest(a.inquiries, ${inquiries}),
      due_at = ${dueAt}::timestamptz, leased_until = null, updated_at = ${now}::timestamptz,
      status_updated_at = case when a.status = ${status} then a.status_updated_at else ${now}::timestamptz end,
      status = ${status}
    where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id}
      and a.status in ('PROCESSING', 'ASYNC_PROCESSING')`
}
