import type { Logger } from 'pino'
import type { Sql } from '../../db/connect.ts'
import { askAgain, intent, provesNotExecuted } from '../../doubt/inquiry.ts'
import type { BankTransfer, BankTransferContext, BankTransferState, PayoutBank } from '../../gateways/port/payout.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import { type Instant, type StoreClock, second, storeTime } from '../../kernel/clock.ts'
import type { Platform } from '../platform.ts'
import { type BankOf, ensureMockAccount } from './bank-account.ts'
import {
  failed,
  findWithdrawal,
  refuseToSend,
  type Withdrawal,
  writeDoubt,
  writeIntent,
  writeOutcome,
  writeRemittanceIntent,
} from './withdrawal-rows.ts'

export type SendingParts = {
  readonly sql: Sql
  readonly log: Logger
  readonly bankOf: BankOf
  readonly clockOf: (storeId: string) => Promise<StoreClock>
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
  const found = await findWithdrawal(parts.sql, platform, id)
  if (found === undefined || found.dueAt === null || found.dueAt > storeTime(clock)) return
  const account = await ensureMockAccount(parts.sql, platform)
  const { merchantId, store } = platform
  const context = { merchantId, storeId: store.storeId, account, clock, reference: id }
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
  if (sent === undefined) return payoutId === null ? undefined : await refuseToSend(parts.sql, platform, id, now)
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
      // Half of what is waited before "unknown to us" is believed.
      actBefore: intendedAt + bank.mayActWithin / 2,
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

/** In Korean, as the bank's reasons are that stand beside it. */
const notExecuted =
  '은행이 처리하기 전에 이체 기한이 지나 송금되지 않았습니다. 지급이면 재시도하고, 잔액 출금이면 다시 요청해 주세요'

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
