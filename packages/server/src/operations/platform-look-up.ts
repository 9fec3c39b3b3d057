import type { Handlers } from '../http/handler.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { lookUpBusinesses } from '../platform/lookups/businesses.ts'
import { lookUpCompany, lookUpHolder } from '../platform/lookups/look-up.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { platformOf } from '../platform/platform.ts'
import { onPlatform } from './on-platform.ts'

/** Asking banks and the register of companies. */
export const platformLookUpOperations = (
  parts: PlatformParts,
): Pick<Handlers, 'getPlatformAccountHolder' | 'getPlatformCompanyState' | 'getB2bBusinessInfos'> => ({
  getPlatformAccountHolder: onPlatform(parts, (request, { path, query }) =>
    lookUpHolder(parts, request, { ...path, ...query }),
  ),
  getPlatformCompanyState: onPlatform(parts, (request, { path }) =>
    lookUpCompany(parts, request, path.businessRegistrationNumber),
  ),
  getB2bBusinessInfos: async (call) => {
    const request = await platformOf(parts, call.principal, call.query.test)
    if (!(request instanceof Refusal)) return await lookUpBusinesses(parts, request.platform, call.body.brnList)
    return request.body.type === 'PLATFORM_NOT_ENABLED' ? notEnabled : refuse('FORBIDDEN', request.body.message ?? '')
  },
})

/** Under this path PortOne speaks of another feature, which is one with partner settlement here. */
const notEnabled = refuse(
  'B2B_NOT_ENABLED',
  'Looking businesses up belongs to partner settlement, which is switched off for this merchant. The operator switches it on ' +
    'with `naru platform enable`.',
)
