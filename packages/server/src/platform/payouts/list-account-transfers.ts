import type {
  GetPlatformAccountTransfersBody,
  GetPlatformAccountTransfersResponse,
  PlatformAccountTransferFilter,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { contains, countStatuses, during, findPage, oneOf, pageOf, streamsOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import { type AccountTransfer, accountTransferColumns, accountTransferView } from './account-transfer-view.ts'
import { accountTransferStats, accountTransferStatuses } from './stats.ts'

/** A page of movements at the bank, newest first, and how many have which status whatever statuses are asked for. */
export const listAccountTransfers = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter = {} }: GetPlatformAccountTransfersBody,
): Promise<GetPlatformAccountTransfersResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const conditions = accountTransferSearch(sql, filter)
  const query = {
    table: 'platform_account_transfers',
    as: 'a',
    columns: accountTransferColumns(sql),
    join: sql`join platform_bank_accounts m using (merchant_id, is_for_test, bank_account_id)`,
    conditions: [...conditions, ...oneOf(sql, sql`a.status`, filter.statuses)],
    streams: streamsOf([sql`a.status`, filter.statuses]),
    order: sql`a.created_at desc, a.account_transfer_id desc`,
  }
  const [{ rows, totalCount }, countOf] = await Promise.all([
    findPage<AccountTransfer>(sql, platform, query, page),
    countStatuses(sql, platform, { ...query, conditions }, accountTransferStatuses),
  ])
  return {
    items: rows.map((transfer) => accountTransferView(platform, transfer)),
    page: { ...page, totalCount },
    counts: accountTransferStats(countOf),
  }
}

/** Which movements a filter asks for, but for their statuses; the row is called `a`. Ids are whole, texts a part. */
const accountTransferSearch = (sql: Sql, filter: PlatformAccountTransferFilter): readonly Fragment[] => {
  const equals = (column: Fragment, value: string | undefined) => oneOf(sql, column, value === undefined ? [] : [value])
  const holds = (column: Fragment, part: string | undefined) =>
    part === undefined ? [] : [contains(sql, column, part)]
  return [
    ...during(sql, sql`a.traded_at`, filter.tradeTimestampRange),
    ...during(sql, sql`a.created_at`, filter.createdTimestampRange),
    ...during(sql, sql`a.status_updated_at`, filter.statusUpdatedTimestampRange),
    ...during(sql, sql`a.scheduled_at`, filter.scheduledTimestampRange),
    ...equals(sql`a.account_transfer_id`, filter.accountTransferId),
    ...equals(sql`a.bank_account_id`, filter.bankAccountId),
    ...equals(sql`a.bulk_account_transfer_id`, filter.bulkAccountTransferId),
    ...equals(sql`a.payout_id`, filter.payoutId),
    ...oneOf(sql, sql`a.account_transfer_id`, filter.accountTransferIds),
    ...oneOf(sql, sql`a.type`, filter.types),
    ...holds(sql`a.depositor_name`, filter.depositorName),
    ...holds(sql`a.deposit_account_holder`, filter.depositAccountHolder),
    ...holds(sql`a.deposit_memo`, filter.depositMemo),
    ...holds(sql`a.withdrawal_memo`, filter.withdrawalMemo),
  ]
}
