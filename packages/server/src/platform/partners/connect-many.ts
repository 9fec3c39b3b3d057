import type { PlatformBulkTask, PlatformBulkTaskType, PlatformPartnerFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { toIso } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { notFound } from '../entities/lifecycle.ts'
import { ofKind } from '../entities/list.ts'
import { findEntities } from '../entities/store.ts'
import { allOf } from '../page.ts'
import { graphqlId, type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { type Direction, eligible, notEnabled, notePending, pending, unreachable } from './connect.ts'
import { networkFor } from './network.ts'
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
  const refused = await refusalOf(sql, request, filter, [...conditions, eligible(sql, direction)])
  if (refused) return refused
  const taskId = sortablePlatformId('btk')
  const type: PlatformBulkTaskType =
    direction === 'connect' ? 'CONNECT_MEMBER_COMPANIES' : 'DISCONNECT_MEMBER_COMPANIES'
  const [task] = await sql<{ count: number }[]>`
    with noted as (${notePending(sql, request)}), begun as (
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

/** A partner that is named and not there is a mistake; the network is asked about all companies at once. */
const refusalOf = async (
  sql: Sql,
  { platform }: PlatformRequest,
  { ids = [] }: PlatformPartnerFilterInput,
  conditions: readonly Fragment[],
) => {
  const known = await findEntities(sql, platform, 'PARTNER', ids)
  const missing = ids.find((id) => !known.has(id))
  if (missing !== undefined) return notFound('PARTNER', missing)
  const companies = await sql<{ number: string }[]>`
    select distinct e.content -> 'type' ->> 'businessRegistrationNumber' as number
    from platform_entities e where ${allOf(sql, platform, conditions)}`
  const network = networkFor(platform.store, platform.isForTest)
  const numbers = companies.map(({ number }) => number)
  return (await network.isReachable(numbers)) ? undefined : unreachable
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
