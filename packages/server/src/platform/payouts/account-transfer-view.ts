import type {
  Bank,
  Currency,
  PlatformAccountTransfer,
  PlatformAccountTransferStatus,
  PlatformBankAccountProvider,
  WithdrawalType,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import { graphqlId, type Platform } from '../platform.ts'

/** A movement on the merchant's bank account as it stands in the database. */
export type AccountTransfer = Deposit | Withdrawal

type Common = {
  readonly id: string
  readonly bankAccountId: string
  readonly accountNumber: string
  readonly bank: Bank
  readonly provider: PlatformBankAccountProvider
  readonly holder: string | null
  readonly status: PlatformAccountTransferStatus
  readonly statusUpdatedAt: Instant
  readonly currency: Currency
  readonly amount: Amount
  readonly depositMemo: string | null
  readonly tradedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

type Deposit = Common & { readonly type: 'DEPOSIT'; readonly depositorName: string | null }

type Withdrawal = Common & {
  readonly type: 'WITHDRAWAL'
  readonly withdrawalType: WithdrawalType
  readonly sequenceNumber: number | null
  readonly depositBank: Bank
  readonly depositAccountNumber: string
  readonly depositAccountHolder: string
  readonly withdrawalMemo: string | null
  readonly balance: Amount | null
  readonly failReason: string | null
  readonly partnerId: string | null
  readonly bulkPayoutId: string | null
  readonly payoutId: string | null
  readonly bulkAccountTransferId: string | null
  readonly documentId: string | null
  readonly scheduledAt: Instant | null
}

/** The columns of an `AccountTransfer`; its row is called `a`, that of the merchant's account `m`. */
export const accountTransferColumns = (sql: Sql): Fragment => sql`
  a.account_transfer_id as id, a.type, a.bank_account_id as "bankAccountId", m.account_number as "accountNumber", m.bank,
  m.provider, m.holder, a.status, a.status_updated_at as "statusUpdatedAt", a.currency, a.amount,
  a.deposit_memo as "depositMemo", a.traded_at as "tradedAt", a.created_at as "createdAt", a.updated_at as "updatedAt",
  a.depositor_name as "depositorName", a.withdrawal_type as "withdrawalType", a.sequence_number as "sequenceNumber",
  a.deposit_bank as "depositBank", a.deposit_account_number as "depositAccountNumber",
  a.deposit_account_holder as "depositAccountHolder", a.withdrawal_memo as "withdrawalMemo", a.balance,
  a.fail_reason as "failReason", a.partner_id as "partnerId", a.bulk_payout_id as "bulkPayoutId",
  a.payout_id as "payoutId", a.bulk_account_transfer_id as "bulkAccountTransferId", a.document_id as "documentId",
  a.scheduled_at as "scheduledAt"`

export const accountTransferView = (platform: Platform, transfer: AccountTransfer): PlatformAccountTransfer =>
  transfer.type === 'DEPOSIT'
    ? { type: 'DEPOSIT', ...commonView(platform, transfer), depositorName: transfer.depositorName ?? '' }
    : withdrawalView(platform, transfer)

const commonView = ({ isForTest }: Platform, transfer: AccountTransfer) => ({
  id: transfer.id,
  bankAccountId: transfer.bankAccountId,
  bankAccountGraphqlId: graphqlId('BANK_ACCOUNT', transfer.bankAccountId),
  bankAccount: {
    accountNumber: transfer.accountNumber,
    bank: transfer.bank,
    provider: transfer.provider,
    ...(transfer.holder === null ? {} : { holder: transfer.holder }),
  },
  currency: transfer.currency,
  amount: transfer.amount,
  ...(transfer.depositMemo === null ? {} : { depositMemo: transfer.depositMemo }),
  ...(transfer.tradedAt === null ? {} : { tradedAt: toIso(transfer.tradedAt) }),
  createdAt: toIso(transfer.createdAt),
  updatedAt: toIso(transfer.updatedAt),
  isForTest,
  statusUpdatedAt: toIso(transfer.statusUpdatedAt),
  status: transfer.status,
})

const withdrawalView = (platform: Platform, transfer: Withdrawal): PlatformAccountTransfer => {
  const { sequenceNumber, withdrawalMemo, balance, failReason, documentId, scheduledAt } = transfer
  return {
    type: 'WITHDRAWAL',
    ...commonView(platform, transfer),
    withdrawalType: transfer.withdrawalType,
    ...(sequenceNumber === null ? {} : { sequenceNumber }),
    depositBank: transfer.depositBank,
    depositAccountNumber: transfer.depositAccountNumber,
    depositAccountHolder: transfer.depositAccountHolder,
    ...(withdrawalMemo === null ? {} : { withdrawalMemo }),
    ...(balance === null ? {} : { balance }),
    ...(failReason === null ? {} : { failReason }),
    ...purposeView(transfer),
    ...(documentId === null ? {} : { documentId }),
    ...(scheduledAt === null ? {} : { scheduledAt: toIso(scheduledAt) }),
  }
}

/** What the money goes out for. */
const purposeView = ({ partnerId, bulkPayoutId, payoutId, bulkAccountTransferId }: Withdrawal) => ({
  ...(partnerId === null ? {} : { partnerId, partnerGraphqlId: graphqlId('PARTNER', partnerId) }),
  ...(bulkPayoutId === null ? {} : { bulkPayoutId, bulkPayoutGraphqlId: graphqlId('BULK_PAYOUT', bulkPayoutId) }),
  ...(payoutId === null ? {} : { payoutId, payoutGraphqlId: graphqlId('PAYOUT', payoutId) }),
  ...(bulkAccountTransferId === null
    ? {}
    : {
        bulkAccountTransferId,
        bulkAccountTransferGraphqlId: graphqlId('BULK_ACCOUNT_TRANSFER', bulkAccountTransferId),
      }),
})
