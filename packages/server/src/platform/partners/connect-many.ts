import type { PlatformBulkTask, PlatformBulkTaskType, PlatformPartnerFilterInput } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { toIso } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { ofKind } from '../entities/list.ts'
import { allOf } from '../page.ts'
import { graphqlId, type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { type Direction, eligible, notEnabled, pending } from './connect.ts'
import { partnerSearch } from './search.ts'

/** Begins to connect, or to disconnect, every partner of a filter for whom it is possible; the others are passed over. */
export const changeConnections = async (
  sql: Sql,
  request: PlatformRequest,
  filter: PlatformPartnerFilterInput = {},
  direction: Direction,
) => {
  const { platform, now } = request
  if (!platform.store.isTaxInvoicingEnabled) return notEnabled
  const search = partnerSearch(sql, filter)
  if (search instanceof Refusal) return search
  const conditions = [...ofKind(sql, 'PARTNER', filter.isArchived), ...search]
  const taskId = sortablePlatformId('btk')
  const type: PlatformBulkTaskType =
    direction === 'connect' ? 'CONNECT_MEMBER_COMPANIES' : 'DISCONNECT_MEMBER_COMPANIES'
  const [task] = await sql<{ count: number }[]>`
    with begun as (
      update platform_entities e set ${pending(sql, direction, request)}, bulk_task_id = ${taskId}
      where ${allOf(sql, platform, conditions)} and ${eligible(sql, direction)}
      returning 1
    )
    insert into platform_bulk_tasks (merchant_id, is_for_test, bulk_task_id, type, total_count, created_at)
    select ${platform.merchantId}, ${platform.isForTest}::boolean, ${taskId}::text, ${type}::text, count(*), ${now}::timestamptz
    from begun having count(*) > 0
    returning total_count as count`
  if (task) return { bulkTask: bulkTaskView(request, taskId, type, task.count) }
  return refuse(
    'PLATFORM_TARGET_PARTNER_NOT_FOUND',
    `No partner that the filter asks for can be ${direction === 'connect' ? 'connected' : 'disconnected'} now.`,
  )
}

/** The task as it begins: PortOne has no operation that reads one later. */
const bulkTaskView = (
  { platform, now }: PlatformRequest,
  id: string,
  type: PlatformBulkTaskType,
  count: number,
): PlatformBulkTask => ({
  id,
  graphqlId: graphqlId('BULK_TASK', id),
  status: 'PROCESSING',
  type,
  progressStats: { preparedCount: 0, processingCount: count, succeededCount: 0, failedCount: 0, canceledCount: 0 },
  isForTest: platform.isForTest,
  statusUpdatedAt: toIso(now),
  createdAt: toIso(now),
  updatedAt: toIso(now),
})
