import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { deleteSettlements } from '../platform/settlements/delete.ts'
import { listSettlements } from '../platform/settlements/list.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type SettlementOperationId = 'getPlatformPartnerSettlements' | 'deletePlatformPartnerSettlements'

/** What partners have earned. An API secret may read and delete it, but not pay it out. */
export const platformPartnerSettlementOperations = (parts: PlatformParts): Pick<Handlers, SettlementOperationId> => ({
  getPlatformPartnerSettlements: onPlatform(
    parts,
    ({ platform }, { body }) => listSettlements(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),

  deletePlatformPartnerSettlements: changingPlatform(
    parts,
    (parts, request, { body }) => deleteSettlements(parts.sql, request, body.partnerSettlementIds),
    ({ body }) => body.isForTest,
  ),
})
