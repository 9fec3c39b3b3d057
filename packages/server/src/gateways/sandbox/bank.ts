import type { Bank } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { minute, second, storeTime } from '../../kernel/clock.ts'
import type {
  BankContext,
  BankTransfer,
  BankTransferContext,
  BankTransferRequest,
  BankTransferState,
  HolderAnswer,
  PayoutBank,
} from '../port/payout.ts'
import type { Outcome } from '../port/terms.ts'
import { type BankEntry, type BookedAccount, balanceOf, decideDue, enter, findEntry } from './books/bank.ts'
import { accountBehaviour } from './scenarios/bank-accounts.ts'
import { failureOf, recordedFailure, refusedWith } from './scenarios/failures.ts'

/**
 * A bank that moves no money: the mock account of PortOne's test mode, which begins with 1,000,000,000 KRW and pays into
 * any account. The receiving account's number chooses a scenario (bank-accounts.ts). Its books are its own, so that they
 * can be held against what payouts say.
 */
export const sandboxBank = ({ sql }: { readonly sql: Sql }): PayoutBank => ({
  mayActWithin: minute,
  lookUpHolder: async (_context, { bank, number }) =>
    withoutAccounts.has(bank) ? { kind: 'unsupported' } : holderOf(number),
  transfer: (context, request) => transfer(sql, context, request),
  inquireTransfer: (context) => inquire(sql, context),
  balance: async (context) => {
    const now = storeTime(context.clock)
    await decideDue(sql, bookedAccount(context), now)
    const amount = await balanceOf(sql, bookedAccount(context))
    return { kind: 'succeeded', value: { amount, at: now } }
  },
})

/** Institutions at which nobody is paid: a firm-banking agency reaches none of them. */
const withoutAccounts: ReadonlySet<Bank> = new Set([
  'BANK_OF_KOREA',
  'KEXIM',
  'KODIT',
  'KIBO',
  'SGI',
  'KCIS',
  'KOREA_SECURITIES_FINANCE',
  'MISC_FOREIGN',
])

const bookedAccount = ({ merchantId, account }: BankContext): BookedAccount => ({
  merchantId,
  isForTest: account.isForTest,
  bankAccountId: account.id,
})

const holderOf = (number: string): HolderAnswer => {
  const { lookUp } = accountBehaviour(number)
  if ('name' in lookUp) return { kind: 'found', holderName: lookUp.name }
  if ('refuses' in lookUp) return { kind: 'refused', reason: failureOf(lookUp.refuses).pgMessage }
  return { kind: 'unavailable', reason: failureOf('SBX_BANK_MAINTENANCE').pgMessage }
}

const transfer = async (
  sql: Sql,
  context: BankTransferContext,
  { actBefore, to, currency, amount, withdrawalMemo, depositMemo }: BankTransferRequest,
): Promise<Outcome<BankTransfer>> => {
  if (currency !== 'KRW') return refusedWith('SBX_BANK_CURRENCY_NOT_SUPPORTED')
  const { transfer: effect } = accountBehaviour(to.number)
  const now = storeTime(context.clock)
  const lost = { kind: 'unknown', reason: 'disconnect' } as const
  if (effect.books === 'NOTHING') return lost
  const entry = await enter(sql, {
    account: bookedAccount(context),
    storeId: context.storeId,
    actBefore,
    reference: context.reference,
    bank: to.bank,
    accountNumber: to.number.replace(/\D/g, ''),
    holder: to.holder,
    amount,
    withdrawalMemo,
    depositMemo,
    state: effect.books,
    bankCode: effect.bankCode,
    decidedAt: effect.after === undefined ? undefined : now + effect.after * second,
    isOnlyFirst: effect.isOnlyFirst === true,
    isDeniedTwice: effect.isDeniedTwice === true,
    at: now,
  })
  if (entry === undefined)
    return { kind: 'unknown', reason: 'it reached the bank too late, or after a reset, and was not carried out' }
  return effect.isAnswerLost ? lost : answerOf(entry)
}

const answerOf = (entry: BankEntry): Outcome<BankTransfer> => {
  switch (entry.state) {
    case 'DONE':
      return { kind: 'succeeded', value: factsOf(entry) }
    case 'PENDING':
      return { kind: 'pending', pgTransactionId: entry.entryId }
    case 'REFUSED':
      return { kind: 'failed', failure: recordedFailure(entry.bankCode) }
  }
}

const factsOf = ({ entryId, balance, settledAt }: BankEntry): BankTransfer => {
  if (settledAt === null) throw new Error(`the sandbox bank's transfer ${entryId} is done, and nobody knows when`)
  return { bankTransactionId: entryId, transferredAt: settledAt, balance }
}

const inquire = async (sql: Sql, context: BankTransferContext): Promise<Outcome<BankTransferState>> => {
  await decideDue(sql, bookedAccount(context), storeTime(context.clock))
  const entry = await findEntry(sql, bookedAccount(context), context.reference)
  if (entry === undefined || (entry.isDeniedTwice && entry.inquiries <= 2))
    return { kind: 'succeeded', value: { state: 'NONE' } }
  switch (entry.state) {
    case 'DONE':
      return { kind: 'succeeded', value: { state: 'TRANSFERRED', transfer: factsOf(entry) } }
    case 'PENDING':
      return { kind: 'succeeded', value: { state: 'PENDING' } }
    case 'REFUSED':
      return { kind: 'succeeded', value: { state: 'FAILED', failure: recordedFailure(entry.bankCode) } }
  }
}
