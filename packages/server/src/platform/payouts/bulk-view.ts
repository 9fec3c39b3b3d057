import type { AdminBulkPayout, PlatformPayoutStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'
import { shownTotal } from '../sums.ts'
import { isPayable } from './generate.ts'
import { findNets } from './net.ts'
import { payableStatuses } from './status.ts'
import { noBulkPayout } from './why-not-prepared.ts'

type BulkRow = Pick<AdminBulkPayout, 'id' | 'name' | 'creatorId' | 'method' | 'status'> & {
  readonly createdAt: Instant
  readonly statusUpdatedAt: Instant
}

/** A bulk payout as who pays sees it: how far it is and, while it is prepared, what each partner would be paid. */
export const bulkPayoutView = async (
  sql: Sql,
  { platform }: PlatformRequest,
  id: string,
): Promise<AdminBulkPayout | Refusal<'INVALID_REQUEST'>> => {
  const [bulk] = await sql<BulkRow[]>`
    select bulk_payout_id as id, name, creator_id as "creatorId", method, status, created_at as "createdAt",
      status_updated_at as "statusUpdatedAt"
    from platform_bulk_payouts where ${ofPlatform(sql, platform)} and bulk_payout_id = ${id}`
  if (bulk === undefined) return noBulkPayout(id)
  const totals = await sql<{ status: PlatformPayoutStatus; count: number; amount: number }[]>`
    select status, count(*) as count, ${shownTotal(sql, sql`sum(amount)`)} as amount from platform_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = ${id} group by status`
  const selected = sql`s.bulk_payout_id = ${id} and s.is_selected and s.status = any(${[...payableStatuses]}::text[])`
  const nets = bulk.status === 'PREPARING' ? await findNets(sql, platform, selected) : []
  const stats = (of: 'count' | 'amount') => {
    const by = (status: PlatformPayoutStatus) => totals.find((total) => total.status === status)?.[of] ?? 0
    return {
      confirmed: by('CONFIRMED'),
      prepared: by('PREPARED'),
      cancelled: by('CANCELLED'),
      stopped: by('STOPPED'),
      processing: by('PROCESSING'),
      succeeded: by('SUCCEEDED'),
      failed: by('FAILED'),
      scheduled: by('SCHEDULED'),
    }
  }
  return {
    ...bulk,
    createdAt: toIso(bulk.createdAt),
    statusUpdatedAt: toIso(bulk.statusUpdatedAt),
    payoutStats: { amount: stats('amount'), count: stats('count') },
    selected: nets.map((net) => ({
      partnerId: net.partnerId,
      partnerName: net.partner.name,
      currency: net.currency,
      settlementAmount: net.settlement,
      settlementTaxFreeAmount: net.settlementTaxFree,
      partnerSettlementIds: [...net.settlementIds],
      isPayable: isPayable(net) && net.settlement >= 0,
      accountStatus: net.partner.account.status,
    })),
  }
}
