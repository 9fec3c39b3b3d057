import type { Handlers } from '../http/handler.ts'
import { beginOf } from '../kernel/days.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/module.ts'
import { completePayout } from '../platform/payouts/complete.ts'
import { deleteSettlements } from '../platform/settlements/delete.ts'
import { onPlatform } from './on-platform.ts'

type PayingOperationId = 'deletePlatformPartnerSettlements' | 'completePlatformPayoutByPartnerSettlementIds'

/** What an API secret may do about what was settled: delete it, or say that it was paid elsewhere. It lets no money go. */
export const platformPayingOperations = (parts: PlatformParts): Pick<Handlers, PayingOperationId> => ({
  deletePlatformPartnerSettlements: onPlatform(
    parts,
    (request, { body }) => deleteSettlements(parts.sql, request, body.partnerSettlementIds),
    ({ body }) => body.isForTest,
  ),

  completePlatformPayoutByPartnerSettlementIds: onPlatform(
    parts,
    async (request, { body, principal }) => {
      const { bulkPayoutId, name = bulkPayoutId, partnerSettlementIds, completedAt } = body
      const at = completedAt === undefined ? request.now : beginOf(completedAt)
      if (at > request.now) return refuse('INVALID_REQUEST', 'completedAt must not be in the future.')
      const completion = { bulkPayoutId, name, partnerSettlementIds, completedAt: at, actor: principal.secretId }
      const completed = await completePayout(parts.sql, request, completion)
      return completed instanceof Refusal ? completed : { ...completed }
    },
    ({ body }) => body.isForTest,
  ),
})
