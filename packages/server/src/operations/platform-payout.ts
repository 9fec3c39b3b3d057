import type { Handlers } from '../http/handler.ts'
import { beginOf } from '../kernel/days.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { dayProblem } from '../platform/datable.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { completePayout } from '../platform/payouts/complete.ts'
import { listPayouts } from '../platform/payouts/list.ts'
import { listBulkPayouts } from '../platform/payouts/list-bulk.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type PayoutOperationId =
  | 'getPlatformPayouts'
  | 'getPlatformBulkPayouts'
  | 'completePlatformPayoutByPartnerSettlementIds'

/** Payouts. An API secret may read them and say that one was paid elsewhere. It sends no money. */
export const platformPayoutOperations = (parts: PlatformParts): Pick<Handlers, PayoutOperationId> => ({
  getPlatformPayouts: onPlatform(
    parts,
    ({ platform }, { body }) => listPayouts(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),
  getPlatformBulkPayouts: onPlatform(
    parts,
    ({ platform }, { body }) => listBulkPayouts(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),

  completePlatformPayoutByPartnerSettlementIds: changingPlatform(
    parts,
    async (parts, request, { body, principal }) => {
      const { bulkPayoutId, name = bulkPayoutId, partnerSettlementIds, completedAt } = body
      const problem = dayProblem({ completedAt })
      if (problem) return problem
      const at = completedAt === undefined ? request.now : beginOf(completedAt)
      if (at > request.now) return refuse('INVALID_REQUEST', 'completedAt must not be in the future.')
      const completion = { bulkPayoutId, name, partnerSettlementIds, completedAt: at, actor: principal.secretId }
      const completed = await completePayout(parts.sql, request, completion)
      return completed instanceof Refusal ? completed : { ...completed }
    },
    ({ body }) => body.isForTest,
  ),
})
