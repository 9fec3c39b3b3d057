import type { Sql } from '../../db/connect.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'
import { changeSetting } from '../settings/store.ts'
import type { Chosen } from './chosen.ts'

/**
 * Says what bank statements shall show of payouts that nobody has ordered yet, and of those to come where it is to be the
 * default. What is absent stays. Returns how many.
 */
export const setPayoutMemos = async (
  sql: Sql,
  request: PlatformRequest,
  { bulkPayoutId, payoutIds, withdrawalMemo, depositMemo, saveAsDefault = false }: Chosen & Memos,
): Promise<number> => {
  const { count } = await sql`
    update platform_payouts set withdrawal_memo = coalesce(${withdrawalMemo ?? null}, withdrawal_memo),
      deposit_memo = coalesce(${depositMemo ?? null}, deposit_memo)
    where ${ofPlatform(sql, request.platform)} and bulk_payout_id = ${bulkPayoutId} and status = 'CONFIRMED'
      ${payoutIds === undefined ? sql`` : sql`and payout_id = any(${[...payoutIds]}::text[])`}`
  if (count > 0 && saveAsDefault)
    await changeSetting(sql, request, (content) => ({
      ...content,
      ...(withdrawalMemo === undefined ? {} : { defaultWithdrawalMemo: withdrawalMemo }),
      ...(depositMemo === undefined ? {} : { defaultDepositMemo: depositMemo }),
    }))
  return count
}

type Memos = {
  readonly withdrawalMemo?: string | undefined
  readonly depositMemo?: string | undefined
  readonly saveAsDefault?: boolean | undefined
}
