import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/module.ts'
import { listSettlements } from '../platform/settlements/list.ts'
import { onPlatform } from './on-platform.ts'

/** Reading partner settlements. */
export const platformSettlementOperations = (
  parts: PlatformParts,
): Pick<Handlers, 'getPlatformPartnerSettlements'> => ({
  getPlatformPartnerSettlements: onPlatform(
    parts,
    ({ platform }, { body }) => listSettlements(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),
})
