import type { Handlers } from '../http/handler.ts'
import { lookUpCompany, lookUpHolder } from '../platform/lookups/look-up.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { onPlatform } from './on-platform.ts'

/** Asking banks and the register of companies. */
export const platformLookUpOperations = (
  parts: PlatformParts,
): Pick<Handlers, 'getPlatformAccountHolder' | 'getPlatformCompanyState'> => ({
  getPlatformAccountHolder: onPlatform(parts, (request, { path, query }) =>
    lookUpHolder(parts, request, { ...path, ...query }),
  ),
  getPlatformCompanyState: onPlatform(parts, (request, { path }) =>
    lookUpCompany(parts, request, path.businessRegistrationNumber),
  ),
})
