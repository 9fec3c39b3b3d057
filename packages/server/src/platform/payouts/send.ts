import type { Bank, Currency, PlatformAccountTransferStatus } from '@naru/contract'
import type { Logger } from 'pino'
import type { Sql } from '../../db/connect.ts'
import { askAgain, intent, provesNotExecuted } from '../../doubt/inquiry.ts'
import type { BankTransfer, BankTransferContext, BankTransferState, PayoutBank } from '../../gateways/port/payout.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import { type Instant, type StoreClock, second, storeTime } from '../../kernel/clock.ts'
import { noteDue } from '../../workers/due-work.ts'
import type { Platform } from '../platform.ts'
import { type BankOf, ensureMockAccount } from './bank-account.ts'
import { movingPayouts, platformOf } from './move.ts'

export type SendingParts = {
  readonly sql: Sql
  readonly log: Logger
  readonly bankOf: BankOf
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}

/** A withdrawal as the bank is told of it. */
type Withdrawal = {
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

/** The call goes out this long after its intent, or not at all: whoever took us for dead may have asked about it. */
const sendsWithin = 10 * second

/**
 * Does what is due about a withdrawal: tells the bank of one that waits for it, asks about one that the bank was told of.
 * Money leaves at most once. The intent is committed before the call, by a statement that only one server can win; what
 * was told and not answered is never told again, it is asked about.
 */
export const runWithdrawal = async (parts: SendingParts, platform: Platform, id: string): Promise<void> => {
  const bank = parts.bankOf(platform)
  if (bank === undefined) throw new Error(`a withdrawal of ${platform.merchantId} is due, and there is no bank to ask`)
  const clock = await parts.clockOf(platform.store.storeId)
  const found = await find(parts.sql, platform, id)
  if (found === undefined || found.dueAt === null || found.dueAt > storeTime(clock)) return
  const account = await ensureMockAccount(parts.sql, platform)
  const context = { merchantId: platform.merchantId, account, clock, reference: id }
  if (found.status === 'PREPARED' || found.status === 'SCHEDULED') await send(parts, platform, bank, context, found)
  else if (found.status === 'PROCESSING' || found.status === 'ASYNC_PROCESSING')
    await ask(parts, platform, bank, context, found)
}

const send = async (
  parts: SendingParts,
  platform: Platform,
  bank: PayoutBank,
  context: BankTransferContext,
  { id, payoutId }: Withdrawal,
): Promise<void> => {
  const now = storeTime(context.clock)
  const sent =
    payoutId === null
      ? await writeRemittanceIntent(parts.sql, platform, id, now)
      : await writeIntent(parts.sql, platform, id, now)
  if (sent === undefined) return
  // Nothing is owed after all, and no bank transfers nothing.
  const outcome: Outcome<BankTransfer> =
    sent.amount === 0
      ? { kind: 'succeeded', value: { bankTransactionId: id, transferredAt: now } }
      : await call(parts, bank, context, sent, now)
  await settle(parts, platform, sent, outcome, storeTime(context.clock))
}

const call = async (
  { log }: SendingParts,
  bank: PayoutBank,
  context: BankTransferContext,
  { bank: toBank, accountNumber: number, holder, currency, amount, withdrawalMemo, depositMemo }: Withdrawal,
  intendedAt: Instant,
): Promise<Outcome<BankTransfer>> => {
  const { reference } = context
  if (storeTime(context.clock) - intendedAt > sendsWithin) {
    log.warn({ reference }, 'a bank transfer came too late after its intent and was not made')
    return { kind: 'unknown', reason: 'the call came too late after its intent and was not made' }
  }
  try {
    return await bank.transfer(context, {
      to: { bank: toBank, number, holder },
      currency,
      amount,
      withdrawalMemo: withdrawalMemo ?? undefined,
      depositMemo: depositMemo ?? undefined,
    })
  } catch (error) {
    log.error({ err: error, reference }, 'a bank adapter failed: the result is unknown')
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

const settle = async (
  { sql }: SendingParts,
  platform: Platform,
  withdrawal: Withdrawal,
  outcome: Outcome<BankTransfer>,
  now: Instant,
): Promise<void> => {
  switch (outcome.kind) {
    case 'succeeded':
      return await writeOutcome(sql, platform, withdrawal, { status: 'SUCCEEDED', transfer: outcome.value }, now)
    case 'failed':
      return await writeOutcome(sql, platform, withdrawal, failed(outcome.failure.pgMessage), now)
    case 'pending':
      return await writeDoubt(sql, platform, withdrawal, { status: 'ASYNC_PROCESSING', dueAt: now + firstAsking }, now)
    case 'unknown':
      return await writeDoubt(sql, platform, withdrawal, { status: 'PROCESSING', dueAt: now }, now)
  }
}

/** A bank that has taken a transfer on mostly decides within seconds. */
const firstAsking = 2 * second

const ask = async (
  { sql, log }: SendingParts,
  platform: Platform,
  bank: PayoutBank,
  context: BankTransferContext,
  withdrawal: Withdrawal,
): Promise<void> => {
  const now = storeTime(context.clock)
  const answer = await inquire(bank, context, log)
  const inquiry = { ...intent(withdrawal.intendedAt ?? now), count: withdrawal.inquiries, inDoubt: true }
  const { nextAt: dueAt, count: inquiries } = askAgain(inquiry, now)
  const again = { status: withdrawal.status, dueAt, inquiries }
  if (answer.kind !== 'succeeded') return await writeDoubt(sql, platform, withdrawal, again, now)
  switch (answer.value.state) {
    case 'TRANSFERRED':
      return await writeOutcome(
        sql,
        platform,
        withdrawal,
        { status: 'SUCCEEDED', transfer: answer.value.transfer },
        now,
      )
    case 'FAILED':
      return await writeOutcome(sql, platform, withdrawal, failed(answer.value.failure.pgMessage), now)
    case 'PENDING':
      return await writeDoubt(sql, platform, withdrawal, { ...again, status: 'ASYNC_PROCESSING' }, now)
    case 'NONE':
      if (!provesNotExecuted(inquiry, bank.mayActWithin, now))
        return await writeDoubt(sql, platform, withdrawal, again, now)
      return await writeOutcome(sql, platform, withdrawal, failed(notExecuted), now)
  }
}

const notExecuted = 'The bank did not answer and has no record of the transfer: no money left. Retry the payout.'

const inquire = async (
  bank: PayoutBank,
  context: BankTransferContext,
  log: Logger,
): Promise<Outcome<BankTransferState>> => {
  try {
    return await bank.inquireTransfer(context)
  } catch (error) {
    log.error({ err: error, reference: context.reference }, 'a bank adapter failed to ask; it asks again later')
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

const columns = (sql: Sql) => sql`
  a.account_transfer_id as id, a.status, a.payout_id as "payoutId", a.currency, a.amount, a.deposit_bank as bank,
  a.deposit_account_number as "accountNumber", a.deposit_account_holder as holder,
  a.withdrawal_memo as "withdrawalMemo", a.deposit_memo as "depositMemo", a.intended_at as "intendedAt", a.inquiries,
  a.due_at as "dueAt"`

const find = async (sql: Sql, platform: Platform, id: string): Promise<Withdrawal | undefined> => {
  const [found] = await sql<Withdrawal[]>`
    select ${columns(sql)} from platform_account_transfers a
    where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id}`
  return found
}

/**
 * The intent: payout and withdrawal go to PROCESSING together, if the payout is still to be paid by this withdrawal. It is
 * due again when a crash would have kept us from writing the answer down.
 */
const writeIntent = async (sql: Sql, platform: Platform, id: string, now: Instant): Promise<Withdrawal | undefined> => {
  const ready = sql`
    select payout_id, attempt from platform_account_transfers
    where merchant_id = ${platform.merchantId} and is_for_test = ${platform.isForTest} and account_transfer_id = ${id}
      and status in ('PREPARED', 'SCHEDULED')`
  const which = sql`(p.payout_id, p.attempt) in (${ready})`
  const { nextAt } = intent(now)
  const [sent] = await sql<Withdrawal[]>`
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
    select ${columns(sql)} from sent a`
  return sent
}

/** The intent of a withdrawal that pays no partner: there is no payout that anybody could take back. */
const writeRemittanceIntent = async (
  sql: Sql,
  platform: Platform,
  id: string,
  now: Instant,
): Promise<Withdrawal | undefined> => {
  const { nextAt } = intent(now)
  const [sent] = await sql<Withdrawal[]>`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_account_transfers', at: nextAt }])})
    update platform_account_transfers a set status = 'PROCESSING', version = a.version + 1,
      intended_at = ${now}::timestamptz, status_updated_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
      due_at = ${nextAt}::timestamptz, leased_until = null
    where ${platformOf(sql, platform, 'a')} and a.account_transfer_id = ${id} and a.payout_id is null
      and a.status = 'PREPARED'
    returning ${columns(sql)}`
  return sent
}

type Decided =
  | { readonly status: 'SUCCEEDED'; readonly transfer: BankTransfer }
  | { readonly status: 'FAILED'; readonly reason: string }

const failed = (reason: string): Decided => ({ status: 'FAILED', reason })

/** The bank's word. Whoever hears it first writes it; a second time it changes nothing. */
const writeOutcome = async (
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
    update platform_bulk_account_transfers b set open_count = b.open_count - 1, updated_at = ${now}::timestamptz,
      status = case when b.open_count = 1 then 'COMPLETED' else b.status end,
      status_updated_at = case when b.open_count = 1 then ${now}::timestamptz else b.status_updated_at end
    from decided
    where ${platformOf(sql, platform, 'b')} and b.bulk_account_transfer_id = decided.bulk_account_transfer_id`
}

type Doubt = { readonly status: PlatformAccountTransferStatus; readonly dueAt: Instant; readonly inquiries?: number }

/** Not known yet: when to ask next. */
const writeDoubt = async (
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
