import type {
  AdminPayoutTotal,
  GetPlatformBulkPayoutsBody,
  GetPlatformBulkPayoutsResponse,
  PlatformBulkPayout,
  PlatformBulkPayoutStatus,
  PlatformPayoutMethod,
  PlatformPayoutStatus,
} from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { countStatuses, during, findPage, oneOf, pageOf } from '../page.ts'
import { graphqlId, ofPlatform, type Platform } from '../platform.ts'
import { shownTotal, totalOf } from '../sums.ts'
import { payoutStats } from './stats.ts'

type BulkPayout = {
  readonly id: string
  readonly name: string
  readonly creatorId: string
  readonly method: PlatformPayoutMethod
  readonly status: PlatformBulkPayoutStatus
  readonly statusUpdatedAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** The payouts of one bulk payout that have one status. */
type Part = {
  readonly id: string
  readonly status: PlatformPayoutStatus
  readonly count: number
  readonly amount: number
  readonly settlementAmount: number
  readonly scheduledAt: Instant | null
}

const bulkPayoutStatuses = [
  'PREPARING',
  'PREPARED',
  'ONGOING',
  'POST_PROCESS_PENDING',
  'COMPLETED',
  'CANCELLED',
  'SCHEDULED',
  'STOPPED',
] as const satisfies readonly PlatformBulkPayoutStatus[]

/** A page of bulk payouts, newest first, and how many have which status whatever statuses are asked for. */
export const listBulkPayouts = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter = {} }: GetPlatformBulkPayoutsBody,
): Promise<GetPlatformBulkPayoutsResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const { criteria = {} } = filter
  const conditions = [
    ...oneOf(sql, sql`b.method`, filter.methods),
    ...during(sql, sql`b.created_at`, criteria.timestampRange),
    ...during(sql, sql`b.status_updated_at`, criteria.statusUpdatedTimestampRange),
    ...oneOf(sql, sql`b.bulk_payout_id`, criteria.bulkPayoutId === undefined ? [] : [criteria.bulkPayoutId]),
  ]
  const query = {
    table: 'platform_bulk_payouts',
    as: 'b',
    columns: sql`
      b.bulk_payout_id as id, b.name, b.creator_id as "creatorId", b.method, b.status,
      b.status_updated_at as "statusUpdatedAt", b.created_at as "createdAt", b.updated_at as "updatedAt"`,
    conditions: [...conditions, ...oneOf(sql, sql`b.status`, filter.statuses)],
    order: sql`b.created_at desc, b.bulk_payout_id desc`,
  }
  const [{ rows, totalCount }, countOf] = await Promise.all([
    findPage<BulkPayout>(sql, platform, query, page),
    countStatuses(sql, platform, { ...query, conditions }, bulkPayoutStatuses),
  ])
  const parts = await findParts(sql, platform, rows)
  return {
    items: rows.map((bulk) => bulkPayoutView(bulk, parts.get(bulk.id) ?? [])),
    page: { ...page, totalCount },
    counts: {
      preparing: countOf('PREPARING'),
      prepared: countOf('PREPARED'),
      ongoing: countOf('ONGOING'),
      postProcessPending: countOf('POST_PROCESS_PENDING'),
      completed: countOf('COMPLETED'),
      cancelled: countOf('CANCELLED'),
      scheduled: countOf('SCHEDULED'),
      stopped: countOf('STOPPED'),
    },
  }
}

/** What the payouts of these bulk payouts come to in each currency, whatever became of them. */
export const findPayoutTotals = async (
  sql: Sql,
  platform: Platform,
  bulkPayoutIds: readonly string[],
): Promise<readonly AdminPayoutTotal[]> =>
  await sql<AdminPayoutTotal[]>`
    select bulk_payout_id as "bulkPayoutId", currency, ${shownTotal(sql, sql`sum(amount)`)} as amount
    from platform_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = any(${[...bulkPayoutIds]}::text[])
    group by bulk_payout_id, currency order by bulk_payout_id, currency`

const findParts = async (
  sql: Sql,
  platform: Platform,
  bulks: readonly BulkPayout[],
): Promise<ReadonlyMap<string, readonly Part[]>> => {
  const parts = await sql<Part[]>`
    select bulk_payout_id as id, status, count(*), ${shownTotal(sql, sql`sum(amount)`)} as amount,
      ${shownTotal(sql, sql`sum(settlement_amount)`)} as "settlementAmount", min(scheduled_at) as "scheduledAt"
    from platform_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = any(${bulks.map(({ id }) => id)}::text[])
    group by bulk_payout_id, status`
  return Map.groupBy(parts, ({ id }) => id)
}

const bulkPayoutView = (bulk: BulkPayout, parts: readonly Part[]): PlatformBulkPayout => {
  const sumOf = (amountOf: (part: Part) => number): number => totalOf(parts.map(amountOf))
  const of = (status: PlatformPayoutStatus) => parts.find((part) => part.status === status)
  const scheduled = of('SCHEDULED')?.scheduledAt ?? null
  return {
    id: bulk.id,
    graphqlId: graphqlId('BULK_PAYOUT', bulk.id),
    name: bulk.name,
    creatorId: bulk.creatorId,
    method: bulk.method,
    totalPayoutAmount: sumOf(({ amount }) => amount),
    totalSettlementAmount: sumOf(({ settlementAmount }) => settlementAmount),
    status: bulk.status,
    payoutStats: {
      amount: payoutStats((status) => of(status)?.amount ?? 0),
      count: payoutStats((status) => of(status)?.count ?? 0),
    },
    statusUpdatedAt: toIso(bulk.statusUpdatedAt),
    createdAt: toIso(bulk.createdAt),
    updatedAt: toIso(bulk.updatedAt),
    arePayoutsGenerated: bulk.status !== 'PREPARING',
    ...(scheduled === null ? {} : { scheduledAt: toIso(scheduled) }),
  }
}
