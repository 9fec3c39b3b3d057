import type { GetPlatformPartnerSettlementsBody, GetPlatformPartnerSettlementsResponse } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { countStatuses, findPage, oneOf, pageOf, streamsOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import { readSnapshots } from '../transfers/snapshots.ts'
import { settledStatuses } from '../transfers/status.ts'
import { settlementSearch } from './search.ts'
import { type Settlement, settlementColumns, settlementKeysOf, settlementView } from './view.ts'

const settlementStatuses = Object.keys(settledStatuses)

/** A page of partner settlements, newest first, and how many have which status whatever statuses are asked for. */
export const listSettlements = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter }: GetPlatformPartnerSettlementsBody,
): Promise<GetPlatformPartnerSettlementsResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const conditions = settlementSearch(sql, platform, filter)
  if (conditions instanceof Refusal) return conditions
  const query = {
    table: 'platform_partner_settlements',
    as: 's',
    columns: settlementColumns(sql),
    conditions: [...conditions, ...oneOf(sql, sql`s.status`, filter.statuses)],
    streams: streamsOf(
      [sql`s.partner_id`, filter.partnerIds],
      [sql`s.settlement_date`, filter.settlementDates],
      [sql`s.status`, filter.statuses],
    ),
    order: sql`s.created_at desc, s.partner_settlement_id desc`,
  }
  const [{ rows, totalCount }, countOf] = await Promise.all([
    findPage<Settlement>(sql, platform, query, page),
    countStatuses(sql, platform, { ...query, conditions }, settlementStatuses),
  ])
  const snapshots = await readSnapshots(sql, platform, rows.flatMap(settlementKeysOf))
  return {
    items: rows.map((settlement) => settlementView(platform, settlement, snapshots)),
    page: { ...page, totalCount },
    counts: {
      payoutScheduled: countOf('PAYOUT_SCHEDULED'),
      payoutPrepared: countOf('PAYOUT_PREPARED'),
      payoutWithheld: countOf('PAYOUT_WITHHELD'),
      payoutExcluded: countOf('PAYOUT_EXCLUDED'),
      payoutFailed: countOf('PAYOUT_FAILED'),
      payoutCancelled: countOf('CANCELLED'),
      payoutConfirmed: countOf('CONFIRMED'),
      inPayout: countOf('IN_PAYOUT'),
      paidOut: countOf('PAID_OUT'),
    },
  }
}
