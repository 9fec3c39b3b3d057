import type { GetPlatformPayoutsBody, GetPlatformPayoutsResponse, PlatformPayoutFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { countStatuses, during, findPage, oneOf, pageOf, streamsOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import { taggedPartner } from '../settlements/search.ts'
import { readSnapshots } from '../transfers/snapshots.ts'
import { payoutStats, payoutStatuses } from './stats.ts'
import { type Payout, payoutColumns, payoutView } from './view.ts'

/** A page of payouts, newest first, and how many have which status whatever statuses are asked for. */
export const listPayouts = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter }: GetPlatformPayoutsBody,
): Promise<GetPlatformPayoutsResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const conditions = filter === undefined ? [] : payoutSearch(sql, platform, filter)
  const query = {
    table: 'platform_payouts',
    as: 'p',
    columns: payoutColumns(sql),
    conditions: [...conditions, ...oneOf(sql, sql`p.status`, filter?.statuses)],
    streams: streamsOf([sql`p.partner_id`, filter?.partnerIds], [sql`p.status`, filter?.statuses]),
    order: sql`p.created_at desc, p.payout_id desc`,
  }
  const [{ rows, totalCount }, countOf] = await Promise.all([
    findPage<Payout>(sql, platform, query, page),
    countStatuses(sql, platform, { ...query, conditions }, payoutStatuses),
  ])
  const keys = rows.map(({ partnerId: id, partnerVersion: version }) => ({ kind: 'PARTNER', id, version }) as const)
  const snapshots = await readSnapshots(sql, platform, keys)
  return {
    items: rows.map((payout) => payoutView(platform, payout, snapshots)),
    page: { ...page, totalCount },
    counts: payoutStats(countOf),
  }
}

/** Which payouts a filter asks for, but for their statuses; the row is called `p`. All criteria that are given must hold. */
const payoutSearch = (sql: Sql, platform: Platform, filter: PlatformPayoutFilterInput): readonly Fragment[] => {
  const { criteria } = filter
  const equals = (column: Fragment, value: string | undefined) => oneOf(sql, column, value === undefined ? [] : [value])
  return [
    ...during(sql, sql`p.created_at`, criteria.timestampRange),
    ...during(sql, sql`p.status_updated_at`, criteria.statusUpdatedTimestampRange),
    ...during(sql, sql`p.scheduled_at`, criteria.scheduledTimestampRange),
    ...during(sql, sql`p.statement_issued_at`, criteria.settlementStatementIssuedTimestampRange),
    ...equals(sql`p.payout_id`, criteria.payoutId),
    ...equals(sql`p.bulk_payout_id`, criteria.bulkPayoutId),
    ...equals(sql`p.tax_invoice_id`, criteria.taxInvoiceId),
    ...equals(sql`p.statement_id`, criteria.settlementStatementId),
    ...oneOf(sql, sql`p.partner_id`, filter.partnerIds),
    ...oneOf(sql, sql`p.bank`, filter.payoutAccountBanks),
    ...taggedPartner(sql, platform, sql`p.partner_id`, filter.partnerTags),
    ...oneOf(sql, sql`p.currency`, filter.payoutCurrencies),
    ...oneOf(sql, sql`p.payout_id`, filter.payoutIds),
    ...oneOf(sql, sql`p.tax_invoice_status`, filter.taxInvoiceStatuses),
    ...oneOf(sql, sql`p.partner_type`, filter.partnerTypes),
    ...oneOf(sql, sql`p.taxation_type`, filter.partnerTaxationTypes),
    ...oneOf(sql, sql`p.statement_status`, filter.settlementStatementStatuses),
  ]
}
