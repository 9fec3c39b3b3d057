import type {
  GetPlatformBulkAccountTransfersBody,
  GetPlatformBulkAccountTransfersResponse,
  PlatformAccountTransferStatus,
  PlatformBulkAccountTransfer,
  PlatformBulkAccountTransferStatus,
} from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { countStatuses, during, findPage, oneOf, pageOf } from '../page.ts'
import { graphqlId, ofPlatform, type Platform } from '../platform.ts'
import { shownTotal, totalOf } from '../sums.ts'
import { accountTransferStats } from './stats.ts'

type BulkAccountTransfer = {
  readonly id: string
  readonly creatorId: string
  readonly bankAccountId: string
  readonly status: PlatformBulkAccountTransferStatus
  readonly statusUpdatedAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly scheduledAt: Instant | null
}

/** The movements of one bulk account transfer that have one status. */
type Part = {
  readonly id: string
  readonly status: PlatformAccountTransferStatus
  readonly count: number
  readonly amount: number
}

const bulkAccountTransferStatuses = [
  'PREPARED',
  'SCHEDULED',
  'ONGOING',
  'COMPLETED',
] as const satisfies readonly PlatformBulkAccountTransferStatus[]

/** A page of bulk account transfers, newest first, and how many have which status whatever statuses are asked for. */
export const listBulkAccountTransfers = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter = {} }: GetPlatformBulkAccountTransfersBody,
): Promise<GetPlatformBulkAccountTransfersResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const { criteria = {} } = filter
  const { bulkAccountTransferId: id } = criteria
  const conditions = [
    ...during(sql, sql`b.created_at`, criteria.timestampRange),
    ...during(sql, sql`b.status_updated_at`, criteria.statusUpdatedTimestampRange),
    ...oneOf(sql, sql`b.bulk_account_transfer_id`, id === undefined ? [] : [id]),
  ]
  const query = {
    table: 'platform_bulk_account_transfers',
    as: 'b',
    columns: sql`
      b.bulk_account_transfer_id as id, b.creator_id as "creatorId", b.bank_account_id as "bankAccountId", b.status,
      b.status_updated_at as "statusUpdatedAt", b.created_at as "createdAt", b.updated_at as "updatedAt",
      b.scheduled_at as "scheduledAt"`,
    conditions: [...conditions, ...oneOf(sql, sql`b.status`, filter.statuses)],
    order: sql`b.created_at desc, b.bulk_account_transfer_id desc`,
  }
  const [{ rows, totalCount }, countOf] = await Promise.all([
    findPage<BulkAccountTransfer>(sql, platform, query, page),
    countStatuses(sql, platform, { ...query, conditions }, bulkAccountTransferStatuses),
  ])
  const parts = await findParts(sql, platform, rows)
  return {
    items: rows.map((bulk) => bulkAccountTransferView(bulk, parts.get(bulk.id) ?? [])),
    page: { ...page, totalCount },
    counts: {
      prepared: countOf('PREPARED'),
      scheduled: countOf('SCHEDULED'),
      ongoing: countOf('ONGOING'),
      completed: countOf('COMPLETED'),
    },
  }
}

const findParts = async (
  sql: Sql,
  platform: Platform,
  bulks: readonly BulkAccountTransfer[],
): Promise<ReadonlyMap<string, readonly Part[]>> => {
  const parts = await sql<Part[]>`
    select bulk_account_transfer_id as id, status, count(*), ${shownTotal(sql, sql`sum(amount)`)} as amount
    from platform_account_transfers
    where ${ofPlatform(sql, platform)} and bulk_account_transfer_id = any(${bulks.map(({ id }) => id)}::text[])
    group by bulk_account_transfer_id, status`
  return Map.groupBy(parts, ({ id }) => id)
}

const bulkAccountTransferView = (bulk: BulkAccountTransfer, parts: readonly Part[]): PlatformBulkAccountTransfer => {
  const of = (status: PlatformAccountTransferStatus) => parts.find((part) => part.status === status)
  return {
    id: bulk.id,
    graphqlId: graphqlId('BULK_ACCOUNT_TRANSFER', bulk.id),
    creatorId: bulk.creatorId,
    bankAccountId: bulk.bankAccountId,
    bankAccountGraphqlId: graphqlId('BANK_ACCOUNT', bulk.bankAccountId),
    totalAmount: totalOf(parts.map(({ amount }) => amount)),
    status: bulk.status,
    stats: {
      amount: accountTransferStats((status) => of(status)?.amount ?? 0),
      count: accountTransferStats((status) => of(status)?.count ?? 0),
    },
    statusUpdatedAt: toIso(bulk.statusUpdatedAt),
    createdAt: toIso(bulk.createdAt),
    updatedAt: toIso(bulk.updatedAt),
    ...(bulk.scheduledAt === null ? {} : { scheduledAt: toIso(bulk.scheduledAt) }),
  }
}
